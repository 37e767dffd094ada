"""Limits over the whole road: a client, the proxy, the simulator.

The simulator's answers have 20 tokens of input and 12 of output. gpt-4o costs 2,500 and 10,000 nano-dollars a
token, at most 4,250 and 17,000 (priority, which a project may have as its default): an answer is 170,000.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator import Cut, Scenario, Simulator, Usage
from tests.tollway.calls import BATCH, CLAUDE, GEMINI_SSE, TALK, UNKNOWN, Call
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import clock
from tollway.hooks.budget import Budget
from tollway.ledger.open import open_books
from tollway.ledger.store import BucketRow
from tollway.model import Billing
from tollway.policy.load import load
from tollway.proxy import put_in_force
from tollway.rows import VIOLATED
from tollway.wire.over_limit import CODE

ASK = Call(
    "api.openai.com", "/v1/chat/completions", {"model": "gpt-4o", "max_tokens": 1000, "messages": TALK}
)
COST = 170_000
KEY = {"authorization": "Bearer made-up-key"}
LATER_US = 2**62

Roads = Callable[[str], AbstractAsyncContextManager[Road]]


@pytest.fixture
def roads(tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> Roads:
    """Makes proxies of a policy, which share a ledger."""
    monkeypatch.setenv("GROQ_KEY", "made-up-groq-key")

    @asynccontextmanager
    async def made(policy: str) -> AsyncIterator[Road]:
        async with running_road(tmp_path, sim, policy="version: 1\n" + policy) as road:
            yield road

    return made


def limit(amount: str, then: str = "[block]", **more: Any) -> str:
    """A policy of one limit, `day`."""
    said = {"name": "day", "amount": amount, "window": "rolling 24h", **more}
    return f"limits: [{json.dumps(said)[:-1]}, then: {then}}}]\n"


async def ask(
    client: httpx.AsyncClient, call: Call = ASK, headers: dict[str, str] | None = None
) -> httpx.Response:
    """Make a call."""
    return await client.post(call.url, content=call.content, headers=KEY | (headers or {}))


def buckets(road: Road) -> list[BucketRow]:
    """The ledger's, as they stand."""
    books = open_books(road.ledger_url)
    try:
        return books.buckets(clock.now_us())
    finally:
        books.close()


async def settled(road: Road) -> tuple[int, int]:
    """What the one bucket has settled and held, once all that ended is written."""
    await road.rows()
    (row,) = buckets(road)
    return row.settled, row.held


async def test_a_call_that_fits_passes_and_is_told_what_is_left(roads: Roads) -> None:
    """2,116 tokens of input at most, 2,116 * 4,250 + 1,000 * 17,000 = 25,993,000 are held."""
    async with roads(limit("0.05 USD")) as road, road.client() as client:
        answer = await ask(client)

        assert answer.status_code == 200
        assert answer.headers["x-tollway-remaining"] == "day; left=0.05 USD"
        assert await settled(road) == (COST, 0)
        (row,) = await road.rows()
    assert row.limits == ("day",)
    assert row.bound is not None
    assert (row.bound.nano, row.bound.input_tokens, row.bound.output_tokens) == (25_993_000, 2116, 1000)
    assert row.action is None


async def test_a_call_that_does_not_fit_is_clamped_to_what_is_left(roads: Roads) -> None:
    """(15,000,000 - 2,116 * 4,250) / 17,000 = 353.3: the rest of its body stays as it was."""
    async with roads(limit("0.015 USD", "[clamp, block]")) as road, road.client() as client:
        answer = await ask(client)

        assert answer.status_code == 200
        (seen,) = road.sim.seen
        assert seen.body.kept == ASK.content.replace(b'"max_tokens":1000', b'"max_tokens":353')
        (row,) = await road.rows()
    assert (row.action, row.max_output_tokens) == ("clamp 353", 1000)


async def test_what_can_not_be_clamped_far_enough_is_refused_and_leaves_a_row(roads: Roads) -> None:
    async with roads(limit("0.01 USD", "[clamp, block]")) as road, road.client() as client:
        answer = await ask(client)

        assert (answer.status_code, answer.headers["x-should-retry"]) == (429, "false")
        said = (
            'Tollway: the limit "day" has 0.01 USD left of 0.01 USD in any 24 hours, and this call may cost'
        )
        assert answer.json()["error"]["message"].startswith(said)
        assert road.sim.seen == []
        (row,) = await road.rows()
        assert await settled(road) == (0, 0)
    assert (row.state, row.status, row.cost.nano, row.error) == ("done", None, 0, CODE)
    assert (row.limits, row.action) == (("day",), "block")


