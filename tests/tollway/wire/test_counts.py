"""Only whole, sane, non-negative numbers are counts."""

import pytest

from tollway.wire.counts import count, first, part, text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0), (7, 7), (7.0, 7), (10**12, 10**12), (7.5, None), (-1, None), (-1.0, None), (10**12 + 1, None),
        (1e300, None), (float("inf"), None), (float("nan"), None), (True, None), ("7", None), (None, None),
        ([], None),
    ],
)  # fmt: skip
def test_a_count_is_a_count(value: object, expected: int | None) -> None:
    assert count(value) == expected


def test_the_first_count_is_taken_zeros_included() -> None:
    assert first({"a": None, "b": 0, "c": 3}, "a", "b", "c") == 0
    assert first({"a": None}, "a", "b") is None


def test_a_part_is_an_object_or_empty() -> None:
    assert part({"a": {"b": 1}}, "a") == {"b": 1}
    assert part({"a": [1]}, "a") == {}
    assert part({}, "a") == {}


def test_a_text_says_something_and_is_bounded() -> None:
    assert text({"a": "xyz"}, "a", 2) == "xy"
    assert text({"a": ""}, "a") is None
    assert text({"a": 1}, "a") is None
