"""Amounts as they are written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.budget.amounts import Unit
from tollway.policy.amount import MOST, Amount, AmountText, parse
from tollway.providers.schema import Strict


class Section(Strict):
    """A section with an amount."""

    amount: AmountText


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("5 USD", Unit.USD, 5_000_000_000),
        ("0.50 USD", Unit.USD, 500_000_000),
        ("0.000000001 USD", Unit.USD, 1),
        ("20000 USD", Unit.USD, 20_000_000_000_000),
        ("20k USD", Unit.USD, 20_000_000_000_000),
        ("0 USD", Unit.USD, 0),
        ("2M tokens", Unit.TOKENS, 2_000_000),
        ("1.5k tokens", Unit.TOKENS, 1_500),
        ("2M input tokens", Unit.INPUT, 2_000_000),
        ("500k output tokens", Unit.OUTPUT, 500_000),
        ("3G tokens", Unit.TOKENS, 3_000_000_000),
        ("500 requests", Unit.REQUESTS, 500),
        ("1 request", Unit.REQUESTS, 1),
        (" 5   USD ", Unit.USD, 5_000_000_000),
    ],
)
def test_amounts_are_exact(text: str, unit: Unit, number: int) -> None:
    """A dollar is a billion nano-dollars; k, M and G are thousands, millions and billions."""
    assert parse(text) == Amount(unit, number)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5", "write an amount as 5 USD, 2M tokens, .*, not '5'"),
        ("USD 5", "write an amount as"),
        ("$5", "write an amount as"),
        ("", "write an amount as"),
        ("5 USD a day", "nothing is counted in|write an amount as"),
        ("9" * 99 + " USD", "write an amount as"),
        ("1,000 USD", "'1,000' has more than digits and a point: write 1000"),
        ("1_000 requests", "'1_000' has more than digits and a point: write 1000"),
        ("-5 USD", "an amount is not below zero, as '-5 USD' is"),
        ("5K tokens", "'K' is no multiple: write k, M or G"),
        ("5 usd", "nothing is counted in 'usd': did you mean USD\\?"),
        (
            "5 EUR",
            "nothing is counted in 'EUR': there are USD, tokens, input tokens, output tokens, requests",
        ),
        ("0.5 requests", "'0.5 requests' is no whole number: the least that is counted is one"),
        ("0.0000000001 USD", "is no whole number: the least that is counted is a nano-dollar"),
        ("2G USD", "'2G USD' is more than can be counted, 1000000000 USD: leave the limit out"),
    ],
)
def test_what_is_no_amount_says_why(text: str, said: str) -> None:
    """Each mistake has its own words."""
    with pytest.raises(ValueError, match=said):
        parse(text)


@given(st.sampled_from(Unit), st.integers(0, MOST))
def test_an_amount_is_written_as_it_is_read(unit: Unit, number: int) -> None:
    """To the nano-dollar."""
    amount = Amount(unit, number)

    assert parse(str(amount)) == amount


@given(st.decimals(0, 10**9, places=9, allow_nan=False))
def test_no_dollar_is_rounded(usd: Decimal) -> None:
    """Nine places are what there is."""
    assert parse(f"{usd:f} USD").number == usd * 10**9


def test_an_amount_is_a_field_of_a_section() -> None:
    """Read from text, taken as it is, shown as text."""
    section = Section.model_validate({"amount": "5 USD"})

    assert section == Section(amount=Amount(Unit.USD, 5_000_000_000))
    assert section.model_dump(mode="json") == {"amount": "5 USD"}


def test_a_number_alone_is_no_amount() -> None:
    """It may be dollars or tokens."""
    with pytest.raises(ValueError, match="write an amount as 5 USD"):
        Section.model_validate({"amount": 5})