async def test_a_soft_limit_admits_until_it_is_spent(roads: Roads) -> None:
    async with roads(limit("0.00017 USD", enforce="soft")) as road, road.client() as client:
        assert (await ask(client)).status_code == 200
        await road.rows()
        assert (await ask(client)).status_code == 429
        assert await settled(road) == (COST, 0)


async def test_a_soft_limit_counts_what_calls_in_flight_are_likely_to_cost(roads: Roads) -> None:
    """1,000 tokens of output at 10,000 each, and some of input, whatever it may cost at most."""
    large = Call(ASK.host, ASK.path, {**ASK.body, "max_tokens": 16_000})
    async with roads(limit("0.01 USD", enforce="soft")) as road, road.client() as client:
        road.sim.on(ASK.host, ASK.path, Scenario(ttfb=0.5), times=1)
        first = asyncio.ensure_future(ask(client, large))
        await road.sim.wait_for(lambda seen: True)

        assert (await ask(client, large)).status_code == 429
        assert (await first).status_code == 200
        assert await settled(road) == (COST, 0)
        assert (await ask(client, large)).status_code == 200


async def test_a_shadow_limit_only_counts(roads: Roads) -> None:
    async with roads(limit("0.00001 USD", enforce="shadow")) as road, road.client() as client:
        answers = [await ask(client) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert "x-tollway-remaining" not in answers[0].headers
        assert await settled(road) == (2 * COST, 0)


async def test_all_limits_must_admit(roads: Roads) -> None:
    policy = """
limits:
  - {name: wide, amount: 1 USD, window: day, then: [block]}
  - {name: few, amount: 1 requests, window: day, match: {model: "gpt-*"}, then: [block]}
"""
    async with roads(policy) as road, road.client() as client:
        answers = [await ask(client) for _ in range(2)]
        await road.rows()

        assert [answer.status_code for answer in answers] == [200, 429]
        assert {row.bucket.limit: (row.settled, row.held) for row in buckets(road)} == {
            "wide": (COST, 0),
            "few": (1, 0),
        }


async def test_a_route_moves_the_call_to_a_cheaper_model(roads: Roads) -> None:
    policy = """
limits:
  - {name: opus, amount: 1 requests, window: day, match: {model: "*opus*"}, then: [{route: down}, block]}
  - {name: all, per: model, amount: 1 USD, window: day}
routes: {down: [{from: "claude-opus-*", to: anthropic/claude-haiku-4-5}]}
"""
    opus = Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "model": "claude-opus-4-8"})
    async with roads(policy) as road, road.client() as client:
        answers = [await ask(client, opus) for _ in range(2)]
        rows = await road.rows()
        held = {row.bucket.values.get("model"): row.settled for row in buckets(road) if row.bucket.values}

    assert [answer.json()["model"] for answer in answers] == ["claude-opus-4-8", "claude-haiku-4-5"]
    said = "anthropic/claude-opus-4-8 -> anthropic/claude-haiku-4-5"
    assert [answer.headers.get("x-tollway-route") for answer in answers] == [None, said]
    assert [(row.model_asked, row.model) for row in rows] == [
        ("claude-opus-4-8", "claude-opus-4-8"),
        ("claude-opus-4-8", "claude-haiku-4-5"),
    ]
    assert rows[1].action == "route down"
    assert held == {row.model: row.cost.nano for row in rows}


ELSEWHERE = """
limits:
  - {name: openai, amount: 1 requests, window: day, match: {provider: openai}, then: [{route: away}, block]}
routes: {away: [{from: "gpt-*", to: groq/openai/gpt-oss-120b}]}
"""


