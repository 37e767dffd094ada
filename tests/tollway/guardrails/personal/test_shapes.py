"""The shapes of numbers."""

import pytest

from tollway.guardrails.personal.shapes import numbers

ALL = frozenset(
    "8 9 10 11 12 13 14 15 16 17 18 19 17X 8L 8l l7l 8-4 6-4 6-3L 6-5 4-4-4-4-3 4-4-4-4 4-4-4 4-6-5 3-2-4"
    " 3.2.4 3-3-3 3.3.3-2 3-3-4 3.4.4.2 2-3-3-3 2.2.2-3.2 nir 2L6L iban L7L 4L6 6L2".split()
) | {"2L 6L"}


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("12345678", "8"),
        ("1234567890123456789", "19"),
        ("12345678Z", "8L"),
        ("12345678-Z", "8L"),
        ("12345678z", "8l"),
        ("x1234567l", "l7l"),
        ("rssmra85t10a562s", "6L2"),
        ("ab123456c", "2L6L"),
        ("12345678901234567X", "17X"),
        ("850509-1234", "6-4"),
        ("19850509-1234", "8-4"),
        ("131052A308T", "6-3L"),
        ("120585 12345", "6-5"),
        ("2234 5678 9012 3456", "4-4-4-4"),
        ("2234-5678-9012-3456-789", "4-4-4-4-3"),
        ("2234 5678 9012", "4-4-4"),
        ("1234 567890 12345", "4-6-5"),
        ("123-45-6789", "3-2-4"),
        ("123 45 6789", "3.2.4"),
        ("123.456.789", "3-3-3"),
        ("123\u00a0456\u00a07890", "3-3-4"),
        ("123.456.789-01", "3.3.3-2"),
        ("756.1234.5678.90", "3.4.4.2"),
        ("12 345 678 901", "2-3-3-3"),
        ("85.05.12-123.45", "2.2.2-3.2"),
        ("1 85 05 2A 006 084 36", "nir"),
        ("AB 12 34 56 C", "2L 6L"),
        ("AB123456C", "2L6L"),
        ("AB12 34 56 C", "2L6L"),
        ("X1234567L", "L7L"),
        ("X-1234567-L", "L7L"),
        ("RSSMRA85T10A562S", "6L2"),
        ("ABCD850512HDFRRL09", "4L6"),
    ],
)
def test_a_shape_is_seen_wherever_it_stands(text: str, shape: str) -> None:
    """Whole: between spaces, at the end of a sentence, after the letter of a line break in JSON."""
    for before, after in (("", ""), ("is ", ", ok"), ("(", ")"), (r"a\n", r"\nb"), ("é: ", "."), ("=", "\n")):
        assert (shape, len(before), len(before) + len(text)) in numbers(before + text + after, ALL)


@pytest.mark.parametrize("text", ["DE89370400440532013000", "GB29 NWBK 6016", "de89 3704 0044"])
def test_an_account_is_seen_where_it_begins(text: str) -> None:
    """Its country says how it goes on."""
    shape, start, _ = next(numbers(f"to {text}", ALL))

    assert (shape, start) == ("iban", 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1234567",
        "x12345678",
        "_12345678",
        "0.12345678",
        "12345678.5",
        "12345678901234567890",
        "3f2a9c1e-1234-1234-1234-123456789012",
        "1234-1234-1234-1234-a",
        "12:43:09",
        "v1.2.3",
        "1-1-1-1-1-1-1-1",
    ],
)
def test_what_is_part_of_something_else_has_none(text: str) -> None:
    """Of a word, a fraction, a longer number, a UUID."""
    assert list(numbers(text, ALL - {"12"})) == []


def test_a_number_begins_anew_after_a_separator() -> None:
    """A card after a date is seen."""
    assert ("4-4-4-4", 11, 30) in list(numbers("2026-11-29 2234 5678 9012 3456", ALL))


def test_only_wanted_shapes_are_looked_for() -> None:
    """Digits on end by their number."""
    text = "123456789 1234567890123456 123-45-6789"

    assert list(numbers(text, {"16"})) == [("16", 10, 26)]
    assert list(numbers(text, {"9", "3-2-4"})) == [("9", 0, 9), ("3-2-4", 27, 38)]
    assert list(numbers(text, set())) == []
