"""Follows a ledger, and says how it stands."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from tollway.ledger.store import Course, Follower
from tollway.live.recent import MOST, Recent
from tollway.live.snapshot import Minute, Snapshot
from tollway.live.span import Span
from tollway.live.spent import BY, Spent
from tollway.plans.seen import as_of
from tollway.reporting.budgets import standings

AT_ONCE = 5_000
"""New calls that are read in one look."""
VALUES = 50
"""Of each attribute, the dearest."""
ALERTS = 50
ANEW_US = 60 * 1_000_000
"""How often all is added up again, for what has become known of calls after they ended ..."""
PART = 100
"""... but not so often that it takes more than this part of the time."""


class Watch:
    """One ledger, over one span at a time."""

    def __init__(self, follower: Follower, zone: ZoneInfo, span: Span, clock: Callable[[], float]) -> None:
        """Raises LedgerError. `clock`: seconds since the epoch."""
        self._follower = follower
        self._zone = zone
        self._clock = clock
        self._begin(span)

    def snapshot(self, span: Span) -> Snapshot:
        """How the ledger stands now. Another span than before is added up first. Raises LedgerError."""
        now_us = self._now_us()
        if span is not self._span or not self._begun_us <= now_us < self._anew_us or self._is_over(now_us):
            self._begin(span)
            now_us = self._now_us()
        for call in self._follower.news(AT_ONCE):
            for one in (self._spent, self._last_hour, self._recent):
                one.take(call)
        self._last_hour.drop_before(Span.HOUR.since_us(now_us, self._zone))
        if span is not Span.TODAY:
            self._spent.drop_before(span.since_us(now_us, self._zone))
        slots = span.slots(now_us, self._zone)
        minutes = Span.HOUR.slots(now_us, self._zone)
        return Snapshot(
            now_us=now_us,
            zone=self._zone,
            span=span,
            standings=standings(self._follower.buckets(now_us), now_us),
            calls=self._recent.all(),
            orphaned=self._follower.orphaned(),
            total=self._spent.total(slots),
            spent={by: self._spent.dearest(by, VALUES, slots) for by in BY},
            minutes=tuple([Minute(*counts) for counts in self._last_hour.counts(minutes)]),
            alerts=tuple(self._follower.alerts(self._since_us)[: -ALERTS - 1 : -1]),
            plans=as_of(self._follower.plans(), now_us),
        )

    def _begin(self, span: Span) -> None:
        now_us = self._now_us()
        self._span, self._since_us = span, span.since_us(now_us, self._zone)
        course = Course(by=BY, since_us=self._since_us, slot_us=span.slot_us)
        hour_us = Span.HOUR.since_us(now_us, self._zone)
        hour = Course(by=(), since_us=hour_us, slot_us=Span.HOUR.slot_us)
        found = self._follower.begin([course, hour], MOST)
        self._spent = Spent(course, found.slots[0], found.flying)
        self._last_hour = Spent(hour, found.slots[1], found.flying)
        self._recent = Recent([*found.latest, *found.flying])
        taken_us = self._now_us() - now_us
        self._begun_us = now_us  # a clock that is put back brings times back that were let go of
        self._anew_us = now_us + max(ANEW_US, PART * taken_us)

    def _is_over(self, now_us: int) -> bool:
        """Whether it is another day."""
        return self._span is Span.TODAY and self._span.since_us(now_us, self._zone) != self._since_us

    def _now_us(self) -> int:
        return int(self._clock() * 1_000_000)
