"""Sums that are kept up as calls begin and end are those over the calls."""

from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.ledger.samples import NOON_US, call
from tollway.ledger.store import Course, Slot
from tollway.live.span import MINUTE_US
from tollway.live.spent import BY, Spent
from tollway.model import Billing, Cost

COURSE = Course(by=BY, since_us=NOON_US, slot_us=MINUTE_US)
SLOTS = range(NOON_US, NOON_US + 10 * MINUTE_US, MINUTE_US)


def spent(*slots: Slot, **fields: Any) -> Spent:
    return Spent(COURSE, slots, fields.get("flying", ()))


def slot(user: str | None, cost_nano: int, at_us: int = NOON_US) -> Slot:
    group = (user, None, "m", "openai", None)
    return Slot(start_us=at_us, group=group, calls=1, cost_nano=cost_nano, notional_nano=0)


def test_what_was_there_before_counts() -> None:
    found = spent(slot("ann", 5), slot("bob", 7), slot("ann", 1, SLOTS[1])).dearest("user", 9, SLOTS[:2])

    assert [(line.value, line.calls, line.cost_nano, line.course) for line in found] == [
        ("bob", 1, 7, (7, 0)),
        ("ann", 2, 6, (5, 1)),
    ]


def test_a_call_that_ends_counts_once() -> None:
    """What it was thought to cost while it was in flight counts no longer, also where it flew before."""
    flying = call("a", state="open", user="ann", model="m", provider="openai", cost=Cost(input_nano=5))
    both = spent(slot("ann", 5), flying=[flying])
    both.take(call("b", state="open", user="ann", cost=Cost(input_nano=50)))
    for id in ("a", "b"):
        both.take(call(id, user="ann", model="m", provider="openai", cost=Cost(input_nano=3)))

    (line,) = both.dearest("user", 9, SLOTS[:1])
    assert (line.calls, line.cost_nano, line.course) == (2, 6, (6,))


def test_flat_plans_are_counted_apart() -> None:
    one = spent()
    one.take(call(user="ann", billing=Billing.NOTIONAL, cost=Cost(input_nano=9)))

    total = one.total(SLOTS[:1])
    assert (total.calls, total.cost_nano, total.notional_nano, total.course) == (1, 0, 9, (0,))


def test_what_began_before_the_course_does_not_count() -> None:
    one = spent()
    one.take(call(started_us=NOON_US - 1))

    assert one.total(SLOTS).calls == 0


def test_slots_that_are_over_go_and_so_do_values_of_them_alone() -> None:
    one = spent(slot("ann", 5), slot("bob", 7, SLOTS[1]))
    one.drop_before(SLOTS[1])
    one.drop_before(SLOTS[0])  # as a clock may be set back

    assert [line.value for line in one.dearest("user", 9, SLOTS)] == ["bob"]
    assert (one.total(SLOTS).calls, one.total(SLOTS).cost_nano) == (1, 7)
    assert list(one.counts(SLOTS[:2])) == [(0, 0), (1, 7)]


def test_only_the_dearest_are_shown() -> None:
    """Of those that cost the same, those of more calls."""
    one = spent(slot("a", 1), slot("b", 3), slot("c", 2), slot(None, 3), slot(None, 0))

    assert [line.value for line in one.dearest("user", 3, SLOTS)] == [None, "b", "c"]


@dataclass(frozen=True)
class Told:
    """A call, as it begins and as it ends."""

    user: str | None
    minute: int
    estimate: int
    cost: int
    ends: bool
    metered: bool


CALLS = st.lists(
    st.builds(
        Told, user=st.sampled_from(["ann", "bob", None]), minute=st.integers(-1, 9),
        estimate=st.integers(0, 9), cost=st.integers(0, 9), ends=st.booleans(), metered=st.booleans(),
    ),
    max_size=12,
)  # fmt: skip


@given(calls=CALLS, data=st.data())
def test_in_whatever_order_calls_begin_and_end_the_sums_are_right(
    calls: list[Told], data: st.DataObject
) -> None:
    def told(n: int, ended: bool) -> Any:
        one = calls[n]
        return call(
            str(n), state="done" if ended else "open", started_us=NOON_US + one.minute * MINUTE_US,
            user=one.user, billing=Billing.METERED if one.metered else Billing.NOTIONAL,
            cost=Cost(input_nano=one.cost if ended else one.estimate),
        )  # fmt: skip

    found = spent()
    for n in range(len(calls)):
        found.take(told(n, ended=False))
    for n in data.draw(st.permutations(range(len(calls)))):
        if calls[n].ends:
            found.take(told(n, ended=True))

    counted = [one for one in calls if one.minute >= 0]
    total = found.total(SLOTS)
    assert total.calls == len(counted)
    assert total.cost_nano == sum(one.cost if one.ends else one.estimate for one in counted if one.metered)
    assert sum(total.course) == total.cost_nano
    assert total.notional_nano == sum(
        one.cost if one.ends else one.estimate for one in counted if not one.metered
    )
    assert sum(line.cost_nano for line in found.dearest("user", 9, SLOTS)) == total.cost_nano


def test_a_row_that_stands_for_several_counts_as_so_many() -> None:
    found = spent()
    found.take(call(calls=3))

    assert found.total(SLOTS).calls == 3
