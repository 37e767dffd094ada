"""How calls fare with rates: in which order, and when. tests/tollway/test_rates.py has the whole road."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.admitting import BODY, NOW_US
from tests.tollway.gate import Gate, gate
from tollway.admission import Admitted, TurnedAway
from tollway.waiting import Line, Place

MINUTE_US = 60_000_000
SECOND_US = 1_000_000
LARGE = {**BODY, "max_tokens": 6000}


def rates(*entries: str) -> str:
    """The section."""
    return f"rates: [{', '.join(f'{{{entry}}}' for entry in entries)}]\n"


def timed(at: Gate) -> Gate:
    """With a line whose clock is the gate's."""
    at.line = Line(poll_seconds=1000, now=lambda: at.now_us / 1_000_000)
    return at


async def stands(at: Gate, count: int) -> None:
    """Until so many wait."""
    async with asyncio.timeout(120):
        while len(at.line) != count:
            await asyncio.sleep(0.001)


def first_of(at: Gate) -> Place | None:
    """Who is first in line."""
    standing = [place for there in at.line._standing.values() for place in there.values()]
    return min(standing, key=lambda place: place.number, default=None)


def next_moment(at: Gate) -> None:
    """Let time pass until the first in line is to look again, and have it do so."""
    if (place := first_of(at)) is not None:
        if place.again is not None:
            at.now_us = max(at.now_us, round(place.again * 1_000_000) + 1)
        at.line.freed(list(place.needs))


async def test_a_call_is_called_when_its_room_comes_and_no_sooner(tmp_path: Path) -> None:
    """Its slot is a second, which ends at 12:00:01, and is out of the minute at 12:01:01."""
    async with gate(tmp_path, "", rates("name: a, allow: 1 requests / minute, then: [wait 2m]")) as at:
        timed(at)
        await at.admit("c1")
        second = asyncio.ensure_future(at.admit("c2"))
        await stands(at, 1)
        place = first_of(at)

        assert place is not None
        assert place.again == (NOW_US + MINUTE_US + SECOND_US) / 1_000_000
        at.now_us = NOW_US + MINUTE_US
        at.line.freed(list(place.needs))
        await asyncio.sleep(0.05)
        assert not second.done()
        at.now_us = NOW_US + MINUTE_US + SECOND_US
        at.line.freed(list(place.needs))
        outcome = await second

    assert isinstance(outcome, Admitted)
    assert outcome.actions == ("wait",)


async def test_the_line_s_own_timer_calls_who_is_first(tmp_path: Path) -> None:
    """Nobody frees anything, and nobody polls."""
    async with gate(tmp_path, "", rates("name: a, allow: 1 requests / minute, then: [wait 2m]")) as at:
        await at.admit("c1")
        at.now_us = NOW_US + MINUTE_US + SECOND_US - 20_000
        second = asyncio.ensure_future(at.admit("c2"))
        await stands(at, 1)
        at.now_us += 20_000
        async with asyncio.timeout(60):
            assert isinstance(await second, Admitted)


async def test_what_calls_that_end_did_not_use_is_room_for_who_waits(tmp_path: Path) -> None:
    """8,116 tokens are reserved for each, of 10,000; the first used none."""
    async with gate(tmp_path, "", rates("name: a, allow: 10k tokens / minute, then: [wait 2m]")) as at:
        timed(at)
        first = await at.admit("c1", LARGE)
        second = asyncio.ensure_future(at.admit("c2", LARGE))
        await stands(at, 1)
        await at.settle(first)
        assert isinstance(await second, Admitted)


async def test_a_smaller_call_that_came_later_waits_behind_a_larger_one(tmp_path: Path) -> None:
    """There would be room for it at once."""
    async with gate(tmp_path, "", rates("name: a, allow: 13k tokens / minute, then: [wait 2m]")) as at:
        timed(at)
        first = await at.admit("c1", LARGE)
        large = asyncio.ensure_future(at.admit("c2", LARGE))
        await stands(at, 1)
        small = asyncio.ensure_future(at.admit("c3"))
        await stands(at, 2)
        assert not small.done()
        await at.settle(first)
        assert isinstance(await large, Admitted)
        assert isinstance(await small, Admitted)


async def test_a_refusal_waits_for_the_last_of_the_rates_that_refuse(tmp_path: Path) -> None:
    """Of a second and of a minute: a call that comes when only the first has room would be refused again."""
    both = ("name: a, allow: 1 requests / second, then: [block]", "name: b, allow: 1 requests / minute")
    async with gate(tmp_path, "", rates(*both)) as at:
        await at.admit("c1")
        outcome = await at.admit("c2")

    assert isinstance(outcome, TurnedAway)
    assert (outcome.limit.name, outcome.actions) == ("a", ("block by a",))
    assert outcome.again_us == NOW_US + MINUTE_US + SECOND_US


