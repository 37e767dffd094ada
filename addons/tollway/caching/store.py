"""What a store of answers does, whatever keeps it."""

from collections.abc import Awaitable, Sequence
from typing import Protocol

from msgspec import Struct

from tollway.caching.recorded import Recorded


class Which(Struct, frozen=True, kw_only=True):
    """Answers that meet all of it; None: any."""

    rule: str | None = None
    scope: str | None = None
    """A scope's name (`team research`), or its kind (`team`)."""
    model: str | None = None
    """As the provider was asked."""


class Cleared(Struct, frozen=True, kw_only=True):
    """What was deleted."""

    answers: int
    size: int
    """Bytes, as they were kept."""


class Share(Struct, frozen=True, kw_only=True):
    """The answers of a rule, in a scope, of a model, that are not over."""

    rule: str
    scope: str
    provider: str
    model: str | None
    answers: int
    size: int
    """Bytes, as they are kept."""
    hits: int
    """How often they were found."""
    saved_nano: int
    """What those hits would have cost."""


class Answers(Protocol):
    """Where a process keeps answers, and finds those that others kept. None of it fails a call: what can't be
    read is not there, what can't be kept is lost, and the log says so once."""

    def find(self, key: bytes, now_us: int) -> Recorded | Awaitable[Recorded | None] | None:
        """The answer that is kept at a key, whole, if it is not over; at once where that takes no time."""

    def hit(self, key: bytes, now_us: int) -> None:
        """Note that an answer that was found was given: it counts, and is the last to make room. Does not
        wait."""

    def keep(self, key: bytes, answer: Recorded) -> None:
        """Keep it, in the place of one that is there: all of it, or nothing of it. Does not wait."""

    def prune(self, now_us: int) -> None:
        """Delete what is over. Does not wait."""

    def resize(self, size: int) -> None:
        """Hold so many bytes from now on, as they are kept; what was used the longest ago makes room."""

    def close(self) -> None:
        """Keep what waits, for some seconds at the most, then let go. Blocks."""


class Shelf(Protocol):
    """The answers that are kept, for the command line. Its verbs block, and raise CacheError."""

    @property
    def place(self) -> str:
        """Where they are: a file, or the address of a server, without its password."""

    def size(self) -> int:
        """Bytes that it takes there."""

    def stats(self, now_us: int) -> Sequence[Share]:
        """What is there, the largest share first."""

    def clear(self, which: Which) -> Cleared:
        """Delete answers; no process finds them from then on."""

    def close(self) -> None:
        """Let go."""


class Nothing:
    """`Answers` that keeps none."""

    def find(self, key: bytes, now_us: int) -> None:
        """None."""

    def hit(self, key: bytes, now_us: int) -> None:
        """Nothing."""

    def keep(self, key: bytes, answer: Recorded) -> None:
        """Nothing."""

    def prune(self, now_us: int) -> None:
        """Nothing."""

    def resize(self, size: int) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


NOTHING = Nothing()
