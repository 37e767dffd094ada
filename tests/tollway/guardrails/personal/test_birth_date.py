"""Dates of birth."""

import pytest

from tests.tollway.guardrails.personal.finding import found
from tollway.guardrails.found import Tier


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("born 1985-05-12", "1985-05-12"),
        ("DOB: 12/05/1985", "12/05/1985"),
        ("dob 05/28/1985", "05/28/1985"),
        ('"dateOfBirth": "1985-05-12T00:00:00Z"', "1985-05-12"),
        ("geboren am 12.05.1985 in Wien", "12.05.1985"),
        ("geb. 12. 5. 85", "12. 5. 85"),
        ("née le 12 août 1985", "12 août 1985"),
        ("fecha de nacimiento: 12 de mayo de 1985", "12 de mayo de 1985"),
        ("nata il 3 giugno 1985", "3 giugno 1985"),
        ("born on May 12, 1985", "May 12, 1985"),
        (r"born on\nJan 17, 1951\n", "Jan 17, 1951"),
        ("born Sept. 2nd, 1985", "Sept. 2nd, 1985"),
        ("date of birth 1st of March 1985", "1st of March 1985"),
        ("出生 date_of_birth 1985年5月12日", "1985年5月12日"),
        (r"birthday:\n1985-05-12\n", "1985-05-12"),
        ("出生日期: 1985年5月12日", "1985年5月12日"),
        ("生年月日 1985年5月12日", "1985年5月12日"),
    ],
)
def test_a_date_after_its_name_is_generic(text: str, date: str) -> None:
    """In the ways of several countries."""
    assert found(text, "birth_date") == [(date, Tier.GENERIC)]


@pytest.mark.parametrize(
    "text",
    [
        "1985-05-12",
        "created 1985-05-12",
        "born in 1985",
        "born 1985-13-12",
        "born 32.05.1985",
        "born 12.05.2099",
        "born 12 Foo 1985",
        "born Foo 12, 1985",
        "born 12, 1985",
        "reborn 12.05.1985",
        "born x1985-05-12",
    ],
)
def test_what_is_not_named_or_no_day_of_a_life_is_none(text: str) -> None:
    """Months, days and years that there are not."""
    assert found(text, "birth_date") == []