async def test_a_route_to_another_provider_takes_none_of_the_first_ones_credentials_along(
    roads: Roads,
) -> None:
    policy = ELSEWHERE + "credentials: {groq: {inject: env:GROQ_KEY}}\n"
    more = {"cookie": "session=made-up-key", "openai-organization": "org-1"}
    async with roads(policy) as road, road.client() as client:
        answers = [await ask(client, headers=more) for _ in range(2)]
        rows = await road.rows()
        seen = road.sim.seen[1]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (seen.host, seen.path, seen.model) == (
        "api.groq.com",
        "/openai/v1/chat/completions",
        "openai/gpt-oss-120b",
    )
    assert seen.header("authorization") == "Bearer made-up-groq-key"
    assert "made-up-key" not in str(seen.headers)
    assert not {"cookie", "openai-organization"} & {name.lower() for name, _ in seen.headers}
    assert (rows[1].provider, rows[1].host, rows[1].model) == ("groq", "api.groq.com", "openai/gpt-oss-120b")


async def test_a_target_without_a_credential_is_skipped_with_the_reason(roads: Roads) -> None:
    async with roads(ELSEWHERE) as road, road.client() as client:
        answers = [await ask(client) for _ in range(2)]
        rows = await road.rows()

    assert [answer.status_code for answer in answers] == [200, 429]
    assert rows[1].action is not None
    assert "no credential is known for groq" in rows[1].action


SLOW = Scenario(ttfb=0.3)


async def test_a_call_waits_for_what_another_one_frees(roads: Roads) -> None:
    """Both hold 26 million at the most, 30 are there: the second leaves when the first is settled."""
    async with roads(limit("0.03 USD", "[wait 20s, block]")) as road, road.client() as client:
        road.sim.scenario = SLOW
        first = asyncio.ensure_future(ask(client))
        await road.sim.wait_for(lambda seen: True)
        second = await ask(client)

        assert ((await first).status_code, second.status_code) == (200, 200)
        rows = await road.rows()
        assert await settled(road) == (2 * COST, 0)
    assert [row.action for row in rows] == [None, "wait"]


async def test_who_comes_first_is_served_first(roads: Roads) -> None:
    async with roads(limit("0.03 USD", "[wait 20s, block]")) as road, road.client() as client:
        road.sim.scenario = Scenario(ttfb=0.05)
        asked = []
        for n in range(5):
            asked.append(asyncio.ensure_future(ask(client, headers={"x-tollway-tags": f"n={n}"})))
            await asyncio.sleep(0.01)
        answers = await asyncio.gather(*asked)
        order = [row.tags.get("n") for row in sorted(await road.rows(), key=lambda row: row.ended_us or 0)]

    assert [answer.status_code for answer in answers] == [200] * 5
    assert order == ["0", "1", "2", "3", "4"]


async def test_no_call_waits_for_what_can_not_come(roads: Roads) -> None:
    """The amount itself is too small: it is refused at once, though it might wait for an hour."""
    async with roads(limit("0.02 USD", "[wait 60m, block]")) as road, road.client() as client:
        assert (await ask(client)).status_code == 429


@pytest.mark.parametrize("http2", [False, True])
async def test_a_client_that_leaves_frees_its_place(roads: Roads, http2: bool) -> None:
    """It never held anything, its row costs nothing, and who came after it is served."""
    async with roads(limit("0.03 USD", "[wait 20s, block]")) as road, road.client(http2) as client:
        road.sim.scenario = Scenario(ttfb=0.5)
        first = asyncio.ensure_future(ask(client))
        await road.sim.wait_for(lambda seen: True)
        async with road.client(http2) as other:
            leaves = asyncio.ensure_future(ask(other))
            async with asyncio.timeout(120):
                while not len(road.step(Budget).line):
                    await asyncio.sleep(0.001)
            leaves.cancel()
            await asyncio.gather(leaves, return_exceptions=True)
        third = await ask(client)
        await first
        rows = await road.calls(3)

    assert third.status_code == 200
    assert sorted((row.cost.nano, row.error) for row in rows) == [
        (0, "abandoned"), (COST, None), (COST, None),
    ]  # fmt: skip


async def changed_while_waiting(road: Road, client: httpx.AsyncClient, policy: str) -> httpx.Response:
    """The answer to a call that waits behind another one when another policy is put in force."""
    road.sim.scenario = Scenario(ttfb=0.5)
    first = asyncio.ensure_future(ask(client))
    await road.sim.wait_for(lambda seen: True)
    second = asyncio.ensure_future(ask(client))
    async with asyncio.timeout(120):
        while not len(road.step(Budget).line):
            await asyncio.sleep(0.001)
    governing, ledger = road.step(Budget).governing, road.step(Budget).ledger
    await put_in_force(load("version: 1\n" + policy, "test.yaml"), governing, ledger)
    assert (await first).status_code == 200
    return await second


