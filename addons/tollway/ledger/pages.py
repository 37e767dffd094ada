"""What the proxy's pages ask of a ledger."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from tollway.budget.bucket import Bucket
from tollway.ledger.store import BucketRow, Course, Follower, Slot
from tollway.model import CallRecord


class Reason(Struct, frozen=True, kw_only=True):
    """Calls without an answer that have the same reason."""

    error: str
    """As in the ledger: over_limit, access_denied, cut ..."""
    limits: tuple[str, ...]
    """The names of the limits that they met."""
    calls: int


class Owned(Struct, frozen=True, kw_only=True):
    """The calls of one owner, since some time."""

    slots: tuple[Slot, ...]
    latest: tuple[CallRecord, ...]
    """So many of them as were asked for, latest first."""
    reasons: tuple[Reason, ...]
    """Over all of them, the most frequent first."""


class Pages(Protocol):
    """A ledger, for pages: from one thread, which is no event loop's. All raise LedgerError."""

    def owned(self, owner: str, course: Course, latest: int) -> Owned:
        """The calls of an owner (`owner.owner`) that started since the course's beginning."""

    def reasons(self, since_us: int) -> tuple[Reason, ...]:
        """Why calls that started since then had no answer, over all of them, the most frequent first."""

    def standing(self, buckets: Sequence[Bucket], now_us: int) -> tuple[BucketRow | None, ...]:
        """How each stands; None: no call counts in it yet."""

    def orphaned(self) -> frozenset[str]:
        """The ids of open calls whose process died."""

    @property
    def follower(self) -> Follower:
        """The same ledger, to watch."""

    def interrupt(self) -> None:
        """End what is being read, with an error: to be called from another thread."""

    def close(self) -> None:
        """Let go."""
