"""Bars and columns: exact, and said in words."""

from typing import Any

import pytest

from tests.tollway.page.test_html import Read
from tollway.page.bars import CHART, WIDTH, budget_bar, columns, share_bar
from tollway.page.html import Markup


def widths(found: Markup) -> dict[str, int]:
    """The width of each rectangle of a bar, by what it stands for."""
    shapes = [attributes for name, attributes in Read(found.text).elements if name == "rect"]
    return {str(each["class"]): int(each["width"] or 0) for each in shapes}


@pytest.mark.parametrize(
    ("settled", "held", "amount", "shown"),
    [
        (0, 0, 100, {"settled": 0, "held": 0}),
        (50, 25, 100, {"settled": 80, "held": 40}),
        (1, 1, 10**15, {"settled": 1, "held": 1}),
        (100, 0, 100, {"full": 160, "held": 0}),
        (99, 1, 100, {"full": 158, "held": 1}),
        (300, 100, 100, {"full": 120, "held": 40}),
        (10**18, 1, 10**18, {"full": 159, "held": 1}),
        (0, 0, 0, {"full": 0, "held": 0}),
        (5, 0, 0, {"full": 160, "held": 0}),
    ],
)
def test_a_budget_is_settled_held_and_left(settled: int, held: int, amount: int, shown: Any) -> None:
    """What is not nothing has a pixel; no bar is longer than it may be."""
    found = widths(budget_bar(settled, held, amount, "x"))

    assert found == {"left": WIDTH, **shown}


def test_shares_are_of_the_largest() -> None:
    assert [widths(share_bar(amount, 8, "x"))["settled"] for amount in (0, 1, 8)] == [0, 20, WIDTH]
    assert widths(share_bar(0, 0, "x")) == {"settled": 0}


def test_columns_stand_side_by_side() -> None:
    """The highest as high as can be; nothing has none."""
    shapes = [each for name, each in Read(columns([0, 1, 4, 2], "x").text).elements if name == "rect"]

    assert [int(each["height"] or 0) for each in shapes] == [CHART // 4, CHART, CHART // 2]
    assert [int(each["x"] or 0) for each in shapes] == [15, 30, 45]
    assert [int(each["y"] or 0) + int(each["height"] or 0) for each in shapes] == [CHART] * 3


def test_no_amounts_are_an_axis() -> None:
    assert [name for name, _ in Read(columns([], "x").text).elements] == ["svg", "title", "line"]


def test_each_says_in_words_what_it_shows() -> None:
    for found in (budget_bar(1, 1, 4, "50% <used>"), columns([1], "50% <used>")):
        (name, attributes), *_ = Read(found.text).elements
        assert (name, attributes["role"], attributes["aria-label"]) == ("svg", "img", "50% <used>")
        assert "<title>50% &lt;used&gt;</title>" in found.text