WAITS = limit("0.03 USD", "[wait 20s, block]")


async def test_who_waits_when_a_policy_changes_counts_under_the_new_one(roads: Roads) -> None:
    """It is held and charged in the new limit's bucket, like the one that was in flight."""
    async with roads(WAITS) as road, road.client() as client:
        renamed = limit("0.03 USD", "[wait 20s, block]", name="other")
        answer = await changed_while_waiting(road, client, renamed)
        rows = await road.rows()
        found = {row.bucket.limit: (row.settled, row.held) for row in buckets(road)}

    assert answer.status_code == 200
    assert found["other"] == (2 * COST, 0)
    assert rows[1].limits == ("other",)


async def test_who_waits_when_an_amount_is_lowered_is_held_to_the_new_one(roads: Roads) -> None:
    """What it needs is more than there will ever be."""
    async with roads(WAITS) as road, road.client() as client:
        answer = await changed_while_waiting(road, client, limit("0.02 USD", "[wait 20s, block]"))
        assert await settled(road) == (COST, 0)

    assert answer.status_code == 429


async def test_who_waits_when_an_amount_is_raised_need_not_wait_on(roads: Roads) -> None:
    """It is admitted beside the one that is still in flight."""
    async with roads(WAITS) as road, road.client() as client:
        answer = await changed_while_waiting(road, client, limit("1 USD", "[wait 20s, block]"))
        assert await settled(road) == (2 * COST, 0)
        first, second = road.sim.seen

    assert answer.status_code == 200
    assert first.answered is not None
    assert second.started < first.answered


async def test_who_waits_when_its_limit_is_gone_leaves_without_one(roads: Roads) -> None:
    """What the former limit would have done is of no concern any more."""
    async with roads(WAITS) as road, road.client() as client:
        answer = await changed_while_waiting(road, client, limit("1 requests", match={"model": "x"}))
        rows = await road.rows()

    assert answer.status_code == 200
    assert [(row.limits, row.action) for row in rows] == [(("day",), None), ((), "wait")]


async def test_who_waits_when_a_rule_comes_that_denies_it_is_refused_and_frees_what_it_held(
    roads: Roads,
) -> None:
    denying = "access: [{name: no-4o, deny: {model: gpt-4o}}]\n"
    async with roads(WAITS) as road, road.client() as client:
        answer = await changed_while_waiting(road, client, denying + WAITS)
        assert await settled(road) == (COST, 0)
        rows = await road.rows()

    assert answer.status_code == 403
    assert "the access rule no-4o denies gpt-4o" in answer.text
    assert [(row.error, row.cost.nano) for row in rows] == [(None, COST), ("access_denied", 0)]
    assert len(road.sim.seen) == 1


async def test_a_stream_that_has_told_its_input_holds_no_more_for_it(roads: Roads) -> None:
    """Claude: 2,116 tokens at the most, 20 in truth; what may still come are 64 of output."""
    stream = CLAUDE.streamed()
    async with roads(limit("1 USD")) as road, road.client() as client:
        road.sim.scenario = Scenario(interval=0.2)
        async with client.stream("POST", stream.url, content=stream.content, headers=KEY) as answer:
            lines = answer.aiter_lines()
            await anext(lines)
            async with asyncio.timeout(120):
                while buckets(road)[0].held > 64 * 15_000 * 2 + 20 * 3_000 * 3:
                    await asyncio.sleep(0.01)
            assert buckets(road)[0].held >= 64 * 15_000
            async for _ in lines:
                pass
        (row,) = await road.rows()
        assert await settled(road) == (row.cost.nano, 0)


@pytest.mark.parametrize(
    ("scenario", "cost"),
    [
        (Scenario(status=500), 0),
        (Scenario(status=429), 0),
        (Scenario(usage=None), 25_993_000),
        (Scenario(cut=Cut(how="reset")), 25_993_000),
        (Scenario(cut=Cut(how="close", after_bytes=10)), 25_993_000),
    ],
    ids=["failed", "told to wait", "without usage", "reset", "cut"],
)
async def test_what_is_held_is_settled_however_the_call_ends(
    roads: Roads, scenario: Scenario, cost: int
) -> None:
    """At nothing where nothing is billed; at the bound where the provider does not say what it bills."""
    async with roads(limit("1 USD")) as road, road.client() as client:
        road.sim.scenario = scenario
        await asyncio.gather(ask(client), return_exceptions=True)
        await road.call()

        assert await settled(road) == (cost, 0)


