"""Calls that wait for what a limit has not left yet, over the whole road."""

import asyncio

import httpx
import pytest

from tests.simulator import Scenario
from tests.tollway.limited import COST, SLOW, Roads, ask, buckets, limit, roads, settled
from tests.tollway.road import Road
from tollway.hooks.budget import Budget
from tollway.policy.load import load
from tollway.proxy import put_in_force

__all__ = ["roads"]


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
