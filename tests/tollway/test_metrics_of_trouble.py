"""What limits, routes, failing providers, a locked ledger and a wrong policy leave in the metrics."""

import asyncio
from pathlib import Path

import pytest

from tests.simulator import Cut, Scenario
from tests.tollway.calls import BATCH, MISTRAL, UNKNOWN, Call
from tests.tollway.failing_targets import CHAIN, GROQ_KEY, POLICY, TIMED, fails
from tests.tollway.limited import ASK, KEY, ask, limit
from tests.tollway.scraped import Shown, metrics, once, scrape
from tests.tollway.test_holds import locked
from tests.tollway.test_limits import ELSEWHERE
from tollway.hooks.budget import Budget
from tollway.policy_file import read_policy

__all__ = ["metrics"]


@pytest.fixture(autouse=True)
def groq_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the routes' other target."""
    monkeypatch.setenv("GROQ_KEY", GROQ_KEY)


async def test_refusals_are_by_limit_and_by_what_the_client_was_told(metrics: Shown) -> None:
    """For want of room, and for want of a bound: of what nothing here reads."""
    policy = """
limits:
  - {name: few, amount: 1 requests, window: day, match: {operation: chat}, then: [block]}
  - {name: money, amount: 1 USD, window: day}
access: [{name: no-mistral, deny: {provider: mistral}}]
"""
    async with metrics(policy) as (road, port), road.client() as client:
        answers = [await ask(client, call) for call in (ASK, ASK, ASK, UNKNOWN, BATCH, MISTRAL)]
        await road.rows()
        found = await scrape(port)

    assert [answer.status_code for answer in answers] == [200, 429, 429, 403, 403, 403]
    assert found.by("tollway_limit_refusals_total", "limit") == {"few": 2, "money": 2}
    told = [answer.json()["error"]["code"] for answer in (answers[1], answers[3], answers[4])]
    reasons = found.by("tollway_refusals_total", "reason")
    assert {reason: reasons[reason] for reason in told} == {told[0]: 2, told[1]: 1, told[2]: 1}
    assert sum(reasons.values()) == found.sum("tollway_calls_total", outcome="refused") == 5
    assert found.sum("tollway_upstream_errors_total") == 0


async def test_what_an_access_rule_refuses_since_nobody_can_read_it_is_a_refusal(metrics: Shown) -> None:
    """And no failure of the provider, which it never came to. Its row says the same."""
    policy = "access: [{name: no-opus, deny: {model: '*opus*'}}]\n"
    async with metrics(policy) as (road, port), road.client() as client:
        answer = await client.post(ASK.url, content=b"no JSON", headers=KEY)
        (row,) = await road.rows()
        found = await scrape(port)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unreadable")
    assert (row.error, row.action) == ("unreadable", "block")
    assert found.by("tollway_refusals_total", "reason") == {"unreadable": 1}
    assert found.by("tollway_calls_total", "outcome") == {"refused": 1}
    assert found.sum("tollway_upstream_errors_total") == 0


async def test_clamps_are_counted(metrics: Shown) -> None:
    async with metrics(limit("0.015 USD", "[clamp, block]")) as (road, port), road.client() as client:
        assert (await ask(client)).status_code == 200
        await road.rows()
        found = await scrape(port)

    assert [found.sum(f"tollway_{name}_total") for name in ("clamps", "waits")] == [1, 0]


async def test_waits_are_counted(metrics: Shown) -> None:
    """The first holds 0.026 of 0.03 USD, and the second waits for it."""
    async with metrics(limit("0.03 USD", "[wait 60s, block]")) as (road, port), road.client() as client:
        road.sim.on(ASK.host, ASK.path, Scenario(gate="later"), times=1)
        first = asyncio.ensure_future(ask(client))
        await road.sim.wait_for(lambda seen: True)
        second = asyncio.ensure_future(ask(client))
        line = road.step(Budget).line
        async with asyncio.timeout(120):
            while not len(line):
                await asyncio.sleep(0.001)
        road.sim.open("later")

        assert [(await asked).status_code for asked in (first, second)] == [200, 200]
        await road.rows()
        found = await scrape(port)

    assert [found.sum(f"tollway_{name}_total") for name in ("waits", "clamps")] == [1, 0]


async def test_reroutes_are_counted_by_route(metrics: Shown) -> None:
    policy = ELSEWHERE + "credentials: {groq: {inject: env:GROQ_KEY}}\n"
    async with metrics(policy) as (road, port), road.client() as client:
        assert [(await ask(client)).status_code for _ in range(3)] == [200] * 3
        await road.rows()
        found = await scrape(port)

    assert found.by("tollway_reroutes_total", "route") == {"away": 2}
    assert found.by("tollway_calls_total", "provider") == {"openai": 1, "groq": 2}


