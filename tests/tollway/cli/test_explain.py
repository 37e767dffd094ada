"""`tollway explain`."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tollway.cli import cli

POLICY = """\
version: 1
access:
  - {name: frontier, deny: {model: ["*opus*", gpt-5-pro]}, unless: {role: [senior, lead]}}
  - {name: no-center, deny: {claim.center: "7"}}
  - {name: no-contractors, deny: {group: contractors}}
  - {name: no-apollo, deny: {tag.project: apollo, user: ann}}
identity: [{proxy_jwt: {issuer: "https://login.example.com/", audience: tollway}}]
claims: {user: email, role: "roles[0]", groups: groups, center: center}
limits:
  - {name: claude, match: {provider: anthropic}, amount: 5 USD, window: day}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "p.yaml"
    path.write_text(POLICY)
    return path


def explain(policy: Path, *args: str) -> Result:
    return CliRunner().invoke(cli, ["explain", str(policy), *args])


def test_a_call_that_is_denied_is_status_1_with_the_rules_line(policy: Path) -> None:
    ran = explain(policy, "--role", "intern", "--model", "anthropic/claude-opus-4-8")

    assert ran.exit_code == 1
    assert ran.stdout == (
        f"denied: the access rule frontier denies claude-opus-4-8 at anthropic (chat) ({policy}:3)\n"
        "limits: claude\n"
    )


def test_a_call_that_is_allowed_is_status_0(policy: Path) -> None:
    ran = explain(policy, "--role", "lead", "--model", "anthropic/claude-opus-4-8")

    assert (ran.exit_code, ran.stdout) == (
        0,
        "allowed: no access rule denies it\n"
        "limits: claude\n"
        f"  claude ({policy}:10): hard, 5 USD a day, 100% left\n"
        "    then: clamp, wait 3s, block\n",
    )


def test_json_has_the_same_keys_each_time(policy: Path) -> None:
    ran = explain(policy, "--provider", "openai", "--model", "gpt-5", "--format", "json")

    assert ran.exit_code == 0
    found = json.loads(ran.stdout)
    assert found.pop("circumstances").keys() == {"day", "time", "size", "stream", "tools", "images"}
    assert found == {
        "allowed": True,
        "rule": None,
        "by": "default",
        "why": "no access rule denies it",
        "rules": [],
        "limits": [],
        "refused": None,
        "target": "openai/gpt-5",
        "set": {},
        "on_failure": None,
        "who": None,
        "steps": [],
        "held_by": [],
        "rates": [],
        "guarded": [],
        "cached": None,
        "kept": None,
    }


@pytest.mark.parametrize(
    ("args", "rule"),
    [
        (["--claim", "center=7"], "no-center"),
        (["--group", "a", "--group", "contractors"], "no-contractors"),
        (["--group", "?"], "no-contractors"),
        (["--user", "ann", "--tag", "project=apollo"], "no-apollo"),
        (["--model", "anthropic/claude-opus-4.8"], "frontier"),
    ],
)
def test_everything_that_a_rule_asks_for_can_be_said(policy: Path, args: list[str], rule: str) -> None:
    ran = explain(policy, "--model", "openai/gpt-5", *args, "--format", "json")

    assert (ran.exit_code, json.loads(ran.stdout)["rule"]) == (1, rule)


@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["--network", "10.30.0.0/16"], 1),
        (["--network", "10.40.0.0/16"], 0),
        (["--network", "10.40.0.0/16", "--role", "intern"], 1),
        (["--network", "10.40.7.1"], 0),
        (["--network", "10.50.0.1"], 1),
        (["--network", "10.40.0.0/16", "--operation", "embeddings"], 1),
        (["--network", "10.40.0.0/16", "--group", "b", "--operation", "embeddings"], 0),
    ],
)
def test_a_network_says_who_calls_as_it_does_live(tmp_path: Path, args: list[str], status: int) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("""\
version: 1
identity:
  - networks: {10.30.0.0/16: {role: intern}, 10.40.0.0/16: {role: senior, groups: [a]}}
access:
  - {deny: {model: "*opus*"}, unless: {role: senior}}
  - {deny: {operation: embeddings, group: a}}
""")

    assert explain(path, "--model", "anthropic/claude-opus-4-8", *args).exit_code == status


