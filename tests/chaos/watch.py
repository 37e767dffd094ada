"""Looks at the ledger while calls run: what is settled and held may at no moment exceed the amount."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.chaos.place import LIMIT, Place
from tollway import clock
from tollway.budget.amounts import Unit
from tollway.ledger.fault import LedgerError

EVERY = 0.05
"""Seconds between two looks."""


@dataclass
class Watch:
    """What was seen so far."""

    place: Place
    peak_nano: int = 0
    """The most that was ever settled and held together."""
    looks: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Once. A ledger that is not there yet holds nothing."""
        if not self.place.path.exists():
            return
        try:
            with self.place.books() as books:
                rows = books.buckets(int(clock.now() * 1_000_000))
        except LedgerError:  # it is just being made
            return
        self.looks += 1
        taken = [row.settled + row.held for row in rows if row.bucket.limit == LIMIT]
        assert all(row.bucket.unit is Unit.USD for row in rows)
        self.peak_nano = max(self.peak_nano, *taken, 0)

    def look_until_ended(self) -> None:
        """Again and again."""
        while not self._ended.wait(EVERY):
            self.look()

    def end(self) -> None:
        """No more looks."""
        self._ended.set()


@contextmanager
def watched(place: Place) -> Iterator[Watch]:
    """Watch for as long as the block lasts, from a thread, and once more at its end."""
    watch = Watch(place)
    thread = threading.Thread(target=watch.look_until_ended)
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()
    watch.look()
