"""Every file in policies/ loads, and its README documents the whole language."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from msgspec.structs import replace

from tests.simulator import Scenario, Simulator, Usage
from tests.tollway.admitting import NOW_US, REQUEST, asked, candidate, governing, keeping
from tests.tollway.caching.asked import question, responses
from tests.tollway.road import road as running_road
from tollway.admission import Admission, Admitted
from tollway.budget.attributes import UNKNOWN_GROUPS
from tollway.caching.place import Place, place
from tollway.caching.question import Question
from tollway.caching.wishes import NO_WISHES
from tollway.candidate import Candidate
from tollway.governing import Governing
from tollway.identity.bearer import bearer
from tollway.ledger.sqlite import SqliteLedger
from tollway.model import CallRecord, Cost, Endpoint, Identity, Kind
from tollway.money import NANO
from tollway.policy.load import load
from tollway.policy.schema import Policy
from tollway.providers.schema import Habit
from tollway.waiting import Line

POLICIES = Path(__file__).parent.parent / "policies"
README = (POLICIES / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def keys(schema: dict[str, Any]) -> set[str]:
    """All keys that a JSON Schema has, its definitions' included."""
    definitions = (definition.get("properties", {}) for definition in schema["$defs"].values())
    return set(schema["properties"]).union(*definitions)


@pytest.mark.parametrize("path", sorted(POLICIES.glob("*.yaml")), ids=lambda path: path.name)
def test_each_policy_loads(path: Path) -> None:
    """A policy that the project ships is sound."""
    assert load(path.read_text("utf-8"), path.name).version == 1


def test_default_policy_says_what_holds_without_one() -> None:
    """default.yaml is the default written out."""
    assert load((POLICIES / "default.yaml").read_text("utf-8"), "default.yaml") == Policy(version=1)


def test_default_policy_without_its_marks_is_sound() -> None:
    """What default.yaml offers behind `#` loads once the `#` is removed."""
    text = (POLICIES / "default.yaml").read_text("utf-8")
    offered = re.sub(r"(?m)^# (?=faults:|providers:|prices:|  )", "", text)

    policy = load(offered, "default.yaml")

    assert policy.faults == Policy(version=1).faults
    assert [row.name for row in policy.providers] == ["vllm"]
    assert len(policy.prices) == 1


@pytest.mark.parametrize("text", EXAMPLES)
def test_each_example_of_the_readme_loads(text: str) -> None:
    """The README's examples are policies."""
    assert load(text, "README.md").version == 1


async def test_a_row_alone_makes_a_provider_metered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's example of a provider that speaks known formats, called for real in two of them."""
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path / "home"))
    (policy,) = [text for text in EXAMPLES if "corp-llm" in text]
    chat = {"model": "corp-large", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 9}
    (tmp_path / "simulator").mkdir()
    async with Simulator(tmp_path / "simulator") as sim:
        sim.on("llm.corp.example", "/*", Scenario(usage=Usage(input_tokens=1000, output_tokens=10)))
        async with running_road(tmp_path, sim, policy=policy, hosts=("llm.corp.example",)) as road:
            async with road.client() as client:
                for path in ("/openai/v1/chat/completions", "/anthropic/v1/messages"):
                    assert (await client.post(f"https://llm.corp.example{path}", json=chat)).is_success
            calls = await road.calls(2)

    assert [(call.provider, call.operation, call.model) for call in calls] == [
        ("corp-llm", "chat", "corp-large")
    ] * 2
    assert [call.cost.nano for call in calls] == [1000 * 250 + 10 * 1000] * 2
    assert not any(call.cost.flags for call in calls)


def test_readme_documents_every_key() -> None:
    """Each key of the language stands in the first column of one of the README's tables."""
    documented = {
        key for row in re.findall(r"(?m)^\| (`.*?`) \|", README) for key in re.findall(r"`(\w+)`", row)
    }
    mentioned = set(re.findall(r"`(\w+)`", README))
    language = keys(Policy.model_json_schema())

    assert language - mentioned == set()
    assert documented - language == set()


def test_readme_has_an_example_of_every_key_of_limits_and_what_they_need() -> None:
    """What providers and prices say of rare things is in their tables alone."""
    rare = {"Row", "Rule", "Serves", "Override"}
    definitions = Policy.model_json_schema()["$defs"]
    language = {key for name in definitions.keys() - rare for key in definitions[name].get("properties", {})}

    assert language - {key for text in EXAMPLES for key in used(yaml.safe_load(text))} == set()


