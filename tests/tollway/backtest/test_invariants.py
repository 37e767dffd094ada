"""What holds of every replay, whatever the calls."""

from collections import defaultdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.backtest.samples import DAY_US, call, refused, replay
from tests.tollway.ledger.samples import NOON_US
from tollway.budget.amounts import Amounts
from tollway.model import CallRecord

USERS = ("ann", "ben", None)
DOWN = "routes: {down: [{from: gpt-4o, to: openai/gpt-4o-mini}]}\n"


@st.composite
def ledgers(draw: st.DrawFn) -> list[CallRecord]:
    """Calls of some days: at once or one after the other, with bounds or without, some refused."""
    found: list[CallRecord] = []
    at = 0.0
    for number in range(draw(st.integers(0, 25))):
        at += draw(st.sampled_from([0, 1, 30, 600, 40_000]))
        fields: dict[str, Any] = {
            "user": draw(st.sampled_from(USERS)), "model": draw(st.sampled_from(["gpt-4o", "gpt-4.1"])),
        }  # fmt: skip
        if draw(st.integers(0, 9)) == 0:
            found.append(refused(str(number), at, **fields))
            continue
        nano = draw(st.integers(0, 900))
        if draw(st.booleans()):
            most = nano + draw(st.integers(1, 900))
            fields["bound"] = Amounts(nano=most, input_tokens=90, output_tokens=900, requests=1)
        found.append(call(str(number), at, draw(st.sampled_from([0, 2, 100])), nano, **fields))
    return found


def limit(amount: int, then: str = "block", more: str = "") -> str:
    return f"limits: [{{name: a, amount: {amount / 10**9:.9f} USD, window: day, then: [{then}]{more}}}]\n"


@given(ledgers())
def test_a_limit_that_is_never_reached_does_nothing(calls: list[CallRecord]) -> None:
    found = replay(limit(10**9, "clamp, {route: down}, wait 3s, block") + DOWN, calls)

    assert found.refused == [] == found.did("rerouted") + found.did("waited") + found.did("clamped")
    total = found.tally.total
    assert total.now.cost_nano == total.then.cost_nano == sum(each.cost.nano for each in calls)


@given(
    ledgers(),
    st.integers(0, 4_000),
    st.sampled_from(["block", "clamp, block", "wait 60s, block"]),
    st.booleans(),
)
def test_what_is_admitted_in_a_window_is_never_more_than_its_amount(
    calls: list[CallRecord], amount: int, then: str, per: bool
) -> None:
    """However many calls are in flight at once, waited, or were clamped."""
    found = replay(limit(amount, then, ", per: user" if per else ""), calls)

    spent = defaultdict[Any, int](int)
    for each in calls:
        fate = found.fates.get(each.id)
        if fate is None:
            nano, window = each.cost.nano, each.started_us // DAY_US
        elif fate.refused is None:
            nano = fate.here.load.nano
            window = fate.here.kind.purses[0].bucket.start_us // DAY_US
        else:
            continue
        spent[window, each.user if per else None] += nano
    assert all(nano <= amount for nano in spent.values())


@given(st.lists(st.integers(1, 900), max_size=25), st.integers(0, 5_000), st.integers(0, 5_000))
def test_a_tighter_limit_lets_no_more_money_pass(costs: list[int], one: int, other: int) -> None:
    """One call after the other. It may refuse fewer calls, if they are dearer."""
    calls = [call(str(n), n * 10, 1, nano) for n, nano in enumerate(costs)]
    tight, wide = (replay(limit(amount), calls).tally.total.now.cost_nano for amount in sorted((one, other)))

    assert tight <= wide


@given(st.integers(0, 25), st.integers(0, 5_000), st.integers(0, 5_000))
def test_of_calls_that_cost_the_same_a_tighter_limit_refuses_no_fewer(
    count: int, one: int, other: int
) -> None:
    calls = [call(str(n), n * 10, 1, 300) for n in range(count)]
    tight, wide = (len(replay(limit(amount), calls).refused) for amount in sorted((one, other)))

    assert tight >= wide


POLICIES = (
    limit(900, "clamp, {route: down}, wait 3s, block", ", at: {50%: {route: down}}") + DOWN,
    limit(900, "wait 100s, block", ", per: user")
    + "rates: [{name: r, allow: 3 requests / minute, then: [wait 5s, block]}]",
    "limits: [{name: a, amount: 0.000000900 USD, window: rolling 10m, enforce: soft, then: [block]}]\n"
    "access: [{deny: {user: ben}}]",
)


@settings(deadline=None)
@given(ledgers(), st.sampled_from(POLICIES), st.integers(0, DAY_US))
def test_everything_is_accounted_for(calls: list[CallRecord], policy: str, since: int) -> None:
    """What is saved is what entries save, and what is undone; every call of the span is counted, once."""
    found = replay(policy, calls, since_us=NOON_US + since - 1)
    counted = [each for each in calls if each.started_us >= NOON_US + since - 1]

    tally, total = found.tally, found.tally.total
    assert total.calls == len(counted)
    assert total.then.cost_nano == sum(each.cost.nano for each in counted)
    assert total.saved_nano == sum(each.saved_nano for each in tally.effects.values()) + tally.undone_nano
    assert total.now.refused == sum(each.refused for each in tally.effects.values()) + tally.kept_refused
    assert len(found.refused) == total.now.refused - tally.kept_refused


@given(ledgers(), st.sampled_from(POLICIES))
def test_the_same_calls_have_the_same_fate(calls: list[CallRecord], policy: str) -> None:
    one, other = replay(policy, calls), replay(policy, calls)

    assert one.refused == other.refused
    assert one.tally.total == other.tally.total


@given(ledgers(), st.sampled_from(POLICIES))
def test_in_the_end_nobody_waits_and_nothing_is_held(calls: list[CallRecord], policy: str) -> None:
    found = replay(policy, calls)

    assert all(not purse.line for purse in found.kinds._purses.values())
    assert all(purse.held == 0 for purse in found.kinds._purses.values())
    assert not found._ends
