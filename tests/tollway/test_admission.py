"""One call's way through its limits. tests/tollway/test_limits.py has it over the whole road."""

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tollway.admitting import BODY, ENDPOINT, HOLD, NOW_US, REQUEST, asked, candidate
from tests.tollway.gate import gate, limit
from tests.tollway.ledger.samples import call
from tollway.admission import Admission, Admitted, TurnedAway
from tollway.model import Cost, Source, Usage
from tollway.waiting import Line


async def test_a_call_that_fits_is_admitted_as_it_is(tmp_path: Path) -> None:
    async with gate(tmp_path, limit("1 USD", "clamp, block")) as at:
        outcome = await at.admit()

    assert isinstance(outcome, Admitted)
    assert (outcome.actions, outcome.candidate.clamp) == ((), None)
    assert [(balance.held, balance.settled) for balance in outcome.balances] == [(HOLD, 0)]


async def test_a_clamp_is_tried_only_from_where_it_stands(tmp_path: Path) -> None:
    """The wait comes first, and can't help: only then is it clamped."""
    async with gate(tmp_path, limit("0.015 USD", "wait 1s, clamp, block")) as at:
        outcome = await at.admit()

    assert isinstance(outcome, Admitted)
    assert outcome.actions == ("clamp 353",)


async def test_all_limits_that_refuse_must_have_it_clamped(tmp_path: Path) -> None:
    limits = ", ".join(
        (limit("0.015 USD", "clamp, block"), limit("0.016 USD", "block", name="other", window="month"))
    )
    async with gate(tmp_path, limits) as at:
        outcome = await at.admit()

    assert isinstance(outcome, TurnedAway)
    assert (outcome.limit.name, outcome.actions) == ("day", ("block by day",))


async def test_a_policys_floor_holds_for_its_clamps(tmp_path: Path) -> None:
    async with gate(tmp_path, limit("0.015 USD", "clamp, block", floor="354")) as at:
        outcome = await at.admit()

    assert isinstance(outcome, TurnedAway)
    assert outcome.balance is not None
    assert outcome.hold == 2_116 * 4_250 + 354 * 17_000


async def test_a_call_waits_until_another_settles_and_then_passes_whole(tmp_path: Path) -> None:
    async with gate(tmp_path, limit("0.03 USD", "wait 60s, block")) as at:
        first = await at.admit("c1")
        second = asyncio.ensure_future(at.admit("c2"))
        await at.waits()
        await at.settle(first)
        outcome = await second

        assert isinstance(outcome, Admitted)
        assert (outcome.actions, outcome.candidate.clamp, len(at.line)) == (("wait",), None, 0)


async def test_a_call_that_waited_is_clamped_to_what_is_left(tmp_path: Path) -> None:
    """What the first one cost is gone: 30,000,000 - 10,000,000 - 2,116 * 4,250 = 11,007,000, 647 tokens."""
    async with gate(tmp_path, limit("0.03 USD", "clamp, wait 60s, block")) as at:
        first = await at.admit("c1")
        second = asyncio.ensure_future(at.admit("c2"))
        await at.waits()
        await at.settle(first, 10_000_000)
        outcome = await second

    assert isinstance(outcome, Admitted)
    assert outcome.actions == ("wait", "clamp 647")


async def test_who_is_clamped_while_others_wait_leaves_them_room(tmp_path: Path) -> None:
    """The other needs 2,116 * 4,250 + 256 * 17,000 = 13,345,000, and so does this one, of 70,000,000.

    With half of what is beyond the other's, 28,327,500, it has 1,922 tokens, where it could have had 3,588;
    the other one has the rest, 28,333,000 in all.
    """
    body = BODY | {"max_tokens": 4000}
    async with gate(tmp_path, limit("0.08 USD", "clamp, wait 60s, block")) as at:
        first = await at.admit("c1", body=body)
        both = [asyncio.ensure_future(at.admit(id, body=body)) for id in ("c2", "c3")]
        async with asyncio.timeout(120):
            while len(at.line) < 2:
                await asyncio.sleep(0.001)
        await at.settle(first, 10_000_000)
        outcomes = [await one for one in both]

    assert all(isinstance(outcome, Admitted) for outcome in outcomes)
    assert [outcome.actions for outcome in outcomes] == [("wait", "clamp 1922"), ("wait", "clamp 1137")]


