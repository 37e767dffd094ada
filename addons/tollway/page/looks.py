"""What pages show, looked up in a ledger."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from tollway.budget.bucket import Bucket
from tollway.ledger.owner import owner
from tollway.ledger.pages import Pages, Reason
from tollway.ledger.store import BucketRow, Course
from tollway.live.snapshot import Snapshot
from tollway.live.span import Span
from tollway.live.spent import Line, Spent
from tollway.live.watch import Watch
from tollway.model import CallRecord, Identity
from tollway.policy.limits import Limits
from tollway.policy.own_buckets import own_buckets
from tollway.reporting.budgets import Standing, standing

LATEST = 500
"""Of a caller's own calls that are listed."""
BY = ("model", "program")
"""What a caller's own calls are summed up by."""
VALUES = 20
LONG_S = 0.5
"""A look at everything that takes so long, over a million calls or so, ..."""
PART = 4
"""... serves for so many times as long again: reloading a page keeps no core busy."""


class Mine(Struct, frozen=True, kw_only=True):
    """What is one caller's, today."""

    now_us: int
    zone: ZoneInfo
    total: Line
    spent: Mapping[str, tuple[Line, ...]]
    """By each of BY, the dearest values first."""
    calls: tuple[CallRecord, ...]
    """The latest, latest first."""
    orphaned: frozenset[str]
    """The ids of open ones whose process died: they are not in flight."""
    reasons: tuple[Reason, ...]
    standings: tuple[Standing, ...]
    """In the policy's order."""

    @property
    def slots(self) -> range:
        """The beginnings of the slots that the courses have."""
        return Span.TODAY.slots(self.now_us, self.zone)


def mine(pages: Pages, limits: Limits, who: Identity, address: str, zone: ZoneInfo, now_us: int) -> Mine:
    """What is a caller's. Raises LedgerError."""
    course = Course(by=BY, since_us=Span.TODAY.since_us(now_us, zone), slot_us=Span.TODAY.slot_us)
    found = pages.owned(owner(who, address), course, LATEST)
    spent, slots = Spent(course, found.slots, ()), Span.TODAY.slots(now_us, zone)
    buckets = own_buckets(limits, who, found.latest, now_us)
    rows = zip(buckets, pages.standing(buckets, now_us), strict=True)
    return Mine(
        now_us=now_us,
        zone=zone,
        total=spent.total(slots),
        spent={by: spent.dearest(by, VALUES, slots) for by in BY},
        calls=found.latest,
        orphaned=pages.orphaned() & {call.id for call in found.latest},
        reasons=found.reasons,
        standings=tuple([standing(_row(limits, bucket, row, now_us), now_us) for bucket, row in rows]),
    )


def _row(limits: Limits, bucket: Bucket, row: BucketRow | None, now_us: int) -> BucketRow:
    """The bucket under the terms in force; nothing is spent of one that no call counts in yet."""
    terms = limits.terms(bucket.key, now_us)
    if row is not None:
        return replace(row, amount=terms.amount, enforce=terms.enforce)
    return BucketRow(
        bucket=bucket, amount=terms.amount, enforce=terms.enforce, settled=0, held=0, started_us=now_us
    )


class Everything(Struct, frozen=True, kw_only=True):
    """What is everybody's."""

    snapshot: Snapshot
    reasons: tuple[Reason, ...]
    """Of all calls of the snapshot's span."""


class Overview:
    """Looks at everything; from one thread."""

    def __init__(self, now: Callable[[], float], monotonic: Callable[[], float]) -> None:
        """`now`: seconds since the epoch; `monotonic`: seconds that only go forward."""
        self._now = now
        self._monotonic = monotonic
        self._last: tuple[Span, ZoneInfo, float, Everything] | None = None

    def look(self, pages: Pages, span: Span, zone: ZoneInfo) -> Everything:
        """How all stands now; or a little earlier, where looking takes long. Raises LedgerError."""
        start = self._monotonic()
        if self._last is not None and self._last[:2] == (span, zone) and start < self._last[2]:
            return self._last[3]
        snapshot = Watch(pages.follower, zone, span, self._now).snapshot(span)
        found = Everything(snapshot=snapshot, reasons=pages.reasons(span.since_us(snapshot.now_us, zone)))
        end = self._monotonic()
        took = end - start
        self._last = span, zone, end + (PART * took if took >= LONG_S else 0), found
        return found
