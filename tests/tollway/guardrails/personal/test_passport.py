"""Numbers of passports."""

import pytest

from tests.tollway.guardrails.personal.finding import found
from tollway.guardrails.found import Tier


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("my passport is 572839104", "572839104"),
        ("Reisepass Nr. C01X00T47", "C01X00T47"),
        ("Reisepass Nr. C01X00T478", "C01X00T478"),
        ('"passportNo": "YA1234568"', "YA1234568"),
        ("passeport n° 14AB58392", "14AB58392"),
        ("passaporto YB0481516", "YB0481516"),
        ("pasaporte XDB840271", "XDB840271"),
        (r"pasaporte:\nX8402716", "X8402716"),
        (r"paszport:\n84027161", "84027161"),
    ],
)
def test_a_number_after_its_name_is_generic(text: str, number: str) -> None:
    """In the forms of several countries."""
    assert found(text, "passport") == [(number, Tier.GENERIC)]


@pytest.mark.parametrize(
    "text",
    [
        "572839104",
        "visa 572839104",
        "passport 123456789",
        "passport 20240115",
        "passport CFGHJKLMN",
        "passport-local 0.572839104",
        "passport 572839104x",
        "the passport office in the old city of Vienna is at No. 572839104",
    ],
)
def test_what_is_not_named_or_has_no_such_form_is_none(text: str) -> None:
    """A date, a placeholder, letters alone, a version, something far away."""
    assert found(text, "passport") == []
