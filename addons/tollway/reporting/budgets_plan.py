"""Which limits in USD met only calls under a flat plan: they count nothing then, and somebody should know."""

from collections.abc import Iterable, Sequence
from itertools import islice

from tollway.budget.amounts import Unit
from tollway.ledger.store import Books, BucketRow
from tollway.model import Billing, CallRecord

MOST = 50_000
"""Calls that are looked through; of a ledger with more of them in these windows nothing is said."""


def flat_only(books: Books, rows: Sequence[BucketRow], now_us: int) -> tuple[str, ...]:
    """The names of the limits of which that can be told, sorted."""
    begun = {row.bucket.limit: _from_us(row, now_us) for row in rows if row.bucket.unit is Unit.USD}
    spent = {row.bucket.limit for row in rows if row.settled or row.held}
    silent = {limit: from_us for limit, from_us in begun.items() if limit not in spent}
    if not silent:
        return ()
    since_us = min(silent.values())
    if not sum(sums.notional_nano for sums in books.sums((), since_us).values()):
        return ()
    calls = list(islice(books.calls(since_us), MOST + 1))
    return told(calls, silent) if len(calls) <= MOST else ()


def told(calls: Iterable[CallRecord], limits: Iterable[str]) -> tuple[str, ...]:
    """Which of these limits met a call under a flat plan, and none with a metered key."""
    met: dict[str, set[Billing]] = {limit: set() for limit in limits}
    for call in calls:
        for limit in call.limits:
            if limit in met:
                met[limit].add(call.billing)
    return tuple(sorted(limit for limit, billings in met.items() if billings == {Billing.NOTIONAL}))


def _from_us(row: BucketRow, now_us: int) -> int:
    if row.bucket.rolling_us is None:
        return row.bucket.start_us
    return max(now_us - row.bucket.rolling_us, 0)
