"""What a backtest says of calls, beside what really became of them: real traffic through a real proxy.

The simulator's answers cost 170,000 nano-dollars at gpt-4o; 25,993,000 are held for a call (`limited`).
"""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from tests.simulator import Simulator
from tests.tollway import mixed
from tests.tollway.backtest.samples import Seen
from tests.tollway.calls import CLAUDE, Call
from tests.tollway.limited import ASK, COST, Roads, ask, buckets, limit, roads
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway.actions import Kind, kinds
from tollway.backtest.fate import CLAMPED, REROUTED, WAITED
from tollway.ledger.open import open_recorded
from tollway.model import Billing, CallRecord
from tollway.policy.load import load
from tollway.wire.over_limit import CODE
from tollway.wire.over_rate import CODE as OVER_RATE

__all__ = ["roads"]


def apart(number: int) -> Call:
    """A call of a conversation of its own, so that no earlier turn bounds it."""
    return Call(ASK.host, ASK.path, {**ASK.body, "messages": [{"role": "user", "content": f"say h{number}"}]})


OPUS = Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "model": "claude-opus-4-8"})


def replay(road: Road, policy: str) -> Seen:
    """What a policy makes of a ledger."""
    seen = Seen(load("version: 1\n" + policy, "p.yaml"))
    with closing(open_recorded(road.ledger_url)) as books:
        seen.run(books.attempts(seen.kinds.names))
    return seen


def did(rows: list[CallRecord], kind: Kind) -> list[str]:
    """The calls to which this was done, and which left."""
    return [row.id for row in rows if kind in kinds(row.action) and row.status is not None]


async def live(roads: Roads, policy: str, calls: list[Call]) -> tuple[Seen, list[CallRecord]]:
    """Calls one after the other, and what a backtest of the same policy makes of them."""
    async with roads(policy) as road, road.client() as client:
        for call in calls:
            await ask(client, call)
            await road.rows()
        rows = await road.rows()
        return await asyncio.to_thread(replay, road, policy), rows


@pytest.mark.parametrize(
    ("policy", "refused"),
    [
        (limit("0.02651 USD"), 3),
        (limit("0.0004 USD", enforce="soft"), 4),
        (limit("3 requests"), 4),
        (limit("3200 tokens"), 4),
        ("rates: [{name: often, allow: 4 requests / hour, then: [block]}]\n", 3),
        ("limits: [{name: a, amount: 0.02651 USD, window: day, then: [block]}, {name: b, amount: 2 requests,"
         " window: month, then: [block]}]\n", 5),
    ],
    ids=["money", "soft", "requests", "tokens", "rate", "two"],
)  # fmt: skip
async def test_a_replay_refuses_the_calls_that_were_refused(roads: Roads, policy: str, refused: int) -> None:
    """Call by call: those that a limit refused are attempts in the replay, with the bound that they had."""
    seen, rows = await live(roads, policy, [apart(n) for n in range(7)])

    were = [row.id for row in rows if row.error in (CODE, OVER_RATE)]
    assert (seen.refused, len(were)) == (were, refused)
    assert seen.tally.total.then == seen.tally.total.now
    assert (seen.tally.let_in.calls, seen.tally.undone_nano) == (0, 0)


async def test_a_replay_clamps_to_what_calls_were_clamped_to(roads: Roads) -> None:
    """(14,000,000 - 8,993,000) / 17,000 = 294 tokens for the first; from the fifth on fewer than 256."""
    seen, rows = await live(roads, limit("0.014 USD", "[clamp, block]"), [apart(n) for n in range(6)])

    assert seen.did(CLAMPED) == did(rows, Kind.CLAMP)
    assert len(seen.did(CLAMPED)) >= 3
    said = {
        row.id: f"clamp {seen.fates[row.id].here.load.holds[3]}" for row in rows if row.status is not None
    }
    assert said == {row.id: row.action for row in rows if row.status is not None}
    assert seen.refused == [row.id for row in rows if row.error == CODE]


DOWN = """
limits: [{name: opus, match: {model: "*opus*"}, amount: 2 requests, window: day, then: [{route: down}]}]
routes: {down: [{from: "claude-opus-*", to: anthropic/claude-haiku-4-5}]}
"""
LEVEL = """
limits: [{name: month, amount: 0.00034 USD, window: month, enforce: soft, at: {50%: {route: economy}}}]
routes: {economy: [{from: gpt-4o, to: openai/gpt-4o-mini}]}
"""
ALWAYS = """
routes: {economy: [{from: gpt-4o, split: [{50%: openai/same}, {50%: openai/gpt-4o-mini}]}]}
always: [{route: economy}]
"""


