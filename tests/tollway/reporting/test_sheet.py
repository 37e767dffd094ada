"""The bill as CSV."""

import csv
import io

from tests.tollway.reporting.samples import EMPTY, bill
from tollway.model import USAGE_FIELDS
from tollway.reporting.sheet import as_csv

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
