"""Whether a token is what it says: signed by its issuer, for us, and now.

RFC 8725 (JSON Web Token Best Current Practices): the algorithm is the operator's, never the token's; what a
header says of keys (`jku`, `x5u`, `jwk`, `x5c`) is not looked at; `kid` is compared, and nothing else.
"""

from collections.abc import Mapping
from typing import Any

from jwt import InvalidTokenError
from jwt.api_jws import PyJWS
from msgspec import Struct

from tollway.identity.keys import KeySet
from tollway.identity.token import Token

KINDS = frozenset({"jwt", "at+jwt", "jose"})
"""What `typ` may say (RFC 8725, section 3.11): an issuer signs notices of logout, too, and proofs of other
kinds, which say nothing of who calls."""
LEEWAY_SECONDS = 60
"""By which clocks may differ."""
_JWS = PyJWS()


class Issuer(Struct, frozen=True, kw_only=True):
    """Whose tokens are taken."""

    issuer: str
    """As `iss` has it, to the character."""
    audiences: tuple[str, ...]
    """One of them must be in `aud`."""
    algorithms: tuple[str, ...] = ("RS256", "ES256")


class Verified(Struct, frozen=True, kw_only=True):
    """What an issuer says of a caller."""

    claims: Mapping[str, Any]
    expires: float
    """Seconds since the epoch, the leeway included."""

    def __repr__(self) -> str:
        """Without the claims, which are personal data."""
        return f"Verified(until {self.expires})"


class Unverified(Struct, frozen=True, kw_only=True):
    """A token that is not taken."""

    why: str
    """For the log: it tells nothing that is secret, and quotes nothing of the token."""
    key_missing: bool = False
    """Its key may be one that the issuer has published since."""


def verified(token: Token, issuer: Issuer, keys: KeySet, now: float) -> Verified | Unverified:
    """What the token says, if it is true at `now` (seconds since the epoch)."""
    algorithm = token.header.get("alg")
    if algorithm not in issuer.algorithms:
        return Unverified(why=f"its algorithm is none of {', '.join(issuer.algorithms)}")
    if not _is_kind(token.header.get("typ", "JWT")):
        return Unverified(why="its `typ` says that it is something else than a token of access or identity")
    key = keys.find(token.header.get("kid"), algorithm)
    if key is None:
        return Unverified(why="it names no key that its issuer signs with", key_missing=True)
    try:
        _JWS.decode_complete(token.text, key.public, algorithms=[algorithm])
    except InvalidTokenError:
        return Unverified(why="its signature is not its issuer's")
    if (why := _wrong(token.claims, issuer)) is not None:
        return Unverified(why=why)
    times = {name: _seconds(token.claims[name]) for name in ("exp", "nbf", "iat") if name in token.claims}
    if (why := _untimely(times, now)) is not None:
        return Unverified(why=why)
    return Verified(claims=token.claims, expires=(times["exp"] or 0) + LEEWAY_SECONDS)


def _is_kind(said: object) -> bool:
    """RFC 7515, section 4.1.9: a media type, of which `application/` may be left out."""
    return isinstance(said, str) and said.lower().removeprefix("application/") in KINDS


def _wrong(claims: Mapping[str, Any], issuer: Issuer) -> str | None:
    if claims.get("iss") != issuer.issuer:
        return "it is another issuer's"
    said = claims.get("aud")
    audiences = said if isinstance(said, list) else [said]
    if not any(audience in issuer.audiences for audience in audiences if isinstance(audience, str)):
        return f"it is not for {' or '.join(issuer.audiences)}"
    return None


def _untimely(times: Mapping[str, float | None], now: float) -> str | None:
    """RFC 7519, sections 4.1.4 to 4.1.6; a token without an end is taken from nobody."""
    if "exp" not in times:
        return "it says of no time when it expires"
    if None in times.values():
        return "its times are no numbers"
    ends, *begins = (times.get(name) or 0 for name in ("exp", "nbf", "iat"))
    if max(begins) > now + LEEWAY_SECONDS:
        return "it is not valid yet"
    return "it has expired" if ends + LEEWAY_SECONDS <= now else None


def _seconds(value: object) -> float | None:
    """A NumericDate; None: it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 2**53 else None
