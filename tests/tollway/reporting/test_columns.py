"""Which columns a bill has."""

from zoneinfo import ZoneInfo

from tests.tollway.reporting.samples import EMPTY, bill
from tollway.ledger.sums import Sums
from tollway.model import USAGE_FIELDS
from tollway.reporting.bill import Bill
from tollway.reporting.columns import UNITS, Column, Kind, columns


def test_columns() -> None:
    """What it is grouped by, then the figures that there are."""
    assert [column.name for column in columns(bill())] == [
        "day", "model", "calls", "input_tokens", "cache_read_tokens", "output_tokens", "cost_usd",
        "notional_usd", "estimated_usd",
    ]  # fmt: skip
    assert columns(bill())[3] == Column("input_tokens", Kind.COUNT, (1_234_567, 0, None), 1_234_567)


def test_what_was_saved_is_a_column_where_anything_was() -> None:
    """Beside the cost, not in it."""
    rows = ((("a",), Sums(2, 10, saved_nano=30)), (("b",), Sums(1)))
    found = columns(Bill(("model",), rows, Sums(3, 10, saved_nano=30), ZoneInfo("UTC")))

    assert found[-1] == Column("saved_usd", Kind.MONEY, (30, 0), 30)


def test_calls_and_cost_are_always_there() -> None:
    """Also of nothing."""
    assert [(column.name, column.total) for column in columns(EMPTY)] == [
        ("model", None),
        ("calls", 0),
        ("cost_usd", 0),
    ]


def test_a_total_has_no_rows() -> None:
    """It would say the same twice."""
    alone = Bill((), (((), Sums(3)),), Sums(3), ZoneInfo("UTC"))

    assert columns(alone)[0] == Column("calls", Kind.COUNT, (), 3)


def test_columns_are_usage() -> None:
    """In the vocabulary's words."""
    assert set(UNITS) < set(USAGE_FIELDS)


def test_what_is_unsettled_has_a_column_where_there_is_any() -> None:
    total = Sums(1, 10, unsettled_nano=10)
    names = [column.name for column in columns(Bill((), (), total, ZoneInfo("UTC")))]

    assert "unsettled_usd" in names
    assert "unsettled_usd" not in [column.name for column in columns(Bill((), (), Sums(1), ZoneInfo("UTC")))]


def test_a_session_says_when_its_calls_began() -> None:
    """To the minute, in the bill's zone."""
    rows = ((("s", "codex"), Sums(2, first_us=0, last_us=90 * 60_000_000)), ((None, "x"), Sums(1)))
    total = Sums(3, first_us=0, last_us=90 * 60_000_000)
    found = columns(Bill(("session", "program"), rows, total, ZoneInfo("Europe/Berlin")))

    assert found[2:4] == [
        Column("first", Kind.TEXT, ("1970-01-01T01:00", None), "1970-01-01T01:00"),
        Column("last", Kind.TEXT, ("1970-01-01T02:30", None), "1970-01-01T02:30"),
    ]
