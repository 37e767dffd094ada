"""Bars and sparklines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.live.glyphs import ASCII, BLOCKS, fit, glyphs


@pytest.mark.parametrize(
    ("settled", "held", "cells"),
    [
        (0.0, 0.0, (0, 0, 10)),
        (0.5, 0.0, (5, 0, 5)),
        (0.5, 0.2, (5, 2, 3)),
        (0.001, 0.0, (1, 0, 9)),
        (0.999, 0.0, (9, 0, 1)),
        (0.5, 0.001, (4, 1, 5)),
        (0.01, 0.06, (1, 1, 8)),
        (0.001, 0.999, (1, 9, 0)),
        (0.0, 0.001, (0, 1, 9)),
        (0.0, 1.0, (0, 10, 0)),
        (1.0, 0.0, (10, 0, 0)),
        (3.0, 0.5, (5, 5, 0)),
        (-1.0, 0.0, (0, 0, 10)),
    ],
)
def test_a_bar_shows_what_is_settled_held_and_left(
    settled: float, held: float, cells: tuple[int, int, int]
) -> None:
    """A little of something is a cell, and what is not full does not look so."""
    assert BLOCKS.bar(settled, held, 10) == cells


@given(st.floats(-1, 5), st.floats(0, 5), st.integers(0, 60))
def test_a_bar_is_as_wide_as_it_is_to_be(settled: float, held: float, width: int) -> None:
    cells = BLOCKS.bar(settled, held, width)

    assert sum(cells) == width
    assert min(cells) >= 0
    if width > 2:
        assert [cell > 0 for cell in cells[:2]] == [settled > 0 and settled + held > 0, held > 0]


def test_a_sparkline_has_the_latest_values_the_highest_full() -> None:
    assert BLOCKS.sparkline([9, 0, 1, 4, 8], 4) == " ▁▄█"
    assert ASCII.sparkline([1, 4, 8], 5) == "  .=#"


def test_a_little_is_seen_and_nothing_is_not() -> None:
    assert BLOCKS.sparkline([0, 1, 10_000], 3) == " ▁█"
    assert BLOCKS.sparkline([0, -5], 2) == BLOCKS.sparkline([], 2) == "  "
    assert BLOCKS.sparkline([1, 2], 0) == ""


def test_a_terminal_without_unicode_gets_ascii() -> None:
    assert [glyphs(name) for name in ("utf-8", "UTF8", "iso-8859-1", "ascii")] == [
        BLOCKS,
        BLOCKS,
        ASCII,
        ASCII,
    ]


def test_a_text_is_cut_to_its_room() -> None:
    assert [fit("abcdef", width) for width in (6, 5, 1, 0)] == ["abcdef", "abcd…", "…", ""]
    assert [fit("日本語", width) for width in (6, 5, 4)] == ["日本語", "日本…", "日 …"]