async def test_a_share_is_never_below_the_floor(tmp_path: Path) -> None:
    """Of 13,350,000 next to nothing is beyond what the other needs: one takes its least, the other waits."""
    async with gate(tmp_path, limit("0.03 USD", "clamp, wait 60s, block")) as at:
        first = await at.admit("c1")
        second = asyncio.ensure_future(at.admit("c2"))
        await at.waits()
        third = asyncio.ensure_future(at.admit("c3"))
        async with asyncio.timeout(120):
            while len(at.line) < 2:
                await asyncio.sleep(0.001)
        await at.settle(first, 16_650_000)
        outcome = await second
        assert not third.done()
        third.cancel()

    assert isinstance(outcome, Admitted)
    assert outcome.actions == ("wait", "clamp 256")


async def test_a_bound_is_tightened_before_an_answer_is_clamped(tmp_path: Path) -> None:
    """With its bytes for tokens it would have to be; the last turn's report leaves room for all of it.

    A turn told of 10 tokens; what is new, and the seam, come to 302 more, at 4,250; 1,000 at 17,000.
    """
    said = BODY["messages"]
    assert isinstance(said, list)
    body = BODY | {"messages": [*said, {"role": "assistant", "content": "hi"}]}
    async with gate(tmp_path, limit("0.02 USD", "clamp, block")) as at:
        learn = at.policy.learner(candidate(at.policy), lambda: REQUEST, True)
        assert learn is not None
        learn(call(usage=Usage(input_tokens=10), cost=Cost(source=Source.COMPUTED)))
        outcome = await at.admit(body=body)

    assert isinstance(outcome, Admitted)
    assert outcome.actions == ()
    assert [balance.held for balance in outcome.balances] == [312 * 4_250 + 17_000_000]


async def test_a_wait_ends_at_its_time(tmp_path: Path) -> None:
    async with gate(tmp_path, limit("0.03 USD", "wait 10ms, block")) as at:
        await at.admit("c1")
        outcome = await at.admit("c2")

    assert isinstance(outcome, TurnedAway)
    assert (outcome.actions, outcome.held_by_others, outcome.hold) == (("wait", "block by day"), True, HOLD)


async def test_a_second_wait_is_as_long_as_it_says(tmp_path: Path) -> None:
    """The first ends in vain; what is settled during the second lets it pass."""
    async with gate(tmp_path, limit("0.03 USD", "wait 1ms, clamp, wait 60s, block")) as at:
        first = await at.admit("c1")
        second = asyncio.ensure_future(at.admit("c2"))
        async with asyncio.timeout(120):
            while len(at.places) < 2:
                await asyncio.sleep(0.001)
        await at.settle(first)
        outcome = await second

    assert isinstance(outcome, Admitted)
    assert outcome.actions == ("wait",)


async def test_nobody_waits_for_what_can_not_come(tmp_path: Path) -> None:
    async with gate(tmp_path, limit("0.02 USD", "wait 60m, block")) as at:
        outcome = await at.admit()

    assert isinstance(outcome, TurnedAway)
    assert (outcome.actions, outcome.held_by_others, at.places) == (("block by day",), False, [])


async def test_tools_of_the_provider_are_capped_to_what_is_left(tmp_path: Path) -> None:
    """A turn may cost 0.561 USD, a search 0.01: 3.416 for five searches, 2.274 for three, 1.132 for one."""
    body = {"model": "gpt-4o", "input": "news", "max_output_tokens": 1000, "tools": [{"type": "web_search"}]}
    endpoint = replace(ENDPOINT, dialect="openai_responses")
    async with gate(tmp_path, limit("6.83 USD", "clamp, block")) as here:
        fared = [await here.admit(id, body=body, endpoint=endpoint) for id in ("c1", "c2", "c3", "c4")]

    assert [each.actions for each in fared] == [
        ("clamp 5 tool calls",), ("clamp 3 tool calls",), ("clamp 1 tool calls",), ("block by day",),
    ]  # fmt: skip


