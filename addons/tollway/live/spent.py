"""What calls come to by whom and what they are of, kept up as they begin and end."""

import heapq
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from tollway.ledger.store import Course, Slot
from tollway.model import Billing, CallRecord

BY = ("user", "team", "model", "provider", "program")
"""What calls are summed up by."""


class Line(Struct, frozen=True, kw_only=True):
    """What the calls of one user, team, model ... come to. Amounts are nano-dollars."""

    value: str | None
    """None: the calls have none."""
    calls: int
    cost_nano: int
    """Of those whose billing is metered."""
    notional_nano: int
    """Of the others."""
    course: tuple[int, ...]
    """The cost by slots, oldest first."""


class _Sums(Struct):
    """Of one value. `slots`: by their beginning."""

    calls: int = 0
    cost_nano: int = 0
    notional_nano: int = 0
    slots: dict[int, list[int]] = {}

    def add(self, start_us: int, sums: Sequence[int]) -> None:
        calls, cost, notional = sums
        self.calls += calls
        self.cost_nano += cost
        self.notional_nano += notional
        slot = self.slots.setdefault(start_us, [0, 0, 0])
        for i, amount in enumerate(sums):
            slot[i] += amount

    def drop_before(self, since_us: int) -> None:
        for start_us in [start for start in self.slots if start < since_us]:
            calls, cost, notional = self.slots.pop(start_us)
            self.calls -= calls
            self.cost_nano -= cost
            self.notional_nano -= notional


class Spent:
    """Sums by each attribute of a course, and over all."""

    def __init__(self, course: Course, slots: Iterable[Slot], flying: Iterable[CallRecord]) -> None:
        """`slots`: what calls came to before; `flying`: those of them that were in flight."""
        self._course = course
        self._since_us = course.since_us
        self._all = _Sums()
        self._by: dict[str, dict[str | int | None, _Sums]] = {name: {} for name in course.by}
        self._flying = {call.id: call for call in flying}
        for slot in slots:
            self._add(slot.start_us, slot.group, (slot.calls, slot.cost_nano, slot.notional_nano))

    def take(self, call: CallRecord) -> None:
        """A call that began, or ended: what it counted for before counts no longer."""
        if (before := self._flying.pop(call.id, None)) is not None:
            self._count(before, -1)
        self._count(call, 1)
        if call.state == "open":
            self._flying[call.id] = call

    def drop_before(self, since_us: int) -> None:
        """Let go of slots that begin before."""
        if since_us <= self._since_us:
            return
        self._since_us = since_us
        for sums in (self._all, *(one for by in self._by.values() for one in by.values())):
            sums.drop_before(since_us)
        for by in self._by.values():
            for value in [value for value, sums in by.items() if not sums.slots]:
                del by[value]

    def counts(self, slots: Iterable[int]) -> Iterator[tuple[int, int]]:
        """For each of these slots the calls, and what those cost whose billing is metered."""
        for start_us in slots:
            calls, cost, _ = self._all.slots.get(start_us, (0, 0, 0))
            yield calls, cost

    def total(self, slots: Iterable[int]) -> Line:
        """Over all calls."""
        return _line(None, self._all, slots)

    def dearest(self, by: str, count: int, slots: Sequence[int]) -> tuple[Line, ...]:
        """The values of an attribute that cost most; those that cost the same by their calls."""
        most = heapq.nlargest(count, self._by[by].items(), key=lambda item: _rank(item[1]))
        return tuple([_line(None if value is None else str(value), sums, slots) for value, sums in most])

    def _count(self, call: CallRecord, times: int) -> None:
        if call.started_us < self._since_us:
            return
        cost = call.cost.nano * times
        metered = call.billing is Billing.METERED
        sums = (times * call.calls, cost if metered else 0, 0 if metered else cost)
        group = [getattr(call, name) for name in self._by]
        slot_us = self._course.slot_us
        self._add(call.started_us // slot_us * slot_us, group, sums)

    def _add(self, start_us: int, group: Sequence[str | int | None], sums: Sequence[int]) -> None:
        self._all.add(start_us, sums)
        for by, value in zip(self._by.values(), group, strict=True):
            by.setdefault(value, _Sums()).add(start_us, sums)


def _rank(sums: _Sums) -> tuple[int, int, int]:
    return sums.cost_nano, sums.notional_nano, sums.calls


def _line(value: str | None, sums: _Sums, slots: Iterable[int]) -> Line:
    none = (0, 0, 0)
    return Line(
        value=value,
        calls=sums.calls,
        cost_nano=sums.cost_nano,
        notional_nano=sums.notional_nano,
        course=tuple([sums.slots.get(start, none)[1] for start in slots]),
    )
