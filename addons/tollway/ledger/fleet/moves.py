"""What a journal's transaction changes in its buckets, for the mirror: nothing, if it is undone."""

import sqlite3
from collections.abc import Iterable, Sequence

from tollway.budget.bucket import Bucket, Enforce
from tollway.ledger.fleet.desk import Correction
from tollway.ledger.fleet.mirror import Mirror
from tollway.ledger.fleet.names import Names
from tollway.ledger.holding import Holding
from tollway.ledger.states import State
from tollway.ledger.store import BucketRow


class Moves:
    """Hears what happens within transactions, and how they end."""

    def __init__(self, names: Names, mirror: Mirror) -> None:
        self._names = names
        self._mirror = mirror
        self._states: list[State] = []
        self._moved: list[BucketRow] = []
        self._amended: list[Correction] = []
        self._corrections: list[Correction] = []

    def moved(self, states: Sequence[State]) -> None:
        """As of `States`."""
        self._states += states

    def ending(self, db: sqlite3.Connection, holding: Holding) -> None:
        """The transaction is about to be committed."""
        holding.ending(db)
        self._note_states(db, holding)
        self._amended += [Correction(*each) for each in holding.buckets.corrected]

    def ended(self, committed: bool) -> None:
        """How the transaction ended."""
        if committed:
            self.stand(self._moved)
            self._corrections += self._amended
        self._states.clear()
        self._moved.clear()
        self._amended.clear()

    def note(self, db: sqlite3.Connection, holding: Holding, rows: Iterable[BucketRow]) -> None:
        """What stands in these, in the transaction that is under way: whatever was heard in it before."""
        self._note_states(db, holding)
        self._moved += rows

    def stand(self, rows: Iterable[BucketRow]) -> None:
        """What is settled and held in these by now."""
        for row in rows:
            if not row.bucket.slides:
                self._mirror.stands(self._names.bucket(row.bucket), row)

    def take_corrections(self) -> list[Correction]:
        """Those that were not taken yet."""
        taken, self._corrections = self._corrections, []
        return taken

    def _note_states(self, db: sqlite3.Connection, holding: Holding) -> None:
        known = holding.buckets.bucket(db, [state.id for state in self._states])
        self._moved += [_row(known[state.id], state) for state in self._states if state.id in known]
        self._states.clear()


def _row(bucket: Bucket, state: State) -> BucketRow:
    return BucketRow(
        bucket=bucket,
        amount=state.amount,
        enforce=Enforce(state.enforce),
        settled=state.settled,
        held=state.held,
        started_us=0,
    )