@pytest.mark.parametrize(
    ("policy", "call"), [(DOWN, OPUS), (LEVEL, ASK), (ALWAYS, ASK)], ids=["wall", "level", "always"]
)
async def test_a_replay_moves_the_calls_that_were_moved(roads: Roads, policy: str, call: Call) -> None:
    """From the model that was asked for to the one that answered, at what it cost there."""
    seen, rows = await live(roads, policy, [call] * 5)

    moved = did(rows, Kind.ROUTE)
    assert seen.did(REROUTED) == moved
    assert moved or policy is ALWAYS
    total = seen.tally.total
    assert (total.now.cost_nano, total.now.rerouted) == (total.then.cost_nano, total.then.rerouted)
    assert {row.id: seen.fates[row.id].here.target.model for row in rows if row.id in moved} == {
        row.id: row.model for row in rows if row.id in moved
    }


async def test_without_the_route_the_same_calls_cost_what_was_asked_for(roads: Roads) -> None:
    """What the route saved is undone: seen by whoever wants to take it out of the policy."""
    async with roads(LEVEL) as road, road.client() as client:
        for _ in range(3):
            await ask(client)
            await road.rows()
        seen = await asyncio.to_thread(replay, road, "")

    total = seen.tally.total
    assert total.now.cost_nano == 3 * COST
    assert seen.tally.undone_nano == total.saved_nano == total.then.cost_nano - 3 * COST < 0


async def test_a_shadow_limit_and_a_backtest_count_the_same(roads: Roads) -> None:
    """A limit in shadow, and then the same in a backtest: as hard it refuses the calls that the shadow had no
    room for as they came, and as shadow it has charged after each what the live one had."""
    amount = "0.0006 USD"
    standing = dict[str, int]()
    async with roads(limit(amount, enforce="shadow")) as road, road.client() as client:
        for _ in range(6):
            (before,) = [row.settled for row in buckets(road)] or [0]
            await ask(client)
            rows = await road.rows()
            standing[rows[-1].id] = before
        hard = await asyncio.to_thread(replay, road, limit(amount))
        shadow = await asyncio.to_thread(replay, road, limit(amount, enforce="shadow"))
        (after,) = [row.settled for row in buckets(road)]

    no_room = [id for id, settled in standing.items() if settled + COST > 600_000]
    assert hard.refused == no_room == list(standing)[3:]
    assert shadow.refused == []
    assert [id for id, fate in shadow.fates.items() if fate.over] == no_room
    assert spent(shadow) == after == 6 * COST
    assert hard.tally.total.saved_nano == 3 * COST


async def test_alerts_of_a_shadow_limit_come_when_they_came(roads: Roads) -> None:
    """Told by the levels: each once, at the call that came to it."""
    policy = limit("0.00085 USD", enforce="shadow", alerts=["20%", "60%", "100%"])
    seen, rows = await live(roads, policy, [ASK] * 6)

    (found,) = seen.tally.effects.values()
    assert found.alerts == {level: [rows[number].ended_us] for level, number in ((20, 0), (60, 2), (100, 4))}


async def test_calls_at_once_are_refused_or_wait_as_they_did(roads: Roads) -> None:
    """Two of them fit at once: the third waits until one of them settles, as it waited then."""
    from tests.tollway.limited import SLOW

    policy = limit("0.06 USD", "[wait 20s, block]")
    async with roads(policy) as road, road.client() as client:
        road.sim.scenario = SLOW
        await asyncio.gather(*(ask(client) for _ in range(3)))
        rows = await road.rows()
        seen = await asyncio.to_thread(replay, road, policy)

    assert len(seen.did(WAITED)) == len(did(rows, Kind.WAIT)) == 1
    assert seen.refused == []


def spent(seen: Seen) -> int:
    """What the one purse has charged."""
    (purse,) = next(iter(seen.kinds._kinds.values())).purses
    return purse.settled


async def test_a_mixed_run_fares_as_it_did(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Calls of every family and of every end, under a policy that has some of everything: moved, clamped,
    refused, or left alone, and what they cost to the nano-dollar."""
    async with running_road(tmp_path, sim, policy=mixed.POLICY) as road:
        await mixed.run(road)
        rows = await road.rows()
        seen = await asyncio.to_thread(replay, road, mixed.POLICY.replace("version: 1\n", ""))

    assert seen.refused == [row.id for row in rows if row.error == CODE]
    assert seen.did(CLAMPED) == did(rows, Kind.CLAMP)
    assert seen.did(REROUTED) == did(rows, Kind.ROUTE)
    assert (len(seen.refused), len(seen.did(CLAMPED)), len(seen.did(REROUTED))) == (1, 1, 1)
    assert seen.tally.total.now == seen.tally.total.then
    assert seen.tally.total.then.cost_nano == sum(
        row.cost.nano for row in rows if row.billing is Billing.METERED
    )