@pytest.mark.parametrize(("amount", "spent"), [("5 requests", 1), ("1M input tokens", 2102)])
async def test_what_nothing_bounds_is_not_charged_at_its_bound(roads: Roads, amount: str, spent: int) -> None:
    """No output maximum is asked for or known, and none is needed by such a limit. Usage does not come."""
    call = Call(ASK.host, ASK.path, {"model": "nobody-knows", "messages": TALK})
    async with roads(limit(amount)) as road, road.client() as client:
        road.sim.scenario = Scenario(usage=None)
        assert (await ask(client, call)).status_code == 200
        assert await settled(road) == (spent, 0)
        (row,) = await road.rows()
    assert row.cost.nano < 1_000_000_000
    assert not {VIOLATED, "out_of_range"} & {*row.cost.flags}


async def test_a_client_that_leaves_mid_stream_is_charged_what_the_provider_reports(roads: Roads) -> None:
    """Also where the provider would stop: under a hard limit it is read on to the end."""
    async with roads(limit("1 USD")) as road:
        road.sim.scenario = Scenario(interval=0.05)
        stream = CLAUDE.streamed()
        async with (
            road.client() as client,
            client.stream("POST", stream.url, content=stream.content, headers=KEY) as answer,
        ):
            await anext(answer.aiter_raw())
        row = await road.call()

        assert (row.error, row.usage.output_tokens) == ("abandoned", 12)
        assert await settled(road) == (row.cost.nano, 0)


async def test_a_call_that_costs_more_than_its_bound_is_charged_in_full_and_its_like_refused(
    roads: Roads,
) -> None:
    """The provider claims a million tokens: 2.5 USD."""
    async with roads(limit("10 USD")) as road, road.client() as client:
        road.sim.scenario = Scenario(usage=Usage(input_tokens=1_000_000, output_tokens=0))
        assert (await ask(client)).status_code == 200
        row = await road.call()
        assert (row.cost.nano, VIOLATED in row.cost.flags) == (2_500_000_000, True)
        assert await settled(road) == (2_500_000_000, 0)

        refused = await ask(client)
        assert refused.status_code == 400
        assert "cost more than their bound (alert bound-" in refused.json()["error"]["message"]
        other = Call(ASK.host, ASK.path, {**ASK.body, "model": "gpt-4o-mini"})
        assert (await ask(client, other)).status_code == 200


async def test_what_nothing_reads_is_refused_under_a_hard_limit_before_its_body_leaves(roads: Roads) -> None:
    async with roads(limit("1 USD")) as road, road.client() as client:
        answer = await ask(client, UNKNOWN)

        assert (answer.status_code, road.sim.seen) == (403, [])
        assert "the limit day can't hold it" in answer.json()["error"]["message"]


async def test_a_batch_is_refused_under_a_hard_limit_by_its_own_name(roads: Roads) -> None:
    async with (
        roads(limit("1 USD") + "faults: {unknown_call: pass}\n") as road,
        road.client() as client,
    ):
        answer = await ask(client, BATCH)

        assert (answer.status_code, road.sim.seen) == (403, [])
        said = answer.json()["error"]["message"]
        assert "the limit day takes no batches unless the policy allows them" in said
        assert "(faults: batch)" in said
        (row,) = await road.rows()
        assert (row.operation, row.limits, row.action, row.error) == ("batch", ("day",), "block", "batch")
        assert (await ask(client, UNKNOWN)).status_code != 403


async def test_a_policy_may_allow_batches_alone(roads: Roads) -> None:
    async with roads(limit("1 USD") + "faults: {batch: allow}\n") as road, road.client() as client:
        assert (await ask(client, BATCH)).status_code != 403
        assert (await ask(client, UNKNOWN)).status_code == 403

        (seen,) = road.sim.seen
        assert seen.body.kept == BATCH.content


