"""The Luhn digit."""

from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from tollway.guardrails.personal.luhn import is_luhn


@given(st.text("0123456789", min_size=1, max_size=24))
def test_it_is_what_the_library_says(digits: str) -> None:
    """Of any number, and of the one that ends rightly."""
    assert is_luhn(digits) is luhn.is_valid(digits)
    assert is_luhn(digits + luhn.calc_check_digit(digits))
