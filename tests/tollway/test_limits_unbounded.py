"""Limits and calls that have no bound, no price, or that nothing reads, over the whole road."""

import json

import pytest

from tests.simulator import Scenario
from tests.tollway.calls import BATCH, CLAUDE, TALK, UNKNOWN, Call
from tests.tollway.limited import ASK, KEY, Roads, ask, limit, roads, settled
from tollway.rows import VIOLATED

__all__ = ["roads"]


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
        assert (row.operation, row.limits, row.action, row.error) == (
            "batch",
            ("day",),
            "block by day",
            "batch",
        )
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
