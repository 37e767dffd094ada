"""The kinds of personal data: what documentation, and the schema of policies, are made from."""

from collections.abc import Mapping

from msgspec import Struct

from tollway.guardrails.found import Tier
from tollway.guardrails.personal.national import IDS


class Kind(Struct, frozen=True):
    """One kind."""

    what: str
    tiers: tuple[Tier, ...]
    """Those it is found in, the surer one first. Its module says when."""
    checked: bool = False
    """Whether a checksum is part of it."""


_BOTH = (Tier.CERTAIN, Tier.GENERIC)

KINDS: Mapping[str, Kind] = {
    "card": Kind("number of a payment card", _BOTH, checked=True),
    "iban": Kind("international bank account number", (Tier.CERTAIN,), checked=True),
    "email": Kind("address of electronic mail", _BOTH),
    "phone": Kind("telephone number", _BOTH),
    "us_ssn": Kind("social security number (United States)", (Tier.CERTAIN,)),
    **{
        name: Kind(
            row.what,
            _BOTH if Tier.GENERIC in row.forms.values() else (Tier.CERTAIN,),
            checked=name != "uk_nino",
        )
        for name, row in IDS.items()
    },
    "ip": Kind("public address of the internet, IPv4 or IPv6", _BOTH),
    "mac": Kind("address of a network card", (Tier.CERTAIN,)),
    "passport": Kind("number of a passport", (Tier.GENERIC,)),
    "birth_date": Kind("date of birth", (Tier.GENERIC,)),
}
"""By the name that policies call it."""
ALL = frozenset(KINDS)