@pytest.mark.parametrize(
    ("policy", "how", "kind"),
    [
        (CHAIN, Scenario(status=429), "429"),
        (CHAIN, Scenario(status=500), "5xx"),
        (CHAIN, Scenario(cut=Cut(how="reset")), "cut"),
        (TIMED, Scenario(cut=Cut(how="hang")), "timeout"),
    ],
    ids=["429", "500", "reset", "time-out"],
)
async def test_what_fails_at_a_provider_is_counted_by_kind_and_the_next_target_as_one_after_a_failure(
    metrics: Shown, policy: str, how: Scenario, kind: str
) -> None:
    async with metrics(policy) as (road, port), road.client() as client:
        fails(road, how)
        assert (await ask(client)).status_code == 200
        await road.rows()
        found = await scrape(port)

    assert found.by("tollway_upstream_errors_total", "kind") == {kind: 1}
    assert found.sum("tollway_upstream_errors_total", provider="openai") == 1
    assert found.by("tollway_calls_total", "outcome") == {"answered": 1, "failed": 1}
    assert found.by("tollway_reroutes_total", "route") == {"resilient": 2}
    assert found.by("tollway_reroutes_total", "after") == {"failure": 1, "request": 1}


async def test_a_refused_connection_is_counted_with_and_without_another_target(
    metrics: Shown, unused_tcp_port: int
) -> None:
    """Nobody listens there."""
    nobody = {"api.openai.com": unused_tcp_port}
    async with metrics(POLICY % "on: [connect]", elsewhere=nobody) as (road, port), road.client() as client:
        assert (await ask(client)).status_code == 200
        one = Call(ASK.host, ASK.path, {**ASK.body, "model": "gpt-4o-mini"})  # no route is about it
        assert (await ask(client, one)).status_code == 502
        await road.rows()
        found = await scrape(port)

    assert found.by("tollway_upstream_errors_total", "kind") == {"connect": 2}
    assert found.by("tollway_calls_total", "outcome") == {"answered": 1, "failed": 2}


async def test_an_error_within_an_answer_of_200_is_one(metrics: Shown) -> None:
    async with metrics() as (road, port), road.client() as client:
        road.sim.scenario = Scenario(finish="error")
        call = Call("api.anthropic.com", "/v1/messages", {"model": "claude-sonnet-4-5", "max_tokens": 64})
        await ask(
            client, Call(call.host, call.path, {**call.body, "messages": ASK.body["messages"]}).streamed()
        )
        await road.rows()
        found = await scrape(port)

    assert found.by("tollway_upstream_errors_total", "kind") == {"in_answer": 1}


async def test_the_ledgers_lag_is_seen_while_another_program_locks_it(metrics: Shown, tmp_path: Path) -> None:
    """The call was answered; its end waits. Then all is written, and nothing lags."""
    async with metrics() as (road, port), road.client() as client:
        road.sim.on(ASK.host, ASK.path, Scenario(gate="later"))
        asked = asyncio.ensure_future(ask(client))
        await road.sim.wait_for(lambda seen: True)
        with locked(tmp_path / "ledger.db"):
            road.sim.open("later")
            await asked
            await road.call()
            behind = await once(port, lambda found: found.sum("tollway_ledger_lag_seconds") > 0.1)
        after = await once(port, lambda found: found.sum("tollway_ledger_unwritten_calls") == 0)
        caught_up = await once(port, lambda found: found.sum("tollway_ledger_lag_seconds") == 0)

    assert behind.sum("tollway_ledger_unwritten_calls") == 1
    assert after.sum("tollway_calls_total") == caught_up.sum("tollway_calls_total") == 1


async def test_reloads_are_counted_by_what_came_of_them(metrics: Shown, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\n")
    assert read_policy(policy).version == 1
    async with metrics(policy_file=policy) as (_, port):
        assert (await scrape(port)).by("tollway_policy_reloads_total", "result") == {}
        policy.write_text("version: 1\ntimezone: Mars\n")
        failed = await once(port, lambda found: found.sum("tollway_policy_reloads_total") == 1)
        policy.write_text("version: 1\ntimezone: Asia/Tokyo\n")
        worked = await once(port, lambda found: found.sum("tollway_policy_reloads_total") == 2)

    assert failed.by("tollway_policy_reloads_total", "result") == {"failed": 1}
    assert worked.by("tollway_policy_reloads_total", "result") == {"failed": 1, "ok": 1}
