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

    assert (ran.exit_code, ran.stdout) == (0, "allowed: no access rule denies it\nlimits: claude\n")


def test_json_has_the_same_keys_each_time(policy: Path) -> None:
    ran = explain(policy, "--provider", "openai", "--model", "gpt-5", "--format", "json")

    assert ran.exit_code == 0
    assert json.loads(ran.stdout) == {
        "allowed": True,
        "rule": None,
        "by": "default",
        "why": "no access rule denies it",
        "rules": [],
        "limits": [],
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
        (["--network", "10.50.0.0/16"], 1),
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


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--model", "gpt-5"], "the policy asks for the provider"),
        (["--provider", "opnai"], "no provider is called 'opnai': did you mean openai?"),
        (["--provider", "openai", "--operation", "zz"], "no operation is called 'zz'"),
        (["--claim", "center"], "'center' is not NAME=VALUE"),
        (["--claim", "Center=7"], "write a claim's name in a-z"),
        (["--tag", "x"], "is not a tag"),
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


def test_the_readmes_example_is_denied(tmp_path: Path) -> None:
    """As it says."""
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    (text,) = re.findall(r"```yaml\n([^`]*name: frontier[^`]*)```", readme)
    path = tmp_path / "p.yaml"
    path.write_text(text)

    ran = explain(path, "--role", "intern", "--model", "anthropic/claude-opus-4-8")

    assert ran.exit_code == 1
    assert "denied: the access rule frontier denies" in ran.stdout