def used(value: Any) -> Iterator[str]:
    """All keys of a document's mappings; YAML 1.1 takes `on` for a truth, which policies do not."""
    if isinstance(value, dict):
        yield from ("on" if key is True else key for key in value)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from used(inner)


def test_readme_names_every_value_of_a_fault() -> None:
    """Each setting's values stand in its row, the default first."""
    faults = Policy.model_json_schema()["$defs"]["Faults"]["properties"]
    for key, schema in faults.items():
        row = re.search(rf"(?m)^\| `{key}` \| (.*?) \|", README[README.index("\n## faults\n") :])
        assert row is not None
        values = schema.get("enum", [])
        assert re.findall(r"`(\w+)`", row[1]) == values


@pytest.mark.parametrize("habit", get_args(Habit))
def test_readme_names_every_habit(habit: str) -> None:
    assert f"`{habit}`: " in README


WHO: dict[str, tuple[str, dict[str, Any], Identity]] = {
    "cloudflare-access.yaml": (
        "header_jwt",
        {"email": "ann@acme.example", "type": "app", "country": "DE"},
        Identity(user="ann@acme.example"),
    ),
    "entra.yaml": (
        "proxy_jwt",
        {"oid": "0-1", "tid": "7", "roles": ["intern"], "hasgroups": True, "preferred_username": "ann@acme"},
        Identity(user="0-1", role="intern", groups=UNKNOWN_GROUPS, attributes={"address": "ann@acme"}),
    ),
    "okta.yaml": (
        "proxy_jwt",
        {"sub": "ann@acme.example", "groups": ["team-search", "team-ads", "Everyone"]},
        Identity(user="ann@acme.example", team="search", groups=("ads", "search")),
    ),
    "google.yaml": ("proxy_jwt", {"email": "ann@acme.example"}, Identity(user="ann@acme.example")),
    "github-actions.yaml": (
        "proxy_jwt",
        {
            "repository": "acme/site",
            "repository_owner": "acme",
            "workflow": "review",
            "ref": "refs/heads/main",
        },
        Identity(service="acme/site", team="acme", attributes={"workflow": "review"}),
    ),
}
"""What the claims of a token of each provider make of its bearer."""


@pytest.mark.parametrize("name", WHO)
def test_a_worked_example_knows_its_callers(name: str) -> None:
    kind, claims, who = WHO[name]
    policy = load((POLICIES / name).read_text("utf-8"), name)

    found = bearer(kind, policy.claims, claims)
    assert found == replace(who, source=kind, verified=True)
    assert [source for source in policy.identity if getattr(source, kind) is not None]


CI = Identity(service="ci", verified=True)
MESSAGES = Endpoint(
    kind=Kind.INFERENCE, provider="anthropic", host="api.anthropic.com", operation="chat",
    dialect="anthropic_messages", errors="anthropic_messages",
)  # fmt: skip
NOON, NIGHT, SATURDAY = (datetime(2026, 11, *when, tzinfo=UTC) for when in ((24, 11), (24, 22), (28, 11)))
"""Of them, the first two are a Tuesday's; Berlin is an hour ahead."""


@cache
def example(name: str) -> Governing:
    """A worked example, in force."""
    return governing((POLICIES / name).read_text("utf-8").replace("version: 1\n", "", 1))


def served(name: str, model: str, at: datetime = NOON, session: str = "", **known: Any) -> str | None:
    """The model that a worked example has a call of Claude go to."""
    policy = example(name)
    more: dict[str, Any] = {name: known.pop(name) for name in ("stream", "system") if name in known}
    said = {"model": model, "max_tokens": 9, "messages": [], "metadata": {"user_id": session}}
    body: dict[str, Any] = {**said, **more}
    call = asked(body, endpoint=MESSAGES, **known)
    call.started_us = int(at.timestamp()) * 1_000_000
    found, _ = policy.sent(candidate(policy, call), lambda: replace(REQUEST, path="/v1/messages"))
    return found.row.model


