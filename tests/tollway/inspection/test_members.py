"""`tollway.inspection.members`: members by the type that they should have."""

import pytest

from tollway.inspection.members import MOST, listed, number, string


def test_the_first_text_that_says_something() -> None:
    """Other types, and what is empty, are passed over."""
    source = {"a": 1, "b": "", "c": "said", "d": "not"}

    assert string(source, "a", "b", "c", "d") == "said"
    assert string(source, "a", "none") == ""


@pytest.mark.parametrize(("value", "n"), [(3, 3), (-1, 9), (True, 9), (1.0, 9), (2**31, 9), (None, 9)])
def test_a_number_that_counts(value: object, n: int) -> None:
    """Else what is said to stand for it."""
    assert number({"a": value}, "a", 9) == n


def test_objects_of_a_list() -> None:
    """What is none is left out; no list has none."""
    assert listed([{"a": 1}, 2, {}]) == [{"a": 1}, {}]
    assert listed({"a": 1}) == []
    assert len(listed([{}] * (MOST + 1))) == MOST