@pytest.mark.parametrize("enforce", ["hard", "soft"])
async def test_an_answer_that_was_paid_for_may_be_looked_at_again(roads: Roads, enforce: str) -> None:
    """It costs nothing, and is no request, whatever is left."""
    made = Call(ASK.host, "/v1/responses", {"model": "gpt-4o", "input": "hi", "background": True})
    async with roads(limit("1 requests", enforce=enforce)) as road, road.client() as client:
        answer = {"id": "resp_1", "object": "response", "status": "queued", "usage": None}
        road.sim.on(ASK.host, "/v1/responses*", Scenario(body=json.dumps(answer).encode()))
        assert (await ask(client, made)).status_code == 200
        assert (await ask(client, made)).status_code == 429
        again = [await client.get(f"{made.url}/resp_1", headers=KEY) for _ in range(2)]
        again.append(await client.post(f"{made.url}/resp_1/cancel", headers=KEY))

        assert [one.json()["id"] for one in again] == ["resp_1"] * 3
        assert len(road.sim.seen) == 4
        assert await settled(road) == (0, 1)  # it is still being made
        (*_, row) = await road.rows()
    assert (row.operation, row.limits, row.action) == ("retrieve", ("day",), None)


async def test_an_answer_that_another_proxy_held_is_charged_once(roads: Roads) -> None:
    """In the row of who asked, which holds its bound until it is shown; to show it adds nothing else."""
    body = {"model": "gpt-4o", "input": "hi", "background": True, "max_output_tokens": 100}
    made = Call(ASK.host, "/v1/responses", body)
    answer = {"id": "resp_1", "object": "response", "model": "gpt-4o", "output": []}
    async with roads(limit("1 USD")) as road, road.client() as client:
        queued = {**answer, "status": "queued", "usage": None}
        road.sim.on(ASK.host, "/v1/responses", Scenario(body=json.dumps(queued).encode()))
        await ask(client, made)
        before = await settled(road)
    async with roads(limit("1 USD")) as road, road.client() as client:
        done = {**answer, "status": "completed", "usage": {"input_tokens": 100, "output_tokens": 10}}
        road.sim.on(ASK.host, "/v1/responses/resp_1", Scenario(body=json.dumps(done).encode()))
        await client.get(f"{made.url}/resp_1", headers=KEY)

        assert await settled(road) == (100 * 2_500 + 10 * 10_000, 0)
    assert before[0] == 0 < before[1]


async def test_a_body_that_is_none_is_refused_under_a_hard_limit(roads: Roads) -> None:
    async with roads(limit("1 USD")) as road, road.client() as client:
        answer = await client.post(ASK.url, content=b"{no json", headers=KEY)

        assert (answer.status_code, road.sim.seen) == (400, [])


@pytest.mark.parametrize("enforce", ["soft", "shadow"])
async def test_what_nothing_reads_passes_other_limits(roads: Roads, enforce: str) -> None:
    async with roads(limit("1 USD", enforce=enforce)) as road, road.client() as client:
        assert (await ask(client, UNKNOWN)).status_code != 403
        assert (await ask(client, BATCH)).status_code != 403
        assert (await client.post(ASK.url, content=b"{no json", headers=KEY)).status_code != 403


async def test_what_has_no_bound_is_refused_with_the_reason(roads: Roads) -> None:
    searching = Call(
        CLAUDE.host,
        CLAUDE.path,
        {**CLAUDE.body, "tools": [{"type": "web_search_20250305", "name": "web_search"}]},
    )
    async with roads(limit("1 USD")) as road, road.client() as client:
        answer = await ask(client, searching)

        assert answer.status_code == 400
        assert "it has no bound: tools" in answer.json()["error"]["message"]


async def test_a_search_of_the_providers_is_capped_to_what_is_left(roads: Roads) -> None:
    """gpt-4o reads 128,000 tokens a turn at most, at 4,250: 544,000,000. Two searches are three turns."""
    body = {"model": "gpt-4o", "input": "news", "max_output_tokens": 1000, "tools": [{"type": "web_search"}]}
    searching = Call(ASK.host, "/v1/responses", body)
    async with roads(limit("2 USD", "[clamp, block]")) as road, road.client() as client:
        answer = await ask(client, searching)

        assert answer.status_code == 200
        (seen,) = road.sim.seen
        assert seen.body.kept == b'{"max_tool_calls":2,' + searching.content[1:]
        (row,) = await road.rows()
        assert (await settled(road))[1] == 0
    assert row.action == "clamp 2 tool calls"
    assert row.bound is not None
    assert (row.bound.input_tokens, row.bound.output_tokens) == (384_000, 3000)


