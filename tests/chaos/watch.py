"""Looks at the ledger while calls run: what buckets say is at each moment the sum over the calls' rows."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

EVERY = 0.05
"""Seconds between two looks."""

# By hand, so that no mistake of the ledger's own sums hides in them. One statement sees one state.
_LOOK = """SELECT balances.settled, held,
    coalesce((SELECT sum(cost_nano) FROM calls, json_each(holds)
        WHERE state <> 'open' AND key = CAST(bucket AS TEXT)), 0),
    coalesce((SELECT sum(value) FROM calls, json_each(holds)
        WHERE state = 'open' AND key = CAST(bucket AS TEXT)), 0)
    FROM balances"""


class Sums(NamedTuple):
    """One bucket, as it says itself and as its calls' rows add up; money in nano-dollars."""

    settled: int
    held: int
    charged: int
    """Over rows of calls that have ended."""
    bound: int
    """Over open rows: what they hold."""

    @property
    def agree(self) -> bool:
        """Nothing is in the one that is not in the other."""
        return (self.settled, self.held) == (self.charged, self.bound)


def sums(ledger: Path) -> list[Sums]:
    """Of each bucket of a ledger whose only limits are in USD."""
    with closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True, timeout=30)) as db:
        return [Sums(*row) for row in db.execute(_LOOK)]


@dataclass
class Watch:
    """What was seen so far."""

    ledger: Path
    looks: int = 0
    apart: int = 0
    """Looks at which a bucket and its rows did not agree."""
    _ended: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Once."""
        self.looks += 1
        self.apart += not all(each.agree for each in sums(self.ledger))

    def look_until_ended(self) -> None:
        """Again and again."""
        while not self._ended.wait(EVERY):
            self.look()

    def end(self) -> None:
        """No more looks."""
        self._ended.set()


@contextmanager
def watched(ledger: Path) -> Iterator[Watch]:
    """Watch for as long as the block lasts, from a thread, and once more at its end."""
    watch = Watch(ledger)
    thread = threading.Thread(target=watch.look_until_ended)
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()
    watch.look()
