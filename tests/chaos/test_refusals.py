"""Refusals, judged by hand: 10 dollars, of which calls took some, one after another."""

from typing import Any

from tests.chaos.calls import Call
from tests.chaos.refusals import refusals
from tests.tollway.ledger.samples import NOON_US, call
from tollway.model import CallRecord, Cost
from tollway.money import NANO

SECOND = 1_000_000
CALLS = {name: Call(name) for name in ("a", "b", "c", "d")}
REAL = CALLS["a"].real_nano()


def row(name: str, start: int, end: int, dollars: int = 0, **fields: Any) -> CallRecord:
    """From one second to another."""
    return call(
        name, started_us=NOON_US + start * SECOND, ended_us=NOON_US + end * SECOND, tags={"n": name},
        cost=Cost(output_nano=dollars * NANO), **fields,
    )  # fmt: skip


def need(row: CallRecord, call: Call) -> int:
    """Each call needs 3 dollars."""
    return 3 * NANO


def test_a_refusal_with_less_left_than_a_need_is_right() -> None:
    """8 of 10 were settled when it was refused."""
    found = refusals([row("a", 0, 5, 8), row("b", 1, 6, action="wait 5 s, block")], CALLS, 10 * NANO, need)

    assert (found.calls, found.refused, found.false) == (2, 1, 0)
    assert (found.stranded_nano, found.need_nano) == (2 * NANO, 3 * NANO)
    assert found.looseness == 3 * NANO / REAL
    assert found.good


def test_a_refusal_with_more_left_is_false() -> None:
    """At second 4 nothing was settled yet: what was held is not spent."""
    found = refusals([row("a", 0, 5, 8), row("b", 1, 4, action="block")], CALLS, 10 * NANO, need)

    assert (found.false, found.good) == (1, False)
    assert found.stranded_nano == 2 * NANO


def test_what_is_stranded_counts_when_all_in_flight_has_settled() -> None:
    """The first refusal is at second 4, c ends at 9: 6 + 2 are settled; d began later, and does not count."""
    rows = [row("a", 0, 3, 6), row("b", 1, 4, action="block"), row("c", 2, 9, 2), row("d", 5, 10, 1)]
    found = refusals(rows, CALLS, 10 * NANO, need)

    assert found.stranded_nano == 2 * NANO


def test_more_stranded_than_a_need_is_not_good() -> None:
    """Though no refusal was false by the figures: it is a budget that can't be spent."""
    rows = [row("a", 0, 3, 8), row("b", 1, 4, action="block")]
    found = refusals(rows, CALLS, 10 * NANO, lambda row, call: 2 * NANO - 1)

    assert not found.good
    assert refusals(rows, CALLS, 10 * NANO, lambda row, call: 2 * NANO).good


def test_none_refused_is_good() -> None:
    """There is nothing to judge."""
    found = refusals([row("a", 0, 5, 8)], CALLS, 10 * NANO, need)

    assert (found.stranded_nano, found.need_nano, found.looseness, found.good) == (None, None, None, True)