def test_the_canary_gets_a_tenth_of_the_conversations() -> None:
    models = [served("canary.yaml", "claude-sonnet-4-5", session=f"s{i}") for i in range(300)]

    assert 10 < models.count("claude-sonnet-5") < 60
    assert {*models} == {"claude-sonnet-5", "claude-sonnet-4-5"}
    assert served("canary.yaml", "claude-haiku-4-5") == "claude-haiku-4-5"


@pytest.mark.parametrize(
    ("model", "known", "goes_to"),
    [
        ("claude-opus-4-8", {"at": NOON}, "claude-opus-4-8"),
        ("claude-opus-4-8", {"at": NIGHT}, "claude-sonnet-5"),
        ("claude-opus-4-8", {"at": NIGHT, "stream": True}, "claude-opus-4-8"),
        ("claude-opus-4-8", {"at": SATURDAY}, "claude-sonnet-5"),
        ("claude-sonnet-4-5", {"at": NIGHT}, "claude-sonnet-4-5"),
        ("claude-sonnet-4-5", {"identity": CI, "system": "x" * 200_000}, "claude-haiku-4-5"),
        ("claude-sonnet-4-5", {"identity": CI}, "claude-sonnet-4-5"),
    ],
)
def test_nights_and_long_requests_of_ci_are_cheap(model: str, known: dict[str, Any], goes_to: str) -> None:
    assert served("nightly.yaml", model, **known) == goes_to


