"""Telephone numbers."""

import pytest

from tests.tollway.guardrails.personal.finding import found
from tollway.guardrails.found import Tier


@pytest.mark.parametrize(
    "number",
    [
        "+49 30 90182045",
        "+49 (0)30 901820-45",
        "+4930-90182045",
        "+44 7911 123458",
        "+1 (415) 555-2671",
        "+33 6 12 34 58 71",
    ],
)
def test_international_form_is_certain(number: str) -> None:
    """In the ways that people group it."""
    assert found(f"at {number}, please", "phone") == [(number, Tier.CERTAIN)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Tel. 030 90182045", "030 90182045"),
        ("Handy: 0171 3920174", "0171 3920174"),
        ("mobile 07911 123458", "07911 123458"),
        ("phone=4155552671", "4155552671"),
        ("téléphone : 06 12 34 58 71", "06 12 34 58 71"),
        ("móvil 612 34 58 71", "612 34 58 71"),
        ('"homeTel": "0049 30 90182045"', "0049 30 90182045"),
        ("phone (020) 7123 4568", "(020) 7123 4568"),
    ],
)
def test_national_form_is_generic_where_it_is_named(text: str, number: str) -> None:
    """And nothing where it is not."""
    assert found(text, "phone") == [(number, Tier.GENERIC)]
    assert found(f"number {number.replace('(', ' ').replace(')', ' ')}", "phone") == []


def test_the_american_parentheses_are_a_name() -> None:
    """Of a number that is assigned."""
    assert found("(415) 555-2671", "phone") == [("(415) 555-2671", Tier.GENERIC)]
    assert found("(999) 555-2671", "phone") == []


def test_three_three_and_four_digits_are_american() -> None:
    """With hyphens or points, of an area that there is."""
    assert found("415-555-2671, 415.555.2671", "phone") == [
        ("415-555-2671", Tier.GENERIC),
        ("415.555.2671", Tier.GENERIC),
    ]
    assert found("415 555 2671", "phone") == []
    assert found("999-555-2671", "phone") == []
    assert found("212-555-0123", "phone") == []
    assert found("800-000-0000", "phone") == []


def test_what_a_diff_adds_is_generic() -> None:
    """A plus sign at a line's beginning may be the diff's; a name or a separator says that it is not."""
    assert found("@@\n+4915112345671\n", "phone") == [("+4915112345671", Tier.GENERIC)]
    assert found("phone:\n+4915112345671\n", "phone") == [("+4915112345671", Tier.CERTAIN)]
    assert found("@@\n+49 1511 2345671\n", "phone") == [("+49 1511 2345671", Tier.CERTAIN)]


def test_digits_that_follow_are_no_part_of_it() -> None:
    """The groups at the end are left out until there is a number."""
    assert found("+31 6 12348787 200 1532B", "phone") == [("+31 6 12348787", Tier.CERTAIN)]
    assert found("+31 6 12348787 2026 11 29", "phone") == [("+31 6 12348787", Tier.CERTAIN)]


@pytest.mark.parametrize(
    "text",
    [
        "+1 212-555-0123",
        "(212) 555-0199",
        "phone 2125550123",
        "+44 20 7946 0123",
        "tel 020 7946 0123",
        "phone +1234567890",
        "+999 123 4567",
        "+1 23",
        "x+4915112345671",
        "phone 12.05.1985",
        "phone 2026-11-29",
        "phone 1111111",
        "phone 12",
        "phone 02122",
        "telephones are sold",
        "hotel 030 90182045",
        "phone v1.24.4155552671",
    ],
)
def test_what_is_nobodys_or_no_number_is_none(text: str) -> None:
    """Of films, for examples, not assigned, or something else."""
    assert found(text, "phone") == []
