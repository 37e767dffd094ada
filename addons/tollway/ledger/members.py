"""Which buckets a call counts in: those that its row names, and those of limits that came up since."""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from tollway.budget.bucket import Bucket
from tollway.ledger.buckets import Buckets
from tollway.ledger.store import Rules
from tollway.model import CallRecord


class Kept:
    """The limits that this process keeps. Hears how each transaction ended, as `Buckets` does."""

    def __init__(self) -> None:
        self.policy: int | None = None
        """The id of their set, which is in the rows that are written meanwhile; None: none were adopted."""
        self.rules: Rules | None = None
        self.since_us: Mapping[str, int] = {}
        """By limit: its buckets are complete from this window on."""
        self._before: tuple[int | None, Rules | None, Mapping[str, int]] | None = None
        self._sets: dict[int, frozenset[str]] = {}

    def keep(self, policy: int, rules: Rules, since_us: Mapping[str, int]) -> None:
        """From now on, if the transaction that is under way gets committed."""
        if self._before is None:
            self._before = self.policy, self.rules, self.since_us
        self.policy, self.rules, self.since_us = policy, rules, since_us

    def ended(self, committed: bool) -> None:
        """How the transaction ended."""
        if self._before is not None and not committed:
            self.policy, self.rules, self.since_us = self._before
        self._before = None

    def of_new(self, call: CallRecord) -> Sequence[Bucket]:
        """The buckets that a call counts in which has no row yet."""
        return self.rules.all_buckets(call, call.started_us) if self.rules is not None else ()

    def added(self, db: sqlite3.Connection, policy: int | None, call: CallRecord) -> Sequence[Bucket]:
        """The buckets that a call counts in beside those its row names: of limits that are kept now, and were
        not by the process that opened it. They were rebuilt since, from their present window on."""
        if policy == self.policy:
            return ()
        known = self._keys(db, policy)
        return [
            bucket
            for bucket in self.of_new(call)
            if bucket.key not in known
            and (bucket.rolling_us is not None or bucket.start_us >= self.since_us[bucket.key])
        ]

    def _keys(self, db: sqlite3.Connection, policy: int | None) -> frozenset[str]:
        if policy is None:
            return frozenset()
        if policy not in self._sets:
            row = db.execute("SELECT keys FROM policies WHERE id = ?", (policy,)).fetchone()
            self._sets[policy] = frozenset(json.loads(row[0]))
        return self._sets[policy]


def open_all(
    db: sqlite3.Connection, buckets: Buckets, kept: Kept, wanted: Sequence[Bucket], now_us: int
) -> list[int]:
    """The ids of buckets, which are made where there are none yet, at their limits' present terms."""
    assert kept.rules is not None
    ids = []
    for bucket, found in zip(wanted, buckets.find(db, wanted), strict=True):
        state = found
        if state is None:
            terms = kept.rules.terms(bucket.key, now_us)
            state = buckets.open(db, bucket, terms.amount, terms.enforce, now_us, now_us)
        ids.append(state.id)
    return ids
