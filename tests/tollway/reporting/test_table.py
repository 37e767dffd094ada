"""The bill in a terminal."""

import io
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from tests.tollway.reporting.samples import bill
from tollway.ledger.sums import Sums
from tollway.reporting.bill import Bill
from tollway.reporting.table import as_table


def shown(of: Bill, width: int) -> list[str]:
    """The lines that a terminal without colour shows."""
    screen = io.StringIO()
    console = Console(file=screen, width=width, color_system=None, legacy_windows=False)
    console.print(as_table(of, width))
    return [line.rstrip() for line in screen.getvalue().splitlines()]


def test_a_wide_terminal_shows_all() -> None:
    """Short figures; a day stands where it begins; the total at the foot, and what needs a word below."""
    assert shown(bill(), 110) == [
        "AI calls, since 2026-11-22 00:00, Europe/Berlin",
        "",
        " day         model            calls  input  cached  output  cost $  notional $  estimated $",
        " ──────────────────────────────────────────────────────────────────────────────────────────",
        " 2026-11-22  claude-opus-4-8  1,200  1.23M   1.00M   4,321   12.34        0.00         1.00",
        "             -                    1      0       -       -    0.00        0.50         0.00",
        " 2026-11-23  =cmd()�[31m          2      -       -       -    5.00        0.00         0.00",
        "",
        " total                        1,203  1.23M   1.00M   4,321   17.34        0.50         1.00",
        "",
        "estimated: the part of the cost that rests on an estimate",
        "notional: what the calls under a flat plan would have cost; not in the cost",
    ]


def test_a_narrow_terminal_shows_what_matters() -> None:
    """And says what it left out; figures are never cut."""
    assert shown(bill(), 46) == [
        "AI calls, since 2026-11-22 00:00,",
        "Europe/Berlin",
        "",
        " day         model            calls  cost $",
        " ──────────────────────────────────────────",
        " 2026-11-22  claude-opus-4-8  1,200   12.34",
        "             -                    1    0.00",
        " 2026-11-23  =cmd()�[31m          2    5.00",
        "",
        " total                        1,203   17.34",
        "",
        "no room for estimated $, cached, input,",
        "output, notional $",
    ]


@pytest.mark.parametrize("width", range(36, 100))
def test_a_table_fits(width: int) -> None:
    """Whatever the terminal: long texts are cut, figures are not."""
    lines = shown(bill(), width)

    assert max(map(len, lines)) <= width
    assert any(line.endswith(("17.34", "1.00", "0.50")) for line in lines if line.startswith(" total"))


def test_a_total_alone() -> None:
    """Has no rows."""
    alone = Bill((), (((), Sums(3, 5 * 10**12)),), Sums(3, 5 * 10**12), ZoneInfo("UTC"), None, 10**15)

    assert shown(alone, 60) == [
        "AI calls, until 2001-09-09 01:46, UTC",
        "",
        " calls    cost $",
        " ───────────────",
        "",
        "     3  5,000.00",
        "",
    ]