async def test_who_would_wait_for_another_call_may_wait_for_longer_than_a_window(tmp_path: Path) -> None:
    """Tokens may be given back sooner than their window ends: that is worth a wait."""
    rate = "name: a, allow: 10k tokens / hour, then: [wait 2m]"
    async with gate(tmp_path, "", rates(rate)) as at:
        timed(at)
        first = await at.admit("c1", LARGE)
        second = asyncio.ensure_future(at.admit("c2", LARGE))
        await stands(at, 1)
        await at.settle(first)
        assert isinstance(await second, Admitted)


async def test_a_soft_limit_beside_a_rate_has_its_estimate(tmp_path: Path) -> None:
    """It holds what the call is likely to cost, whatever the rate reserves."""
    soft = "{name: day, amount: 1 USD, window: day, enforce: soft}"
    async with gate(tmp_path, soft, rates("name: a, allow: 10k tokens / minute")) as at:
        outcome = await at.admit("c1")

    assert isinstance(outcome, Admitted)
    day, rate = outcome.balances
    assert 0 < day.held < 13_000_000
    assert rate.settled + rate.held == 3_116
    assert outcome.candidate.row.bound is None


async def test_an_output_that_nothing_bounds_is_estimated_and_its_input_is_not(tmp_path: Path) -> None:
    """2,048 and its bytes of input, 1,000 of output."""
    body = {name: value for name, value in BODY.items() if name != "max_tokens"} | {"model": "nobody-knows"}
    async with gate(tmp_path, "", rates("name: a, allow: 1M tokens / minute")) as at:
        outcome = await at.admit("c1", body)

    assert isinstance(outcome, Admitted)
    (hold,) = [want.hold for want in outcome.candidate.wants]
    assert 3_048 < hold < 3_200


async def test_who_is_called_where_it_stands_lets_those_go_first_who_stand_elsewhere_by_then(
    tmp_path: Path,
) -> None:
    """It came later than somebody who was called before it, and waits in another of its buckets now."""
    two = ("name: a, allow: 1 at once, then: [wait 2m]", "name: b, allow: 2 at once, then: [wait 2m]")
    async with gate(tmp_path, "", rates(*two)) as at:
        earlier = at.line.join()
        first = await at.admit("c1")
        assert isinstance(first, Admitted)
        second = asyncio.ensure_future(at.admit("c2"))
        await stands(at, 1)
        a, b = (want.bucket.id for want in first.candidate.wants)
        at.line.stand(earlier, {b: 1})
        await at.settle(first)
        async with asyncio.timeout(60):
            while not at.line.others(earlier, b):
                await asyncio.sleep(0.001)

        assert not second.done()
        assert at.line.is_taken([a])
        at.line.leave(earlier)
        assert isinstance(await second, Admitted)
        assert at.line.is_empty


calls = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from([16, 500, 3_000, 20_000])), min_size=1, max_size=14
)


@pytest.mark.parametrize(
    "rate",
    ["allow: 12k tokens / minute", "allow: 3 requests / minute, burst: 2", "allow: 2 at once"],
)
@given(calls=calls)
@settings(deadline=None, max_examples=20)
def test_nobody_starves_and_nobody_overtakes(rate: str, calls: list[tuple[int, int]]) -> None:
    """Calls of any size come at any time, and end now and then: each is admitted, in the order they came."""

    async def run(folder: Path) -> list[str]:
        order: list[str] = []
        async with gate(folder, "", rates(f"name: a, {rate}, then: [wait 60m]")) as at:
            timed(at)

            async def one(id: str, tokens: int) -> None:
                outcome = await at.admit(id, {**BODY, "max_tokens": tokens})
                assert isinstance(outcome, Admitted)
                order.append(id)
                flying.append(outcome)

            flying: list[Admitted] = []
            tasks = []
            for n, (wait, tokens) in enumerate(calls):
                at.now_us += wait * SECOND_US
                tasks.append(asyncio.ensure_future(one(f"c{n}", tokens)))
                before = len(order), len(at.line)
                async with asyncio.timeout(60):
                    while (len(order), len(at.line)) == before:
                        await asyncio.sleep(0)
            for _ in range(500):
                if not len(at.line):
                    break
                if flying:
                    await at.settle(flying.pop(0))
                next_moment(at)
                await asyncio.sleep(0.002)
            async with asyncio.timeout(60):
                await asyncio.gather(*tasks)
        return order

    with TemporaryDirectory() as folder:
        order = asyncio.run(run(Path(folder)))
    assert order == [f"c{n}" for n in range(len(calls))]