def test_who_has_spent_the_day_s_dollars_goes_on_at_a_model_of_our_own() -> None:
    """Asked in another dialect, with another key; but for what that has nothing like."""
    text = (POLICIES / "economy.yaml").read_text("utf-8").replace("version: 1\n", "", 1)
    policy = governing(text, {"VLLM_KEY": "made-up"})
    said = {"model": "claude-opus-4-8", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
    found = []
    for more in ({}, {"top_k": 5}):
        first = candidate(policy, asked({**said, **more}, endpoint=MESSAGES))
        ways = policy.ways(first, lambda: replace(REQUEST, path="/v1/messages"), lambda: 0)
        found.append(ways.route(first, "economy", frozenset(), ()))

    assert isinstance(found[0], Candidate)
    assert (found[0].row.provider, found[0].row.model) == ("vllm", "qwen3-coder")
    assert found[0].call.endpoint.dialect == "openai_chat"
    assert found[1] == "vllm/qwen3-coder: top_k: OpenAI Chat has nothing like it"


@pytest.mark.parametrize("failures", [1, 2])
async def test_an_outage_is_bridged_by_another_provider(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    """After one more try where it is."""
    monkeypatch.setenv("TOLLWAY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GROQ_API_KEY", "made-up-groq-key")
    policy = (POLICIES / "failover.yaml").read_text("utf-8")
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": "hi"}]}
    (tmp_path / "simulator").mkdir()
    async with Simulator(tmp_path / "simulator") as sim:
        sim.on("api.openai.com", "*", Scenario(status=503), times=failures)
        async with running_road(tmp_path, sim, policy=policy) as road, road.client() as client:
            answer = await client.post("https://api.openai.com/v1/chat/completions", json=body)

    there = "openai/gpt-5" if failures == 1 else "groq/openai/gpt-oss-120b"
    assert answer.status_code == 200
    assert answer.headers["x-tollway-route"] == " -> ".join([*["openai/gpt-5 (503)"] * failures, there])


async def degraded(ledger: SqliteLedger, id: str, usd: int, **known: Any) -> str | None:
    """The model that a call of Opus goes to once research has spent so much of its month; None: to none."""
    policy, request = example("degrade.yaml"), replace(REQUEST, path="/v1/messages")
    body = {"model": "claude-opus-4-8", "max_tokens": 1000, "messages": []}
    research = Identity(team="research", verified=True)
    spent = asked(body, "spent", MESSAGES, identity=research)
    row = replace(candidate(policy, spent).row, state="done", cost=Cost(output_nano=usd * NANO))
    await ledger.settle(row)
    first = candidate(policy, asked(body, id, MESSAGES, **{"identity": research, **known}))
    sent, _ = policy.sent(first, lambda: request)
    ways = policy.ways(first, lambda: request, lambda: NOW_US)
    outcome = await Admission(ledger, Line(), ways, lambda: NOW_US).run(sent)
    return outcome.candidate.row.model if isinstance(outcome, Admitted) else None


async def test_a_teams_calls_degrade_at_its_levels_and_end_at_its_limit(tmp_path: Path) -> None:
    """80% of 3,000 USD are 2,400, and 95% are 2,850. Another team has a month of its own."""
    other = Identity(team="platform", verified=True)
    async with keeping(tmp_path / "ledger.db", example("degrade.yaml")) as ledger:
        models = [await degraded(ledger, f"c{usd}", usd) for usd in (0, 2_399, 2_400, 2_850, 3_000)]
        others = await degraded(ledger, "other", 3_000, identity=other)

    expected = ["claude-opus-4-8", "claude-opus-4-8", "claude-sonnet-5", "claude-haiku-4-5", None]
    assert (models, others) == (expected, "claude-opus-4-8")


async def test_research_may_save_before_it_has_to(tmp_path: Path) -> None:
    async with keeping(tmp_path / "ledger.db", example("degrade.yaml")) as ledger:
        assert await degraded(ledger, "c1", 0, wish="economy") == "claude-sonnet-5"


def place_of(name: str, call: Question, **known: Any) -> Place | str:
    """Where a policy has an answer kept."""
    rules = example(name).cache
    assert rules is not None
    row = CallRecord(
        id="x", state="open", started_us=0, operation=call.endpoint.operation, model=call.asked.model, **known
    )
    offer = rules.offer(row)
    return offer if isinstance(offer, str) else place(call, offer, NO_WISHES)


VECTOR = question(
    {"model": "text-embedding-3-small", "input": "so it is"},
    operation="embeddings",
    dialect="openai_embeddings",
)


def test_everybody_has_the_embedding_that_anybody_asked_for() -> None:
    """And nothing else is cached."""
    name = "embeddings-cache.yaml"

    first = place_of(name, VECTOR, user="ann", client="10.1.1.1", credential="f1")

    assert isinstance(first, Place)
    assert place_of(name, VECTOR, client="127.0.0.1") == first
    assert isinstance(place_of(name, question(), user="ann"), str)


def test_runs_of_evaluations_share_and_people_do_not() -> None:
    """What a run says of itself does not count."""
    name, ci = "evaluation-cache.yaml", {"service": "ci", "team": "platform", "verified": True}
    one, other, changed = (
        responses(metadata={"run": run}, temperature=heat) for run, heat in (("1", 0), ("2", 0), ("2", 1))
    )

    first = place_of(name, one, **ci)

    assert isinstance(first, Place)
    assert first.offer.scope == "team platform"
    assert place_of(name, other, **ci) == first
    assert place_of(name, changed, **ci) != first
    assert isinstance(place_of(name, one, service="ci", team="platform"), str)
    assert isinstance(place_of(name, one, user="ann", team="platform", verified=True), str)


async def test_a_loop_of_one_team_is_nobody_elses_trouble(tmp_path: Path) -> None:
    """Fifty of its calls come in one burst, sixteen at one time: the ends of these make room for more."""
    text = (POLICIES / "rates.yaml").read_text("utf-8").replace("version: 1\n", "", 1)
    policy, line = governing(re.sub(r"wait \d+s, ", "", text)), Line()

    async def admitted(ledger: SqliteLedger, id: str, team: str) -> Admitted | None:
        call = asked(id=id, identity=Identity(team=team, verified=True))
        first = candidate(policy, call)
        ways = policy.ways(first, lambda: REQUEST, lambda: NOW_US)
        outcome = await Admission(ledger, line, ways, lambda: NOW_US).run(first)
        return outcome if isinstance(outcome, Admitted) else None

    async with keeping(tmp_path / "ledger.db", policy) as ledger:
        taken = []
        for round in range(4):
            found = [await admitted(ledger, f"r{round}-{n}", "research") for n in range(20)]
            taken.append(sum(one is not None for one in found))
            for one in filter(None, found):
                await ledger.settle(replace(one.candidate.row, state="done", status=200))
        other = await admitted(ledger, "p", "platform")

    assert taken == [16, 16, 16, 2]
    assert other is not None


def test_every_worked_example_is_tried() -> None:
    tried = {
        *WHO,
        "canary.yaml",
        "nightly.yaml",
        "degrade.yaml",
        "economy.yaml",
        "failover.yaml",
        "guardrails.yaml",
        "rates.yaml",
        "default.yaml",
        "embeddings-cache.yaml",
        "evaluation-cache.yaml",
    }
    assert {path.name for path in POLICIES.glob("*.yaml")} == tried
