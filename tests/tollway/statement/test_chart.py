"""The course of a month, drawn."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.page.test_html import Read
from tollway.statement.chart import EVERY, HEIGHT, LEFT, TOP, WIDTH, course, in_words

DAYS = [f"2026-11-{n:02}" for n in range(1, 31)]
AMOUNTS = st.lists(st.integers(0, 10**18), min_size=30, max_size=30)


@given(AMOUNTS)
def test_columns_stand_in_the_picture_and_not_upon_each_other(amounts: list[int]) -> None:
    """Whatever was spent; what is not nothing has a unit of height."""
    shapes = [
        attributes for name, attributes in Read(course(DAYS, amounts, "x").text).elements if name == "rect"
    ]
    left = [int(each["x"] or 0) for each in shapes]

    assert len(shapes) == 30
    assert min(left) >= LEFT
    assert all(
        a + int(shape["width"] or 0) <= b for (a, b), shape in zip(pairwise(left), shapes, strict=False)
    )
    assert left[-1] + int(shapes[-1]["width"] or 0) <= LEFT + WIDTH
    for shape, amount in zip(shapes, amounts, strict=True):
        height = int(shape["height"] or 0)
        assert (height > 0) == (amount > 0)
        assert height <= HEIGHT
        assert int(shape["y"] or 0) + height == TOP + HEIGHT


def test_it_is_said_in_words() -> None:
    found = Read(course(DAYS, [1] * 30, "What it shows <b>").text)

    assert found.elements[0][1]["aria-label"] == "What it shows <b>"
    assert found.elements[0][1]["role"] == "img"
    assert "What it shows <b>" in found.text


def test_each_fifth_day_is_named_and_the_last() -> None:
    words = Read(course(DAYS, [1] * 30, "").text).text

    assert words.endswith("151015202530")
    assert EVERY == 5


def test_of_a_month_that_has_begun_the_first_day_is_wide() -> None:
    """And nothing breaks where nothing has been spent, or no day has begun."""
    assert "rect" in course(DAYS[:1], [5], "").text
    assert "rect" in course(DAYS[:2], [0, 0], "").text
    assert course([], [], "").text


def test_words_say_how_much_and_when() -> None:
    assert in_words(DAYS[:3], [0, 2_500_000_000, 500_000_000]) == (
        "Spent: $3 on 2 of 3 days; most, $2.5, on 2026-11-02"
    )
    assert in_words(DAYS, [0] * 30) == "Nothing was spent on any day"
