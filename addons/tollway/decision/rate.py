"""A rate as a call meets it: what it admits, and what it does with a call that it has no room for."""

from msgspec import Struct

from tollway.decision.limit import ActionSeen, Look, action_seen
from tollway.policy.allow import written
from tollway.policy.rate import RateEntry


class RateSeen(Struct, frozen=True, kw_only=True):
    """A rate that the call meets."""

    name: str
    line: int
    allow: str
    burst: str | None
    per: tuple[str, ...]
    then: tuple[ActionSeen, ...]


def rate_seen(entry: RateEntry, line: int, look: Look | None) -> RateSeen:
    """The rate of an entry. `look`: where its routes would send the call; None: nowhere."""
    return RateSeen(
        name=entry.name,
        line=line,
        allow=str(entry.allow),
        burst=None if entry.burst is None else written(entry.burst),
        per=entry.per,
        then=tuple(action_seen(action, look, softly=False) for action in entry.then),
    )
