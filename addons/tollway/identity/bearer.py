"""Who the bearer of a token is: its claims under the policy's names."""

from collections.abc import Mapping
from typing import Any

from tollway.identity.claims import Claim, groups, value
from tollway.model import Identity

OWN = ("user", "team", "role", "service")
"""The names that an identity has of its own, `groups` apart; others are attributes."""


def bearer(
    source: str, names: Mapping[str, Claim], claims: Mapping[str, Any], *, verified: bool = True
) -> Identity:
    """The identity that an issuer vouches for, if it is `verified`.

    `source`: how it was shown; `names`: the policy's `claims`.
    """
    found = {name: one for name, claim in names.items() if name != "groups" and (one := value(claim, claims))}
    return Identity(
        **{name: found[name] for name in OWN if name in found},
        groups=groups(names["groups"], claims) if "groups" in names else (),
        attributes={name: one for name, one in found.items() if name not in OWN},
        source=source,
        verified=verified,
    )
