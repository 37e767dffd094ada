"""What the view shows, at one moment."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from msgspec import Struct

from tollway.ledger.store import Raised
from tollway.live.flight import is_flying
from tollway.live.span import Span
from tollway.live.spent import Line
from tollway.model import CallRecord
from tollway.plans.seen import Seen
from tollway.reporting.budgets import Standing


class Minute(Struct, frozen=True):
    """What came in one minute of the clock."""

    calls: int
    cost_nano: int


class Snapshot(Struct, frozen=True, kw_only=True):
    """A ledger at one moment."""

    now_us: int
    zone: ZoneInfo
    span: Span
    standings: tuple[Standing, ...]
    """The budget that is nearest to its end first."""
    calls: tuple[CallRecord, ...]
    """Those in flight, and the latest others; latest first."""
    orphaned: frozenset[str]
    """The ids of open ones whose process died: they are not in flight."""
    total: Line
    """Over all calls of the span."""
    spent: Mapping[str, tuple[Line, ...]]
    """By each of `spent.BY`, the dearest values first."""
    minutes: tuple[Minute, ...]
    """Of the last hour, oldest first; the last one is not over yet."""
    alerts: tuple[Raised, ...]
    """Of the span, latest first."""
    plans: tuple[Seen, ...] = ()
    """What providers say of plans, as far as it still holds."""

    @property
    def flying(self) -> int:
        """How many calls are in flight."""
        return sum(is_flying(call, self.orphaned) for call in self.calls)

    @property
    def last_minute(self) -> Minute:
        """The last one that is over."""
        return self.minutes[-2] if len(self.minutes) > 1 else Minute(0, 0)
