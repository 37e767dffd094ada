"""Coding agents that log in: what a plan covers is metered and attributed, and nothing of it is changed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import zstandard
from click.testing import CliRunner

from tests.simulator import Scenario, Simulator, Usage
from tests.tollway.road import HOSTS, Road
from tests.tollway.road import road as running_road
from tollway.cli.report import command as report
from tollway.cli.top import command as top
from tollway.model import Billing, Source

TALK = [{"role": "user", "content": "mend the bug"}]
SESSION, ACCOUNT = "0e1f2a3b-4c5d-6e7f-8a9b-0c1d2e3f4a5b", "11111111-2222-4333-8444-555555555555"
TOKEN = "-".join(["sk", "ant", "oat01", "made", "up"])
SAYS = {
    "claude": (
        ("anthropic-ratelimit-unified-5h-utilization", "0.42"),
        ("anthropic-ratelimit-unified-5h-reset", "7000000000"),
        ("anthropic-ratelimit-unified-7d-utilization", "0.17"),
    ),
    "codex": (
        ("x-codex-plan-type", "pro"),
        ("x-codex-primary-used-percent", "12.5"),
        ("x-codex-primary-window-minutes", "300"),
        ("x-codex-credits-balance", "9.99"),
    ),
    "gemini": (),
    "copilot": (("x-quota-snapshot-premium_interactions", "ent=1500&rem=31.3"),),
}
"""What each provider says of the plan in the head of its answers."""


class Client(NamedTuple):
    """An agent: what it sends."""

    url: str
    body: dict[str, Any]
    headers: Mapping[str, str]
    account: str | None
    coding: str = ""

    def content(self, body: Mapping[str, Any] | None = None) -> bytes:
        """The bytes of a request, spaced as no writer of ours would."""
        text = json.dumps(body or self.body, indent=1).encode()
        return zstandard.compress(text) if self.coding else text

    async def ask(self, road: Road, body: Mapping[str, Any] | None = None, **more: str) -> httpx.Response:
        """Send one; `more`: headers, with _ for -."""
        extra = {name.replace("_", "-"): value for name, value in more.items()}
        coding = {"content-encoding": self.coding} if self.coding else {}
        headers = {"content-type": "application/json", **self.headers, **coding, **extra}
        async with road.client() as client:
            return await client.post(self.url, content=self.content(body), headers=headers)


CLAUDE = Client(
    "https://api.anthropic.com/v1/messages?beta=true",
    {
        "model": "claude-opus-4-8", "max_tokens": 32_000, "messages": TALK, "stream": True,
        "metadata": {"user_id": f"user_{'ab' * 32}_account_{ACCOUNT}_session_{SESSION}"},
    },
    {
        "authorization": f"Bearer {TOKEN}", "anthropic-beta": "claude-code-20250219,oauth-2025-04-20",
        "user-agent": "claude-cli/2.1.0 (external, cli)",
    },
    ACCOUNT,
)  # fmt: skip
CODEX = Client(
    "https://chatgpt.com/backend-api/codex/responses",
    {"model": "gpt-5.3-codex", "input": TALK, "stream": True, "store": False, "prompt_cache_key": SESSION},
    {
        "authorization": "Bearer made-up.log-in.token", "chatgpt-account-id": ACCOUNT, "session-id": SESSION,
        "user-agent": "codex_cli_rs/0.150.0", "originator": "codex_cli_rs",
    },
    ACCOUNT,
    "zstd",
)  # fmt: skip
GEMINI = Client(
    "https://cloudcode-pa.googleapis.com/v1internal:streamGenerateContent?alt=sse",
    {
        "model": "gemini-2.5-pro", "project": "tolls-1", "user_prompt_id": "p1",
        "request": {"contents": [{"role": "user", "parts": [{"text": "mend"}]}], "session_id": SESSION},
    },
    {"authorization": "Bearer ya29.made-up", "user-agent": "GeminiCLI/1.0.0"},
    "tolls-1",
)  # fmt: skip
COPILOT = Client(
    "https://api.githubcopilot.com/chat/completions",
    {"model": "gpt-5-mini", "messages": TALK, "stream": True},
    {
        "authorization": "Bearer tid=made-up;exp=1", "copilot-integration-id": "vscode-chat",
        "vscode-sessionid": SESSION, "user-agent": "GitHubCopilotChat/0.50.0",
    },
    None,
)  # fmt: skip
CLIENTS = {"claude": CLAUDE, "codex": CODEX, "gemini": GEMINI}
EVERY = (*HOSTS, "api.githubcopilot.com")
USED = Usage(input_tokens=1000, output_tokens=200)


@pytest.mark.parametrize("name", CLIENTS)
async def test_it_is_metered_at_list_price_and_attributed_to_account_and_session(
    road: Road, name: str
) -> None:
    client = CLIENTS[name]
    road.sim.scenario = Scenario(usage=USED, headers=SAYS[name])

    answer = await client.ask(road)

    record = await road.call()
    assert answer.status_code == 200
    assert (record.usage.input_tokens, record.usage.output_tokens) == (1000, 200)
    assert (record.billing, record.cost.source) == (Billing.NOTIONAL, Source.COMPUTED)
    assert record.cost.nano > 0
    assert (record.account, record.session) == (client.account, SESSION)


@pytest.mark.parametrize("name", [*CLIENTS, "copilot"])
async def test_body_and_credentials_reach_the_provider_byte_for_byte(
    tmp_path: Path, home: Path, sim: Simulator, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under all that changes other calls: a hard limit, a route, the company's own keys."""
    client = {**CLIENTS, "copilot": COPILOT}[name]
    monkeypatch.setenv("COMPANY_KEY", "the-companys")
    policy = """
version: 1
limits: [{name: day, amount: 1000000 tokens, window: day, then: [clamp, {route: cheap}, block]}]
credentials:
  anthropic: {inject: env:COMPANY_KEY}
  chatgpt: {inject: env:COMPANY_KEY}
  copilot: {inject: env:COMPANY_KEY}
routes: {cheap: [{from: "*", to: same, set: {temperature: 0}}]}
always: [{match: {}, route: cheap}]
"""
    async with running_road(tmp_path, sim, policy=policy, hosts=EVERY) as road:
        answer = await client.ask(road)
    (seen,) = sim.seen

    assert answer.status_code == 200
    assert seen.raw == client.content()
    sent = {"content-type": "application/json", **client.headers}
    assert {name: seen.header(name) for name in sent} == sent


