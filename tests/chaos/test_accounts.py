"""The accounting of a run, by hand: a call costs 1,000 x 3 + 200 x 15 = 6,000 micro-dollars."""

from typing import Any

import pytest

from tests.chaos.accounts import account, is_lost
from tests.chaos.calls import Call
from tests.tollway.ledger.samples import call
from tollway.model import CallRecord, Cost

REAL = 6_000_000
CALLS = [Call("a"), Call("b"), Call("c")]


def seen(name: str, **fields: Any) -> dict[str, Any]:
    """A request as the simulator remembers it: served in full, or with these fields."""
    served = {"status": 200, "complete": True, "events_written": 12}
    return {"headers": [["X-Chaos", name]], **served, **fields}


def row(name: str, nano: int = REAL, **fields: Any) -> CallRecord:
    """Its row."""
    flags = fields.pop("flags", ())
    return call(name, tags={"n": name}, cost=Cost(output_nano=nano, flags=flags), **fields)


def test_what_a_call_really_costs() -> None:
    """With its cache: 100 x 5 + 900 x 0.50 + 200 x 25 micro-dollars of the dearer model."""
    assert CALLS[0].real_nano() == REAL
    cached = Call("d", model="claude-opus-4-8", cache_read_tokens=900)
    assert cached.real_nano() == 500_000 + 450_000 + 5_000_000


def test_a_good_run() -> None:
    """Two were served, one was refused."""
    found = account(
        CALLS, [seen("a"), seen("b")], [row("a"), row("b"), row("c", 0, action="block")], 2 * REAL
    )

    assert found.good
    assert (found.calls, found.served, found.refused) == (3, 2, 1)
    assert (found.settled_nano, found.real_nano, found.at_bound) == (2 * REAL, 2 * REAL, 0)


def test_what_the_provider_billed_or_the_ledger_charged_beyond_the_amount_is_over() -> None:
    """Whichever is more; so is what was held at some moment."""
    both = [seen("a"), seen("b")]
    assert account(CALLS, both, [row("a"), row("b", 1)], REAL).over_nano == REAL
    assert account(CALLS, [seen("a")], [row("a", 9 * REAL)], REAL).over_nano == 8 * REAL
    assert account(CALLS, [seen("a")], [row("a")], REAL, peak_nano=REAL + 1).over_nano == 1
    assert account(CALLS, both, [row("a"), row("b")]).over_nano == 0


@pytest.mark.parametrize(
    ("request_fields", "kept", "lost"),
    [
        ({}, None, True),
        ({}, row("a", 0), True),
        ({"complete": False}, row("a", 0), True),
        ({"complete": False}, row("a", 0, error="not_taken"), False),
        ({"status": 429}, row("a", 0), False),
        ({"status": None, "events_written": 0}, row("a", 0), False),
        ({}, row("a", 1), False),
    ],
)
def test_a_call_is_lost_if_nothing_accounts_for_it(
    request_fields: dict[str, Any], kept: CallRecord | None, lost: bool
) -> None:
    """No row, or one that costs nothing though the provider answered and did not disown it."""
    assert is_lost(seen("a", **request_fields), kept) is lost


def test_open_rows_of_the_dead_are_holds_left() -> None:
    """Lost ones are charged."""
    rows = [row("a", state="open"), row("b", state="lost", flags=("charged_at_bound",))]
    found = account(CALLS, [seen("a"), seen("b")], rows, 9 * REAL)

    assert (found.held, found.at_bound, found.settled_nano, found.good) == (1, 1, REAL, False)
