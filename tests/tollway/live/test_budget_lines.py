"""Budgets as bars."""

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.live.samples import BERLIN, plain
from tests.tollway.reporting.budget_samples import ROWS, row
from tollway.ledger.store import BucketRow
from tollway.live.budget_lines import budget_lines
from tollway.live.glyphs import ASCII
from tollway.money import NANO
from tollway.reporting.budgets import standings


def shown(*rows: BucketRow, width: int = 130, height: int = 10) -> list[str]:
    found = standings(rows, NOON_US)
    return plain(budget_lines(found, NOON_US, BERLIN, ASCII, width, height))


def test_a_wide_terminal_shows_all() -> None:
    """What is nearest to its end first; what is not hard says so."""
    assert shown(*ROWS) == [
        "budget                                                 used         left amount settled "
        " held an hour"
        " lasts resets",
        "team-day team=ml, user=-    ####################+++...  90%        $1.00 $10.00   $8.00"
        " $1.00 $0.6667"
        " 3h00m 01:00",
        "day                         #######+++................  40%        $6.00 $10.00   $3.00"
        " $1.00 $0.2500"
        " -     01:00",
        "tokens user=ann\N{REPLACEMENT CHARACTER}[31m (soft) ##........................   6% 1.88M"
        " tokens  2.00M"
        "    123k     -   10.3k -     rolling",
        "calls (shadow)              ..........................   0%    500 calls    500       0    "
        " -       -"
        " -     01:00",
    ]


def test_a_narrow_one_shows_what_matters() -> None:
    assert shown(*ROWS, width=60, height=3) == [
        "budget                              used  left an hour lasts",
        "team-day team=ml, use~ ##########+.  90% $1.00 $0.6667 3h00m",
        "day                    ####+.......  40% $6.00 $0.2500 -",
    ]


def test_what_is_spent_is_marked_by_more_than_a_colour() -> None:
    (found,) = standings([row(settled=10 * NANO)], NOON_US)
    lines = budget_lines([found], NOON_US, BERLIN, ASCII, 130, 3)

    assert "110%!" in lines[1].plain
    assert any("reverse" in str(span.style) for span in lines[1].spans)
    assert " spent " in lines[1].plain


def test_a_limit_of_nothing_is_full() -> None:
    (line,) = shown(row(amount=0, settled=0, held=0))[1:]

    assert "##########################   0%" in line


def test_a_window_that_ends_on_another_day_says_which() -> None:
    (line,) = budget_lines(standings([row()], NOON_US), NOON_US - 30 * 3_600_000_000, BERLIN, ASCII, 130, 3)[
        1:
    ]

    assert line.plain.endswith("26 Nov")


def test_without_budgets_or_room_there_are_no_lines() -> None:
    assert shown() == shown(*ROWS, height=1) == []
