"""A text that is read for personal data."""

from tollway.guardrails.found import Family, Found, Tier
from tollway.guardrails.personal.reading import Reading


def test_a_place_is_named_by_what_is_near_it() -> None:
    """Before it, or after it; each place by its own words."""
    reading = Reading("BSN 111 " + "x" * 60 + " 222 " + "y" * 60 + " 333 (BSN)")

    assert reading.names("nl_bsn", 4, 7)
    assert not reading.names("nl_bsn", 69, 72)
    assert reading.names("nl_bsn", 134, 137)
    assert not reading.names("pl_pesel", 4, 7)


def test_a_place_may_have_several_names() -> None:
    """Its words are read once."""
    reading = Reading("BSN or PESEL 111, tells 222")

    assert reading.names("nl_bsn", 13, 16)
    assert reading.names("pl_pesel", 13, 16)
    assert not reading.names("phone", 24, 27)


def test_a_finding_is_of_personal_data() -> None:
    """And says where, not what."""
    found = Reading("x").found("ip", 0, 1, Tier.GENERIC)

    assert found == Found(start=0, end=1, kind="ip", family=Family.PERSONAL, tier=Tier.GENERIC)
