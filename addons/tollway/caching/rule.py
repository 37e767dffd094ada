"""An entry of the policy's `cache`, ready to be used, and what it offers to a call."""

from msgspec import Struct

from tollway.caching.canonical import Path
from tollway.caching.scope import Scope


class Rule(Struct, frozen=True, kw_only=True):
    """What is cached of the calls that it is about."""

    name: str
    ttl_us: int
    scope: Scope
    largest: int
    """Bytes of an answer, decoded: of a larger one nothing is kept."""
    ignored: tuple[Path, ...] = ()
    """Members of requests that don't count."""


class Offer(Struct, frozen=True, kw_only=True):
    """A rule, and the name of the scope that the caller is in."""

    rule: Rule
    scope: str
