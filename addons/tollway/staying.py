"""A conversation stays where it has its prompt cache while it would lose more by leaving than it saves."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from tollway.accounting import Accounting
from tollway.bound.prefix import marks
from tollway.budget.likely import likely_output
from tollway.candidate import Candidate
from tollway.model import CallRecord
from tollway.routing.caching import Cached, Sums, left_by, sums
from tollway.routing.share import whose
from tollway.routing.warm import Warm

LEAST = 1_024
"""Bytes of a request, so many tokens at the most: fewer are put into no cache, or into one of small worth."""


class Waits(Struct, frozen=True):
    """A switch that is not made before the conversation starts anew."""

    here: Candidate
    """The call where it stays."""
    target: str
    """Where it would go."""
    sums: Sums

    def __str__(self) -> str:
        return f"{self.target} would {self.sums}"


class Stay:
    """Where the conversation of one call has its cache."""

    def __init__(
        self,
        first: Candidate,
        cached: Cached,
        here: Callable[[str], Candidate | None],
        accounting: Accounting,
    ) -> None:
        """`first`: the call as the client sent it. `here`: the call at a target; None: it can't be there."""
        self._first = first
        self._cached = cached
        self._here = here
        self._accounting = accounting

    def waits(self, there: Candidate) -> Waits | None:
        """None: it may go there now."""
        if there.target == self._cached.target:
            return None
        here = self._here(self._cached.target)
        if here is None:
            return None
        call, likely = self._first.call, self._accounting.likely
        found = sums(
            self._cached,
            size_of(self._first),
            likely_output(call.endpoint.operation, call.asked),
            lambda usage: likely(here.call, usage),
            lambda usage: likely(there.call, usage),
        )
        return Waits(replace(here, stays=True), there.target, found) if found.waits else None


class Staying:
    """Remembers where conversations have their caches. Belongs to one event loop."""

    def __init__(self, accounting: Accounting) -> None:
        self._accounting = accounting
        self._warm = Warm()

    def stay(self, first: Candidate, here: Callable[[str], Candidate | None]) -> Stay | None:
        """Where its conversation has its cache; None: nowhere, it starts anew. `here`: as of `Stay`."""
        cached = self._warm.found(chain_of(first), first.row.started_us)
        return None if cached is None else Stay(first, cached, here, self._accounting)

    def learner(self, first: Candidate) -> Callable[[CallRecord], None] | None:
        """Takes the call's row once it is done; None: its next turn would not be known for that."""
        chain, size, dialect = chain_of(first), size_of(first), first.call.endpoint.dialect
        if not chain:
            return None
        retention = (first.call.parsed or {}).get("prompt_cache_retention")

        def learn(record: CallRecord) -> None:
            before = self._warm.found(chain, record.started_us)
            if (cached := left_by(record, dialect, retention, size, before)) is not None:
                self._warm.remember(chain[-1], cached)

        return learn


def is_small(first: Candidate) -> bool:
    """Whether its request is too small for a cache, so that none is known of its conversation."""
    return size_of(first) < LEAST


def size_of(first: Candidate) -> int:
    """Bytes of its request, decoded."""
    return len(first.call.body or b"")


def chain_of(first: Candidate) -> tuple[bytes, ...]:
    """The marks of its request as the client sent it: found once, as that takes a while. None of a small one.

    Those of another session are others: a conversation that begins as another did is no continuation of it.
    """
    call, row = first.call, first.row
    if call.marks is None:
        call.marks = ()
        if call.parsed is not None and not is_small(first):
            facts = row.provider, row.model or "", whose(row)
            call.marks = marks(call.endpoint.dialect, call.parsed, *facts)
    return call.marks