async def test_who_comes_later_stands_behind_who_waits(tmp_path: Path) -> None:
    """Though it is small enough to fit by itself."""
    async with gate(tmp_path, limit("0.03 USD", "wait 60s, block")) as at:
        first = await at.admit("c1")
        second = asyncio.ensure_future(at.admit("c2"))
        await at.waits()
        third = asyncio.ensure_future(at.admit("c3"))
        async with asyncio.timeout(120):
            while len(at.line) < 2:
                await asyncio.sleep(0.001)
        await at.settle(first)
        admitted = await second
        assert not third.done()
        await at.settle(admitted)

        assert isinstance(await third, Admitted)


async def test_who_stands_behind_others_needs_no_more_than_its_tightened_bound(tmp_path: Path) -> None:
    """Those before it leave it that much room, and not what its bytes would need: 312 tokens at 4,250."""
    said = BODY["messages"]
    assert isinstance(said, list)
    body = BODY | {"messages": [*said, {"role": "assistant", "content": "hi"}]}
    async with gate(tmp_path, limit("0.03 USD", "wait 60s, block")) as at:
        learn = at.policy.learner(candidate(at.policy), lambda: REQUEST, True)
        assert learn is not None
        learn(call(usage=Usage(input_tokens=10), cost=Cost(source=Source.COMPUTED)))
        first = await at.admit("c1")
        waiting = [asyncio.ensure_future(at.admit("c2", body=body))]
        await at.waits()
        waiting.append(asyncio.ensure_future(at.admit("c3", body=body)))
        async with asyncio.timeout(120):
            while len(at.line) < 2:
                await asyncio.sleep(0.001)
        needs = [[*place.needs.values()] for place in at.places]
        await at.settle(first)
        for one in waiting:
            await at.settle(await one)

    assert needs == [[312 * 4_250 + 17_000_000]] * 2


async def test_who_is_sent_away_holds_nothing(tmp_path: Path) -> None:
    async with gate(tmp_path, limit("0.03 USD", "wait 60s, block")) as at:
        first = await at.admit("c1")
        second = asyncio.ensure_future(at.admit("c2"))
        await at.waits()
        behind = asyncio.ensure_future(at.admit("c3"))
        async with asyncio.timeout(120):
            while len(at.places) < 2:
                await asyncio.sleep(0.001)
        for place in at.places:
            at.line.send_away(place)
        gone = [await second, await behind]
        await at.settle(first)

        assert [isinstance(one, TurnedAway) and one.gone for one in gone] == [True, True]
        again = await at.admit("c4")
    assert isinstance(again, Admitted)
    assert [balance.held for balance in again.balances] == [HOLD]


ROUTES = "routes: {r: [{from: gpt-4o, to: openai/gpt-4o-mini}], s: [{from: gpt-4o, to: groq/x}]}"


async def test_a_route_leads_to_the_targets_own_limits(tmp_path: Path) -> None:
    limits = ", ".join(
        (
            limit("0.001 USD", "{route: r}, block", match="{model: gpt-4o}"),
            limit("1 USD", "block", name="mini", match='{model: "*mini"}'),
        )
    )
    async with gate(tmp_path, limits, ROUTES) as at:
        outcome = await at.admit()

    assert isinstance(outcome, Admitted)
    assert outcome.actions == ("route r",)
    assert outcome.candidate.moved is not None
    assert (outcome.candidate.row.model, outcome.candidate.row.limits) == ("gpt-4o-mini", ("mini",))


async def test_a_route_that_leads_nowhere_is_skipped_with_the_reason(tmp_path: Path) -> None:
    async with gate(tmp_path, limit("0.001 USD", "{route: s}, block"), ROUTES) as at:
        outcome = await at.admit()

    assert isinstance(outcome, TurnedAway)
    assert outcome.actions[0].startswith("route s skipped: groq/x: ")
    assert outcome.actions[1] == "block by day"