def test_a_provider_that_is_named_leaves_the_model_as_it_is(policy: Path) -> None:
    ran = explain(policy, "--provider", "openrouter", "--model", "anthropic/claude-haiku-4.5")

    assert (ran.exit_code, ran.stdout) == (0, "allowed: no access rule denies it\nlimits: none\n")


@pytest.mark.parametrize("model", ["OpenAI/gpt-5", "openai/gpt-5"])
def test_a_provider_is_known_in_any_case(policy: Path, model: str) -> None:
    for args in (["--model", model], ["--provider", model.partition("/")[0], "--model", "gpt-5"]):
        ran = explain(policy, *args, "--format", "json")

        assert (ran.exit_code, json.loads(ran.stdout)["target"]) == (0, "openai/gpt-5")


def test_a_network_that_the_policy_lacks_is_wrong_use(degrade: Path) -> None:
    ran = explain(degrade, "--network", "10.30.0.0/8")

    assert (ran.exit_code, "did you mean 10.30.0.0/16?" in ran.stderr) == (2, True)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--model", "gpt-5"], "the policy asks for the provider"),
        (["--provider", "opnai"], "no provider is called 'opnai': did you mean openai?"),
        (["--model", "opnai/gpt-5"], "no provider is called 'opnai': did you mean openai?"),
        (["--model", "openai/"], "write a model as gpt-5 or openai/gpt-5, not 'openai/'"),
        (["--model", ""], "is empty: leave it out, if the call lacks it"),
        (["--provider", "openai", "--user", " "], "is empty: leave it out, if the call lacks it"),
        (["--provider", "openai", "--network", "10.0.0.0/8"], "'10.0.0.0/8': there are none"),
        (["--provider", "openai", "--operation", "zz"], "no operation is called 'zz'"),
        (["--claim", "center"], "'center' is not NAME=VALUE"),
        (["--claim", "Center=7"], "write a claim's name in a-z"),
        (["--tag", "x"], "is not a tag"),
        (["--set", "time"], "'time' is not NAME=VALUE"),
        (["--set", "tme=9:00"], "nothing that can be set is called 'tme': did you mean time?"),
        (["--set", "time=9:00"], "time: write a time of day as 23:00, not '9:00'"),
        (
            ["--provider", "openai", "--set", "budget.left.clade=0.1"],
            "no limit is called 'clade': did you mean claude?",
        ),
    ],
)
def test_wrong_use_is_status_2(policy: Path, args: list[str], said: str) -> None:
    ran = explain(policy, *args)

    assert ran.exit_code == 2
    assert said in ran.stderr


