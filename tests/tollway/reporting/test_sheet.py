"""The bill as CSV."""

import csv
import io
from zoneinfo import ZoneInfo

from tests.tollway.reporting.samples import EMPTY, bill
from tollway.ledger.sums import Sums
from tollway.model import USAGE_FIELDS
from tollway.reporting.bill import Bill
from tollway.reporting.columns import Column, Kind
from tollway.reporting.sheet import as_csv, of_columns

HEADER = ["calls", *USAGE_FIELDS, "cost_usd", "notional_usd", "estimated_usd", "saved_usd", "unsettled_usd"]


def test_every_field_has_its_column() -> None:
    """Empty where nothing was reported; money exact; no total, which would be added up again."""
    rows = list(csv.DictReader(io.StringIO(as_csv(bill()))))

    assert list(rows[0]) == ["day", "model", *HEADER]
    assert {name: text for name, text in rows[0].items() if text} == {
        "day": "2026-11-22", "model": "claude-opus-4-8", "calls": "1200", "input_tokens": "1234567",
        "cache_read_tokens": "1000000", "output_tokens": "4321", "cost_usd": "12.34", "notional_usd": "0",
        "estimated_usd": "1", "saved_usd": "0", "unsettled_usd": "0",
    }  # fmt: skip
    assert rows[1]["model"] == ""
    assert rows[1]["input_tokens"] == "0"
    assert rows[1]["cache_read_tokens"] == ""
    assert len(rows) == 3


def test_no_cell_is_a_formula() -> None:
    """What a client chose, no spreadsheet runs."""
    assert list(csv.reader(io.StringIO(as_csv(bill()))))[3][1] == "'=cmd()�[31m"


def test_an_empty_bill_is_its_header() -> None:
    """So that a program finds the columns."""
    assert as_csv(EMPTY) == ",".join(["model", *HEADER]) + "\n"


def test_columns_are_a_sheet_too() -> None:
    """Money exact, nothing where there is nothing, no total; texts are no formulas."""
    columns = [
        Column("user", Kind.TEXT, ("=x", None), "total"),
        Column("calls", Kind.COUNT, (1, None), 1),
        Column("difference_usd", Kind.CHANGE, (-5, None), -5),
        Column("percent", Kind.PERCENT, ("-5.0", None)),
    ]

    assert of_columns(columns).splitlines() == [
        "user,calls,difference_usd,percent",
        "'=x,1,-0.000000005,-5.0",
        ",,,",
    ]


def test_a_session_says_when_its_calls_began() -> None:
    rows = ((("s",), Sums(2, first_us=0, last_us=90 * 60_000_000)),)
    found = as_csv(Bill(("session",), rows, Sums(2), ZoneInfo("Europe/Berlin"))).splitlines()

    assert found[0].startswith("session,first,last,calls,")
    assert found[1].startswith("s,1970-01-01T01:00:00+01:00,1970-01-01T02:30:00+01:00,2,")