async def test_what_can_not_be_held_may_be_where_a_route_leads(tmp_path: Path) -> None:
    """No price of it is known, the target's is; without a route it is refused with the reason."""
    body = {"model": "unheard-of", "max_tokens": 10, "messages": [{"role": "user", "content": "x"}]}
    more = "routes: {r: [{from: unheard-of, to: openai/gpt-4o-mini}]}"
    async with gate(tmp_path, limit("1 USD", "clamp, wait 1s, {route: r}, block"), more) as at:
        assert isinstance(await at.admit(body=body), Admitted)
    async with gate(tmp_path, limit("1 USD", "clamp, wait 1s, block", name="b")) as at:
        outcome = await at.admit("c2", body=body)

    assert isinstance(outcome, TurnedAway)
    assert outcome.reason is not None
    assert "no price of unheard-of is known" in outcome.reason


@pytest.mark.parametrize("nano", [10_000_000, 29_999_000])
async def test_a_window_that_ends_meanwhile_lets_who_waits_start_in_the_next(
    tmp_path: Path, nano: int
) -> None:
    async with gate(tmp_path, limit("0.03 USD", "wait 60s, block")) as at:
        first = await at.admit("c1")
        second = asyncio.ensure_future(at.admit("c2"))
        await at.waits()
        at.now_us += 12 * 3_600_000_000
        await at.settle(first, nano)
        outcome = await second

    assert isinstance(outcome, Admitted)
    assert outcome.candidate.row.started_us == NOW_US + 12 * 3_600_000_000
    assert [balance.settled for balance in outcome.balances] == [0]


async def test_a_call_that_was_read_under_another_policy_meets_the_one_in_force(tmp_path: Path) -> None:
    """It is put in force after the call was read, and before it is held."""
    async with gate(tmp_path, limit("1 USD", "block")) as at:
        first = candidate(at.policy, asked())
        ways = at.policy.ways(first, lambda: REQUEST, lambda: NOW_US)
        await at.adopt(limit("0.02 USD", "clamp, block", name="other"))
        outcome = await Admission(at.ledger, at.line, ways, lambda: NOW_US).run(first)

    assert isinstance(outcome, Admitted)
    assert outcome.candidate.row.limits == ("other",)
    assert outcome.actions == ("clamp 647",)
    assert [balance.bucket.limit for balance in outcome.balances] == ["other"]


async def test_what_another_policy_says_is_to_be_done_is_done_from_the_first_on(tmp_path: Path) -> None:
    """It had come to its second wait, the third of what the former says; the new one does not say as much."""
    then = "clamp, wait 1ms, wait 60s, block"
    async with gate(tmp_path, limit("0.03 USD", then)) as at:
        first = await at.admit("c1")
        second = asyncio.ensure_future(at.admit("c2"))
        async with asyncio.timeout(120):
            while len(at.places) < 2:
                await asyncio.sleep(0.001)
        await at.adopt(limit("0.015 USD", "clamp, block"))
        await at.settle(first)
        outcome = await second

    assert isinstance(outcome, Admitted)
    assert outcome.actions == ("wait", "clamp 353")


async def test_a_wait_is_no_shorter_for_looking_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first in line looks every quarter of a second: in an hour, more often than a call is tried."""
    monkeypatch.setattr("tollway.admission.MOST_TRIES", 3)
    async with gate(tmp_path, limit("0.03 USD", "wait 60m, block")) as at:
        at.line = Line(poll_seconds=0.001)
        first = await at.admit("c1")
        second = asyncio.ensure_future(at.admit("c2"))
        looks = 0
        async with asyncio.timeout(120):
            while looks < 20:
                await at.ledger.reap(NOW_US)  # behind whatever was asked before
                looks += len(at.line)
        await at.settle(first)
        outcome = await second

    assert isinstance(outcome, Admitted)


async def test_no_call_is_tried_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes no further than the first of two targets."""
    monkeypatch.setattr("tollway.admission.MOST_TRIES", 1)
    async with gate(tmp_path, limit("0.001 USD", "{route: r}, block"), ROUTES) as at:
        outcome = await at.admit("c1")

    assert isinstance(outcome, TurnedAway)
    assert (outcome.actions, outcome.balance, outcome.held_by_others) == (
        ("route r", "block by day"),
        None,
        True,
    )
