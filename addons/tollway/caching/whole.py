"""Which answers are kept: whole ones that are no error, of calls that went where they were meant to."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from tollway.caching.place import Place
from tollway.caching.recorded import Recorded
from tollway.model import CallRecord, Report


class Ended(Struct, frozen=True, kw_only=True):
    """How a call ended."""

    record: CallRecord
    """Its row, with usage and cost, as it is settled."""
    report: Report
    headers: Mapping[str, str]
    """The provider's answer's, by lower-case name."""
    body: bytes | None
    """As `Recorded.body`; None: it could not be decoded, or is larger than the rule allows."""
    whole: bool
    """The exchange ended by itself: nobody cut it; one that was abandoned was read to its end."""
    changed: bool
    """A route, a clamp or a limit sent another request than the one that was asked, or sent it elsewhere."""
    dialect: str
    """A key of `wire.DIALECTS`: the format of the body."""

    def __repr__(self) -> str:
        """Without what it says."""
        return f"Ended({self.record.id})"


def recorded(place: Place, ended: Ended, now_us: int) -> Recorded | str:
    """What is kept of an answer; a text: why nothing is."""
    raise NotImplementedError


def worth_replaying(headers: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Of an answer's headers those that say something of the answer itself, not of its transport, its call or
    the account that asked."""
    raise NotImplementedError
