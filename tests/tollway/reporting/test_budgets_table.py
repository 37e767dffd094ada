"""Budgets in a terminal."""

import io

import pytest
from rich.console import Console

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.reporting.budget_samples import budgets, row
from tollway.budget.amounts import Unit
from tollway.money import NANO
from tollway.reporting.budgets import Budgets, standings
from tollway.reporting.budgets_table import as_table, short


def shown(of: Budgets, width: int, colours: bool = False) -> list[str]:
    """The lines that a terminal shows."""
    screen = io.StringIO()
    console = Console(
        file=screen,
        width=width,
        color_system="standard" if colours else None,
        force_terminal=colours,
        legacy_windows=False,
    )
    console.print(as_table(of, width))
    return [line.rstrip() for line in screen.getvalue().splitlines()]


def test_a_wide_terminal_shows_all() -> None:
    """Short figures; what is not hard says so."""
    assert shown(budgets(holds=(), flat=()), 130) == [
        "Budgets, Europe/Berlin",
        "",
        " limit           bucket           used          left  amount  settled   held  an hour"
        "  lasts until   resets",
        " " + 112 * "─",
        " team-day        team=ml, user=-   90%         $1.00  $10.00    $8.00  $1.00  $0.6667"
        "  25 Nov 16:00  26 Nov 01:00",
        " day             -                 40%         $6.00  $10.00    $3.00  $1.00  $0.2500"
        "  -             26 Nov 01:00",
        " tokens (soft)   user=ann\N{REPLACEMENT CHARACTER}[31m      6%  1.88M tokens   2.00M     123k      -"
        "    10.3k  -             rolling",
        " calls (shadow)  -                  0%     500 calls     500        0      -        -"
        "  -             26 Nov 01:00",
        "",
    ]


def test_a_narrow_terminal_shows_what_matters() -> None:
    """And says what it left out."""
    assert shown(budgets(holds=(), flat=()), 70) == [
        "Budgets, Europe/Berlin",
        "",
        " limit           bucket           used          left  lasts until",
        " " + 65 * "─",
        " team-day        team=ml, user=-   90%         $1.00  25 Nov 16:00",
        " day             -                 40%         $6.00  -",
        " tokens (soft)   user=ann\N{REPLACEMENT CHARACTER}[31m      6%  1.88M tokens  -",
        " calls (shadow)  -                  0%     500 calls  -",
        "",
        "no room for settled, held, an hour, amount, resets",
    ]


@pytest.mark.parametrize("width", range(30, 120, 5))
def test_no_line_is_longer_than_the_terminal(width: int) -> None:
    """Names are cut, figures are not."""
    assert max(map(len, shown(budgets(), width))) <= width


@pytest.mark.parametrize(
    ("settled", "code"), [(NANO, "\x1b[1m"), (8 * NANO, "\x1b[33m"), (11 * NANO, "\x1b[1;31m")]
)
def test_colours_say_how_near_the_end_is(settled: int, code: str) -> None:
    """Yellow from 80 percent on, red where nothing is left."""
    one = budgets(standings=standings([row(settled=settled, held=0)], NOON_US), holds=(), flat=())

    assert any(f"{code}{settled * 10 // NANO:3}%" in line for line in shown(one, 130, colours=True))


def test_what_was_spent_beyond_the_amount_has_its_sign() -> None:
    """As a soft limit may have it."""
    assert short(-5 * NANO // 2, Unit.USD) == "-$2.50"
    assert short(-1_234_567, Unit.TOKENS) == "-1.23M"
    assert short(0, Unit.REQUESTS) == "0"
