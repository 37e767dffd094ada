"""Numbers that people write when they need any."""

import pytest

from tollway.guardrails.personal.placeholder import has_filler, is_placeholder


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [
        ("000000000", True),
        ("123456789", True),
        ("987654321", True),
        ("890123456", True),
        ("1212121212", True),
        ("123123123", True),
        ("1231231231", True),
        ("123456780", False),
        ("219456789", False),
        ("112233445", False),
    ],
)
def test_a_placeholder_is_one_digit_or_counts_or_repeats(digits: str, is_one: bool) -> None:
    """Two or three digits over and over, too."""
    assert is_placeholder(digits) is is_one


@pytest.mark.parametrize(
    ("digits", "has"),
    [
        ("4000000012345", True),
        ("4912345670001", True),
        ("4976543210001", True),
        ("4900000012301", False),
        ("123", False),
    ],
)
def test_a_filler_is_seven_digits(digits: str, has: bool) -> None:
    """The same, or counting, anywhere."""
    assert has_filler(digits) is has