@pytest.mark.parametrize("name", CLIENTS)
async def test_tokens_and_requests_are_limited_and_dollars_only_if_the_limit_says_so(
    tmp_path: Path, home: Path, sim: Simulator, name: str
) -> None:
    """The refusal is one that the agent shows, and does not try again in vain."""
    client, found = CLIENTS[name], dict[str, tuple[int, int]]()
    for said in (
        "{name: a, amount: 0.000001 USD, window: day, enforce: soft}",
        "{name: a, amount: 0.000001 USD, window: day, enforce: soft, notional: true}",
        "{name: a, amount: 1 requests, window: day}",
        "{name: a, amount: 1 tokens, window: day, enforce: soft}",
    ):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        async with running_road(folder, sim, policy=f"version: 1\nlimits: [{said}]") as road:
            first = await client.ask(road)
            await road.calls(1)
            second = await client.ask(road)
        found[said.removeprefix("{name: a, amount: ")] = (first.status_code, second.status_code // 100)

    assert found == {
        "0.000001 USD, window: day, enforce: soft}": (200, 2),
        "0.000001 USD, window: day, enforce: soft, notional: true}": (200, 4),
        "1 requests, window: day}": (200, 4),
        "1 tokens, window: day, enforce: soft}": (200, 4),
    }


@pytest.mark.parametrize(
    ("name", "gauges"),
    [
        ("claude", {"5h": 42.0, "7d": 17.0}),
        ("codex", {"primary": 12.5}),
    ],
)
async def test_the_plans_own_gauges_are_in_top(road: Road, name: str, gauges: dict[str, float]) -> None:
    """For programs, for people, and in the metrics: the last that the provider said."""
    client = CLIENTS[name]
    road.sim.scenario = Scenario(headers=SAYS[name])
    await client.ask(road)
    await road.rows()

    (plan,) = json.loads(CliRunner().invoke(top, ["--format", "json", "--ledger", road.ledger_url]).stdout)[
        "plans"
    ]
    shown = CliRunner().invoke(top, ["--once", "--ledger", road.ledger_url]).stdout

    assert {gauge["name"]: gauge["used_percent"] for gauge in plan["gauges"]} == gauges
    assert plan["account"] == client.account
    assert all(f"{int(used)}%" in shown for used in gauges.values())
    provider = plan["provider"]
    assert road.proxy.planning.used() == {(provider, of): int(used) for of, used in gauges.items()}


SIDE_CALLS: dict[str, list[tuple[dict[str, Any], dict[str, str]]]] = {
    "claude": [
        ({"model": "claude-haiku-4-5", "max_tokens": 512}, {}),  # a title
        ({"model": "claude-sonnet-5", "system": "You are an agent that explores."}, {}),  # a sub-agent
        ({"max_tokens": 20_000, "system": "Summarise the conversation."}, {}),
    ],
    "codex": [
        ({"model": "gpt-5-codex-mini"}, {"session_id": SESSION}),
        (
            {"prompt_cache_key": "another-thread"},
            {"session_id": SESSION, "x_codex_parent_thread_id": SESSION, "x_openai_subagent": "collab_spawn"},
        ),
    ],
    "gemini": [({"model": "gemini-2.5-flash"}, {}), ({"user_prompt_id": "p2"}, {})],
}
"""What else an agent asks within a session."""


@pytest.mark.parametrize("name", CLIENTS)
async def test_a_session_is_one_row_of_the_bill_side_calls_included(road: Road, name: str) -> None:
    client = CLIENTS[name]
    road.sim.scenario = Scenario(usage=USED)
    await client.ask(road)
    for more, headers in SIDE_CALLS[name]:
        await client.ask(road, {**client.body, **more}, **headers)
    calls = 1 + len(SIDE_CALLS[name])
    await road.calls(calls)
    await road.rows()

    said = CliRunner().invoke(report, ["--by", "session", "--format", "json", "--ledger", road.ledger_url])
    (row,) = json.loads(said.stdout)["rows"]

    assert (row["session"], row["calls"], row["input_tokens"]) == (SESSION, calls, 1000 * calls)
    assert row["cost_usd"] == "0"
    assert float(row["notional_usd"]) > 0


@pytest.mark.parametrize("name", [*CLIENTS, "copilot"])
@pytest.mark.parametrize(("do", "status"), [("block", 400), ("redact", 400), ("flag", 200)])
async def test_it_is_looked_through_and_blocked_where_something_would_have_to_be_taken_out(
    tmp_path: Path, home: Path, sim: Simulator, name: str, do: str, status: int
) -> None:
    """What is flagged leaves as it came."""
    client = {**CLIENTS, "copilot": COPILOT}[name]
    policy = f"version: 1\nguardrails: [{{name: bugs, words: [bug, mend], do: {do}}}]"

    async with running_road(tmp_path, sim, policy=policy, hosts=EVERY) as road:
        answer = await client.ask(road)
        record = await road.call()

    assert answer.status_code == status
    assert [seen.raw for seen in sim.seen] == ([client.content()] if do == "flag" else [])
    assert {found.by for found in record.findings} == {"bugs"}


async def test_each_of_an_agents_attempts_is_a_row_and_costs_what_it_used(road: Road) -> None:
    """Claude Code tries again at a 529; SDKs mark it, and send no key by which a call could be told twice."""
    road.sim.on("api.anthropic.com", "/v1/messages", Scenario(status=529, headers=SAYS["claude"]), times=2)
    road.sim.scenario = Scenario(usage=USED)

    statuses = []
    for attempt in range(3):
        statuses.append((await CLAUDE.ask(road, x_stainless_retry_count=str(attempt))).status_code)

    assert statuses == [529, 529, 200]
    rows = await road.calls(3)
    assert [(row.status, row.cost.nano > 0, row.session) for row in rows] == [
        (529, False, SESSION), (529, False, SESSION), (200, True, SESSION),
    ]  # fmt: skip
    assert ("anthropic", "5h") in road.proxy.planning.used()


async def test_copilots_credits_are_real_money_and_count_in_limits(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """0.42 credits, of a cent each; the next one has no room."""
    usage = {"prompt_tokens": 547, "completion_tokens": 42}
    billed = {"total_nano_aiu": 420_000_000}
    said = {"id": "c-1", "model": "gpt-5-mini", "choices": [], "usage": usage, "copilot_usage": billed}
    sim.scenario = Scenario(body=json.dumps(said).encode(), headers=SAYS["copilot"])
    policy = "version: 1\nlimits: [{name: day, amount: 0.0042 USD, window: day, enforce: soft}]"
    once = {**COPILOT.body, "stream": False}

    async with running_road(tmp_path, sim, policy=policy, hosts=EVERY) as road:
        first = await COPILOT.ask(road, once)
        record = await road.call()
        second = await COPILOT.ask(road, once)
        used = road.proxy.planning.used()

    assert (first.status_code, second.status_code) == (200, 429)
    assert (record.billing, record.cost.source, record.cost.nano) == (
        Billing.METERED, Source.PROVIDER, 4_200_000,
    )  # fmt: skip
    assert record.session == SESSION
    assert used == {("copilot", "premium_interactions"): 68}


def test_the_simulator_answers_for_all_of_them() -> None:
    assert {httpx.URL(client.url).host for client in CLIENTS.values()} <= set(HOSTS)
