"""How long a token lasts, as far as it says so itself."""

from math import inf

from msgspec import Struct

from tollway.identity.token import is_token, read

BEFORE_SECONDS = 60.0
"""How long before its end it is renewed; one that lasts for less than two of these, at half of its time."""
LEAST_SECONDS = 5.0
"""Between two renewals, however short tokens are."""
OPAQUE_SECONDS = 300.0
"""After which one is renewed that says of no end."""


class Lasting(Struct, frozen=True, kw_only=True):
    """A token, and its times, in seconds since the epoch."""

    text: str
    renew: float
    expires: float
    """Infinity: it does not say."""

    def __repr__(self) -> str:
        """Without the token."""
        return f"Lasting(renew {self.renew}, expires {self.expires})"


def lasting(text: str, now: float) -> Lasting:
    """The token with its times. It is not checked: that is for whoever it is shown to."""
    expires = _end(text)
    if expires is None:
        return Lasting(text=text, renew=now + OPAQUE_SECONDS, expires=inf)
    before = min(BEFORE_SECONDS, (expires - now) / 2)
    return Lasting(text=text, renew=max(expires - before, now + LEAST_SECONDS), expires=expires)


def _end(text: str) -> float | None:
    found = read(text) if is_token(text) else ""
    end = None if isinstance(found, str) else found.claims.get("exp")
    if isinstance(end, bool) or not isinstance(end, int | float) or not abs(end) < 2**53:
        return None
    return float(end)
