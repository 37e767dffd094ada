"""Lines as columns, cut so that they still add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.ledger.sums import Sums
from tollway.reporting.columns import Kind
from tollway.statement.section import Section, of_lines, summed
from tollway.statement.statement import Line

AMOUNTS = st.integers(0, 10**15)


@given(
    st.lists(
        st.builds(
            lambda now, plan, before: Line(("x", None), Sums(1, now, plan), before), AMOUNTS, AMOUNTS, AMOUNTS
        ),
        max_size=9,
    ),
    st.integers(1, 9),
)
def test_rows_add_up_to_the_total(lines: list[Line], most: int) -> None:
    """However many are shown."""
    columns = of_lines(("a", "b"), lines, most, compares=True)

    assert len(columns[0].values) == min(len(lines), most)
    for column in columns:
        if column.kind in (Kind.MONEY, Kind.COUNT, Kind.CHANGE):
            assert sum(value for value in column.values if isinstance(value, int)) == column.total


def test_the_rest_is_one_row() -> None:
    lines = [Line((str(n), "p"), Sums(1, n)) for n in (5, 3, 2)]

    names, other, calls, cost = of_lines(("a", "b"), lines, 2, compares=False)

    assert names.values == ("5", "2 others")
    assert other.values == ("p", None)
    assert (calls.values, cost.values, cost.total) == ((1, 2), (5, 5), 10)


def test_a_change_is_in_per_cent_of_what_was_before() -> None:
    columns = of_lines(("a",), [Line(("x",), Sums(1, 150), 100), Line(("y",), Sums(1, 5))], 9, compares=True)

    section = Section("t", columns, "c", "none")
    assert section.column("percent").values == ("50.0", None)
    assert section.column("difference_usd").total == 55
    assert not section.is_empty
    with pytest.raises(StopIteration):
        section.column("nope")


def test_nothing_sums_up_to_nothing() -> None:
    assert summed([]) == Line((), Sums(), 0)


def test_a_column_that_says_nothing_is_left_out() -> None:
    """But the first."""
    lines = [Line((None, None, "x"), Sums(1)), Line((None, None, None), Sums(1))]

    assert [column.name for column in of_lines(("a", "b", "c"), lines, 9, compares=False)][:3] == [
        "a",
        "c",
        "calls",
    ]
