"""Social security numbers."""

import pytest

from tests.tollway.guardrails.personal.finding import found
from tollway.guardrails.found import Tier

AREA, GROUP, SERIAL = "772", "48", "9163"


def test_hyphens_are_enough() -> None:
    """Three, two and four digits: nothing else is written so."""
    written = f"{AREA}-{GROUP}-{SERIAL}"

    assert found(f"it is {written}.", "us_ssn") == [(written, Tier.CERTAIN)]


@pytest.mark.parametrize("separator", ["", " ", "."])
@pytest.mark.parametrize("name", ["SSN:", "social_security_number=", "Social Security no.", '"userSsn": "'])
def test_any_form_is_one_where_it_is_named(separator: str, name: str) -> None:
    """And none where it is not."""
    written = separator.join((AREA, GROUP, SERIAL))

    assert found(f"{name} {written}", "us_ssn") == [(written, Tier.CERTAIN)]
    assert found(f"order {written}", "us_ssn") == []
    assert found(f"{written} {'.' * 60} SSN", "us_ssn") == []


@pytest.mark.parametrize(
    "number",
    [
        "000-48-9163",
        "666-48-9163",
        "901-48-9163",
        "772-00-9163",
        "772-48-0000",
        "123-45-6789",
        "078-05-1120",
        "111-22-3333",
    ],
)
def test_what_was_never_issued_is_none(number: str) -> None:
    """Areas, groups and serial numbers that there are not, and those of advertisements."""
    assert found(f"SSN {number}", "us_ssn") == []


def test_a_part_of_something_longer_is_none() -> None:
    """Of a part number, say."""
    for text in ("1{}", "{}-01", "{}7", "x{}", "{}x"):
        assert found(text.format(f"{AREA}-{GROUP}-{SERIAL}"), "us_ssn") == []
