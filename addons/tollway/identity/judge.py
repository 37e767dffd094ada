"""What becomes of a token that a client shows: its issuer picks the source, the source's keys decide."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from tollway.identity.bearer import bearer
from tollway.identity.keys import KeySet
from tollway.identity.source import Tokens, of_issuer
from tollway.identity.token import read
from tollway.identity.verify import Unverified, verified
from tollway.model import Identity

LONGEST_KID = 256
NO_KEYS = "the keys of its issuer could not be fetched"


class Known(Struct, frozen=True, kw_only=True):
    """Somebody, for a while."""

    identity: Identity
    expires: float
    """Seconds since the epoch."""


class Refused(Struct, frozen=True, kw_only=True):
    """A token that is not taken; it is not passed over either."""

    why: str
    """For the log; whoever shows a token hears only that it was not accepted."""
    of_proxy: bool = False
    """It was shown to the proxy: on another connection it may be another."""


class Missing(Struct, frozen=True, kw_only=True):
    """A token that can't be judged by the keys at hand."""

    source: Tokens | None
    """Whose keys may have come since; None: it is no issuer's, and to wait does not help."""
    kid: str | None
    why: str
    no_keys: bool = False
    """There are none at hand at all."""
    of_proxy: bool = False
    """As of `Refused`."""


def judged(
    text: str, sources: Sequence[Tokens], keys: Callable[[Tokens], KeySet | None], now: float
) -> Known | Refused | Missing:
    """Who shows this token, at `now` (seconds since the epoch)."""
    token = read(text)
    if isinstance(token, str):
        return Refused(why=token)
    source = of_issuer(sources, token.claims.get("iss"))
    if source is None:
        return Refused(why="no source of the policy takes tokens of its issuer")
    said = token.header.get("kid")
    kid = said if isinstance(said, str) and len(said) <= LONGEST_KID else None
    at_hand = keys(source)
    if at_hand is None:
        return Missing(source=source, kid=kid, why=NO_KEYS, no_keys=True)
    found = verified(token, source.issuer, at_hand, now)
    if isinstance(found, Unverified):
        missing = found.key_missing and kid is not None
        return Missing(source=source, kid=kid, why=found.why) if missing else Refused(why=found.why)
    return Known(identity=bearer(source.kind, source.names, found.claims), expires=found.expires)