def test_where_no_rule_asks_for_the_provider_none_has_to_be_named(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("version: 1\naccess: [{deny: {model: '*opus*'}, unless: {role: lead}}]\n")

    assert explain(path, "--model", "claude-opus-4-8").exit_code == 1
    assert explain(path, "--role", "lead").exit_code == 0


DEGRADE = """\
version: 1
timezone: Europe/Berlin
identity: [{networks: {10.30.0.0/16: {team: research}}}]
limits:
  - name: team-month
    per: team
    amount: 3000 USD
    window: month
    at: {80%: {route: economy}}
routes:
  economy: [{from: "claude-opus-*", when: {stream: true}, to: anthropic/claude-haiku-4-5}]
  night: [{from: "claude-*", when: {time: 22:00-06:00, days: sat}, to: anthropic/claude-haiku-4-5}]
always: [{route: night}]
on_request: [{match: {team: research}, routes: [economy]}]
"""


@pytest.fixture
def degrade(tmp_path: Path) -> Path:
    path = tmp_path / "p.yaml"
    path.write_text(DEGRADE)
    return path


OPUS = ("--model", "anthropic/claude-opus-4-8", "--team", "research")


def test_the_tree_shows_what_was_taken_and_why(degrade: Path) -> None:
    said = ["budget.left=0.10", "time=12:00", "day=sat", "stream=true", "tools=true", "size=120000"]
    ran = explain(degrade, *OPUS, *[word for one in said for word in ("--set", one)])

    assert (ran.exit_code, ran.stdout) == (
        0,
        f"""\
allowed: no access rule denies it
comes: sat 12:00, 120 KB, stream, tools, no images
always[0] ({degrade}:13): route night
  from claude-* ({degrade}:12): no: time must be 22:00-06:00, and is 12:00
  leads nowhere: no rule of it sends anthropic/claude-opus-4-8 on
team-month at 80% ({degrade}:9): route economy
  from claude-opus-* ({degrade}:11): yes: anthropic/claude-haiku-4-5
  leads to anthropic/claude-haiku-4-5
  a conversation with a prompt cache may wait, where it would lose more than it saves
goes to: anthropic/claude-haiku-4-5
limits: team-month
  team-month ({degrade}:5): hard, 3000 USD a month per team, 10% left
    at 80%: route economy, reached
    then: clamp, wait 3s, block
""",
    )


@pytest.mark.parametrize(
    ("args", "target"),
    [
        (["time=23:00", "day=sat"], "anthropic/claude-haiku-4-5"),
        (["time=23:00", "day=sun"], "anthropic/claude-opus-4-8"),
        (["time=12:00", "budget.left.team-month=0.2", "stream=true"], "anthropic/claude-haiku-4-5"),
        (["time=12:00", "budget.left.team-month=21%", "stream=true"], "anthropic/claude-opus-4-8"),
    ],
)
def test_json_says_where_it_goes(degrade: Path, args: list[str], target: str) -> None:
    sets = [word for one in args for word in ("--set", one)]
    ran = explain(degrade, *OPUS, *sets, "--format", "json")

    assert (ran.exit_code, json.loads(ran.stdout)["target"]) == (0, target)


def test_a_route_that_is_asked_for_is_explained(degrade: Path) -> None:
    ran = explain(degrade, *OPUS, "--route", "economy", "--set", "stream=true")

    assert f"on_request[0] ({degrade}:14): route economy\n" in ran.stdout


def test_a_route_that_may_not_be_asked_for_is_status_1(degrade: Path) -> None:
    ran = explain(degrade, *OPUS, "--route", "night")

    said = "no route 'night' may be asked for with this call (x-tollway-route): there are economy"
    assert (ran.exit_code, ran.stdout) == (1, f"refused: Tollway: {said}\n")


def test_where_there_are_routes_the_provider_has_to_be_named(degrade: Path) -> None:
    ran = explain(degrade, "--model", "claude-opus-4-8")

    assert (ran.exit_code, "the policy asks for the provider" in ran.stderr) == (2, True)
    assert explain(degrade, "--team", "research").exit_code == 0  # a call without a model takes none


FAILOVER = Path(__file__).parents[3] / "policies" / "failover.yaml"


def test_a_chain_is_told_of_the_policy_that_has_one() -> None:
    ran = explain(FAILOVER, "--model", "openai/gpt-5", "--set", "images=true", "--set", "time=12:00")

    assert ran.exit_code == 0
    assert ran.stdout.partition("goes to: ")[2] == (
        "openai/gpt-5\n  on 429, 5xx, connect, timeout 1m: tried once more\nlimits: none\n"
    )
    assert "not groq/openai/gpt-oss-120b: it shows images, and openai/gpt-oss-120b sees none" in ran.stdout


def test_the_readmes_example_is_denied(tmp_path: Path) -> None:
    """As it says."""
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    (text,) = re.findall(r"```yaml\n([^`]*name: frontier[^`]*)```", readme)
    path = tmp_path / "p.yaml"
    path.write_text(text)

    ran = explain(path, "--role", "intern", "--model", "anthropic/claude-opus-4-8")

    assert ran.exit_code == 1
    assert "denied: the access rule frontier denies" in ran.stdout


def test_it_says_which_texts_are_kept(tmp_path: Path) -> None:
    """Of the call as it leaves: a route may lead it to where they are."""
    policy = tmp_path / "p.yaml"
    policy.write_text(
        "version: 1\nrecord:\n  - {name: audit, match: {provider: openai}}\n  - {in: response, keep: 1d}\n"
    )

    audited, other = explain(policy, "--model=openai/gpt-5"), explain(policy, "--model=mistral/m")

    assert f"kept: its texts, for 30d, by audit ({policy}:3)" in audited.stdout
    assert f"kept: its response, for 1d, by record[1] ({policy}:4)" in other.stdout
