"""Numbering plans: the same answers as the library's own parser gives."""

from random import Random

import phonenumbers
import pytest

from tollway.guardrails.personal.numbering import is_international, is_national


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_a_number_of_each_country_is_assigned(region: str) -> None:
    """Its mobile ones, and those of its lines."""
    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
        number = phonenumbers.example_number_for_type(region, kind)
        if number is not None and "55501" not in str(number.national_number):
            written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

            assert is_international(written[1:])


def test_the_library_says_the_same() -> None:
    """Of any numbers: those that it has for films apart."""
    chance = Random(7)
    for _ in range(2_000):
        code = chance.choice((1, 33, 34, 39, 41, 43, 44, 46, 48, 49, 55, 81, 91, 800, 999))
        digits = f"{code}{chance.randrange(10 ** chance.randint(5, 11))}"
        number = phonenumbers.parse(f"+{digits}") if code != 999 else None

        expected = number is not None and phonenumbers.is_valid_number(number)
        if number is not None:  # without a prefix that is not dialled from abroad
            digits = f"{code}{phonenumbers.national_significant_number(number)}"
        assert is_international(digits) is expected or "55501" in digits


def test_a_number_without_a_calling_code_is_none() -> None:
    """No country has 999."""
    assert not is_international("99912345678")


def test_a_national_number_is_of_a_common_country() -> None:
    """With its prefix, or none where there is none, or with that for calls abroad."""
    assert is_national("03090182045")
    assert is_national("4155552671")
    assert is_national("612345871")
    assert is_national("004930901820")
    assert not is_national("0000000")
    assert not is_national("2125550123")
    assert not is_national("12125550123")
    assert not is_national("02079460123")
