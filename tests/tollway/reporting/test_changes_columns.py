"""Two bills as columns, in each form."""

import io
from decimal import Decimal

import pytest
from hypothesis import given
from rich.console import Console

from tests.tollway.reporting.test_changes import ROWS, of
from tollway.ledger.sums import Sums
from tollway.money import NANO
from tollway.reporting.changes import Change, Changes, movers
from tollway.reporting.changes_columns import columns, title
from tollway.reporting.columns import Kind
from tollway.reporting.sheet import of_columns
from tollway.reporting.table import fitted
from tollway.reporting.text import aligned

FOUND = of(
    {(1,): Change(Sums(2, 3 * NANO), Sums(1, 2 * NANO)), (2,): Change(Sums(1, NANO), Sums(3, 2 * NANO))}
)


def test_a_table_says_both_and_by_how_much() -> None:
    assert aligned(columns(FOUND)).splitlines() == [
        "n      calls  calls_before  cost_usd  before_usd  difference_usd  percent",
        "1          2             1      3.00        2.00           +1.00   +50.0%",
        "2          1             3      1.00        2.00           -1.00   -50.0%",
        "total      3             4      4.00        4.00            0.00     0.0%",
    ]
    assert title(FOUND).startswith("AI calls, 2026-11-01 00:00 to 2026-12-01 00:00, against 2026-10-01")


@pytest.mark.parametrize("width", [48, 60, 80])
def test_no_figure_is_cut_in_a_narrow_terminal(width: int) -> None:
    """Columns make way: what is left can be read, and what is not is named."""
    change = Change(Sums(999, 123_456 * NANO), Sums(9_999, 654_321 * NANO))
    pair = FOUND.pair
    found = Changes(
        ("provider", "model"), ((("anthropic", "claude-opus-4-8"), change),), change, pair, FOUND.zone
    )
    screen = io.StringIO()
    console = Console(file=screen, width=width, color_system=None, legacy_windows=False)
    console.print(fitted("two months", columns(found), width))
    (row,) = [line for line in screen.getvalue().splitlines() if line.startswith(" anth")]

    assert "123,456.00" in row
    assert "-530,865.00" in row
    assert row.count("…") <= 2  # the names


def test_a_sheet_has_no_total_and_figures_stay_figures() -> None:
    assert of_columns(columns(FOUND)).splitlines() == [
        "n,calls,calls_before,cost_usd,before_usd,difference_usd,percent",
        "1,2,1,3,2,1,50.0",
        "2,1,3,1,2,-1,-50.0",
    ]


def test_plans_have_columns_where_there_are_any() -> None:
    plan = Changes(("n",), (), Change(Sums(), Sums(notional_nano=5)), FOUND.pair, FOUND.zone)

    assert [column.name for column in columns(plan)][-2:] == ["notional_usd", "notional_before_usd"]


def test_what_is_left_out_is_a_row() -> None:
    """The last one; a total alone has none."""
    alone = Changes((), (((), FOUND.total),), FOUND.total, FOUND.pair, FOUND.zone, (1, FOUND.total))

    assert columns(movers(of({(n,): Change(Sums(1, n), Sums()) for n in range(5)}), 1))[0].values == (
        4,
        "4 others",
    )
    assert columns(alone)[0].values == ()


@given(ROWS)
def test_rows_add_up_to_the_total(rows: dict[tuple[int], Change]) -> None:
    """In columns, and in a sheet as it is read."""
    found = movers(of(rows), 2)
    for column in columns(found):
        if column.kind in (Kind.MONEY, Kind.CHANGE, Kind.COUNT):
            assert sum(value for value in column.values if isinstance(value, int)) == column.total
    head, *lines = [line.split(",") for line in of_columns(columns(found)).splitlines()]
    costs = [int(Decimal(line[head.index("cost_usd")]) * NANO) for line in lines]
    assert sum(costs) == found.total.now.cost_nano