async def test_a_search_that_does_not_fit_says_why_it_is_so_dear(roads: Roads) -> None:
    """One search of Claude's may make it read its window ten times, whatever its cap."""
    body = {**CLAUDE.body, "tools": [{"type": "web_search_20250305", "name": "web_search"}]}
    async with roads(limit("1 USD", "[clamp, block]")) as road, road.client() as client:
        answer = await ask(client, Call(CLAUDE.host, CLAUDE.path, body))

        assert answer.status_code == 429
        assert "read again after each call of the provider's tools" in answer.json()["error"]["message"]


async def test_a_body_that_names_a_member_twice_has_no_bound(roads: Roads) -> None:
    """The provider may go by the other one."""
    twice = ASK.content[:-1] + b', "max_tokens": 10}'
    async with roads(limit("1 USD")) as road, road.client() as client:
        answer = await client.post(ASK.url, content=twice, headers=KEY)

        assert (answer.status_code, road.sim.seen) == (400, [])
        assert "it names 'max_tokens' twice" in answer.json()["error"]["message"]


async def test_what_has_no_known_price_is_refused_or_priced_at_the_dearest(roads: Roads) -> None:
    unheard = Call(ASK.host, ASK.path, {**ASK.body, "model": "a-model-nobody-knows"})
    async with roads(limit("10 USD")) as road, road.client() as client:
        assert "no price of a-model-nobody-knows is known" in (await ask(client, unheard)).text
    async with (
        roads(limit("10 USD") + "faults: {unknown_price: dearest}\n") as road,
        road.client() as client,
    ):
        assert (await ask(client, unheard)).status_code == 200


async def test_a_flat_plan_counts_in_tokens_and_not_in_dollars_and_is_never_changed(roads: Roads) -> None:
    policy = """
limits:
  - {name: money, amount: 0.000001 USD, window: day, then: [clamp, block]}
  - {name: words, amount: 2500 tokens, window: day, then: [clamp, block]}
"""
    plan = {"authorization": "Bearer " + "-".join(("sk", "ant", "oat01", "made" * 5))}
    async with roads(policy) as road, road.client() as client:
        first, second = [
            await client.post(CLAUDE.url, content=CLAUDE.content, headers=plan) for _ in range(2)
        ]
        large = Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "max_tokens": 3000})
        third = await client.post(large.url, content=large.content, headers=plan)
        rows = await road.rows()

    assert [answer.status_code for answer in (first, second, third)] == [200, 200, 429]
    assert [row.limits for row in rows] == [("words",)] * 3
    assert {row.billing for row in rows} == {Billing.NOTIONAL}


async def test_two_proxies_share_what_is_left(roads: Roads) -> None:
    """What one holds the other can't have, and what one frees the other finds."""
    policy = limit("0.03 USD", "[wait 20s, block]")
    async with (
        roads(policy) as one,
        roads(policy) as two,
        one.client() as client,
        two.client() as other,
    ):
        one.sim.scenario = SLOW
        first = asyncio.ensure_future(ask(client))
        await one.sim.wait_for(lambda seen: True)
        second = await ask(other)

        assert ((await first).status_code, second.status_code) == (200, 200)
        await two.rows()
        assert await settled(one) == (2 * COST, 0)


async def test_a_new_limit_knows_what_was_spent_before_it(roads: Roads) -> None:
    async with roads("") as road, road.client() as client:
        await ask(client)
        await road.rows()
    async with roads(limit("0.03 USD")) as road:
        assert await settled(road) == (COST, 0)


async def test_a_network_says_who_calls(roads: Roads) -> None:
    policy = """
identity: [{networks: {127.0.0.0/8: {service: ci, team: platform}}}]
limits: [{name: teams, per: team, amount: 1 USD, window: day}]
"""
    async with roads(policy) as road, road.client() as client:
        await ask(client)
        (row,) = await road.rows()
        (bucket,) = buckets(road)

    assert (row.service, row.team, row.network) == ("ci", "platform", "127.0.0.0/8")
    assert bucket.bucket.values == {"team": "platform"}


async def test_gemini_is_clamped_where_it_looks_for_it(roads: Roads) -> None:
    async with roads(limit("7k tokens", "[clamp, block]")) as road, road.client() as client:
        answer = await ask(client, GEMINI_SSE)
        await answer.aread()

        assert answer.status_code == 200
        (seen,) = road.sim.seen
        assert json.loads(seen.body.kept)["generationConfig"] == {"maxOutputTokens": 4897}
