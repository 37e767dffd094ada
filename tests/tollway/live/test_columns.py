"""Columns within a terminal's width."""

from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from tests.tollway.live.samples import plain
from tollway.live.columns import Column, table
from tollway.reporting.figures import printable

NAME = Column(name="name", cells=["ann", Text("bartholomew")], least=5)
COST = Column(name="$", cells=["1.25", Text("10")], right=True)
NOTE = Column(name="note", cells=[Text("x"), Text("yes")])
ALL = [NAME, COST, NOTE]


def shown(width: int) -> list[str]:
    return plain(table(ALL, width, ["note"], "~"))


def test_texts_begin_and_figures_end_where_their_column_does() -> None:
    assert shown(40) == ["name           $ note", "ann         1.25 x", "bartholomew   10 yes"]


def test_what_may_be_cut_is_cut_first() -> None:
    assert shown(17) == ["name       $ note", "ann     1.25 x", "bartho~   10 yes"]


def test_then_columns_are_left_out() -> None:
    assert shown(14) == ["name         $", "ann       1.25", "bartholo~   10"]


def test_no_column_has_no_cells() -> None:
    assert plain(table([Column(name="a", cells=[])], 10, [], "~")) == [""]


@given(st.integers(1, 60), st.lists(st.text(max_size=30), min_size=1, max_size=3))
def test_no_line_is_longer_than_there_is_room(width: int, texts: list[str]) -> None:
    plain = [printable(text) for text in texts]
    styled = [Text(text, style="bold") for text in plain]
    columns = [Column(name="a", cells=styled), Column(name="b", cells=plain, least=3, right=True)]

    assert all(line.cell_len <= width for line in table(columns, width, ["a"], "~"))
