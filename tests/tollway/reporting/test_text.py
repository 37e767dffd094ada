"""The bill for pipes."""

from zoneinfo import ZoneInfo

from tests.tollway.reporting.samples import bill
from tollway.ledger.sums import Sums
from tollway.reporting.bill import Bill
from tollway.reporting.text import as_text


def test_a_row_is_a_line_of_words() -> None:
    """Aligned, in full figures, without colour or lines; as many words in each, but for names with blanks."""
    assert as_text(bill()).splitlines() == [
        "day         model            calls  input_tokens  cache_read_tokens  output_tokens  cost_usd"
        "  notional_usd  estimated_usd",
        "2026-11-22  claude-opus-4-8   1200       1234567            1000000           4321     12.34"
        "          0.00           1.00",
        "2026-11-22  -                    1             0                  -              -      0.00"
        "          0.50           0.00",
        "2026-11-23  =cmd()�[31m          2             -                  -              -      5.00"
        "          0.00           0.00",
        "total       -                 1203       1234567            1000000           4321     17.34"
        "          0.50           1.00",
    ]


def test_a_total_alone() -> None:
    """Has a heading and a line."""
    alone = Bill((), (((), Sums(3, 20_000)),), Sums(3, 20_000), ZoneInfo("UTC"))

    assert as_text(alone).splitlines() == ["calls  cost_usd", "    3  0.000020"]
