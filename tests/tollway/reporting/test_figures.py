"""Values as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.reporting.figures import compact, decimals, exact_decimals, fixed, printable, signed


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("gpt-5", "gpt-5"),
        (None, "-"),
        ("", "-"),
        (429, "429"),
        ("a\x1b[2Jb\n", "a�[2Jb�"),
        ("ein Modell", "ein Modell"),
    ],
)
def test_printable(value: str | int | None, text: str) -> None:
    """One line, with nothing in it that a terminal obeys."""
    assert printable(value) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"), (999, "999"), (9_999, "9,999"), (10_000, "10.0k"), (99_949, "99.9k"), (99_950, "100k"),
        (999_499, "999k"), (999_500, "1.00M"), (1_234_567, "1.23M"), (50_024_597_891, "50.0B"),
        (10**12, "1.00T"),
    ],
)  # fmt: skip
def test_compact(count: int, text: str) -> None:
    """Three digits from 10,000 on, rounded half up."""
    assert compact(count) == text


@given(st.integers(0, 10**17))
def test_compact_is_short(count: int) -> None:
    """Whatever is counted."""
    assert len(compact(count)) <= 5


@pytest.mark.parametrize(
    ("nano", "places", "text"),
    [
        (0, 2, "0.00"),
        (5_000_000, 2, "0.01"),
        (4_999_999, 2, "0.00"),
        (1_234_567_890_123, 2, "1;234.57"),
        (999_999_999, 4, "1.0000"),
        (123, 9, "0.000000123"),
    ],
)
def test_fixed(nano: int, places: int, text: str) -> None:
    """Rounded half up, with the separator that was asked for."""
    assert fixed(nano, places, ";") == text


@pytest.mark.parametrize(
    ("amounts", "places"),
    [
        ([], 2),
        ([0], 2),
        ([10**9, 10**8], 2),
        ([10**9, 99_999_999], 4),
        ([10**6], 4),
        ([10**4], 6),
        ([9_999], 9),
    ],
)
def test_decimals(amounts: list[int], places: int) -> None:
    """Two digits of the smallest amount that is not zero."""
    assert decimals(amounts) == places


@pytest.mark.parametrize(
    ("amounts", "places"),
    [([], 2), ([0, 10**9], 2), ([10**8], 2), ([1_230_000_000], 2), ([1_234_000_000], 3), ([-1], 9)],
)
def test_exact_decimals(amounts: list[int], places: int) -> None:
    """All digits of each amount."""
    assert exact_decimals(amounts) == places


def test_signed() -> None:
    assert [signed(nano, 2, ",", "+") for nano in (10**13, -(10**13), 0)] == [
        "+10,000.00",
        "-10,000.00",
        "0.00",
    ]
    assert signed(5, 9) == "0.000000005"
