"""Draining the fleet's log into a ledger's SQLite file: at least once, and twice is as once."""

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tollway.ledger import awaited
from tollway.ledger.connect import connect
from tollway.ledger.cutting.known import merged_ones
from tollway.ledger.fault import explain
from tollway.ledger.fleet import log, tunnels
from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import READ_SECONDS, Server, where
from tollway.ledger.row import UPSERT, row_of
from tollway.ledger.tunnels import put
from tollway.model import CallRecord

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 1_000
COLLECTED = "collected"
"""In the place of a process, in rows: theirs are elsewhere."""


def collect(url: str, path: Path, now_us: int) -> int:
    """Read all that is new into the file, made if need be; how many rows came. Raises LedgerError."""
    place = where(url)
    names, server = Names(place.organisation), Server(place, READ_SECONDS)
    note = f"log {place.shown} {place.organisation}"
    with closing(server), closing(connect(path, "process")) as db:
        try:
            _drain_tunnels(db, server, names, f"tunnels {place.shown} {place.organisation}", now_us)
            return _drain(db, server, names, note, now_us)
        except sqlite3.Error as error:
            raise explain(error, path) from None


def _drain(db: sqlite3.Connection, server: Server, names: Names, note: str, now_us: int) -> int:
    count = 0
    while True:
        after = awaited.noted(db, note) or log.BEGINNING
        found = log.portion(server, names, after, MOST_AT_ONCE)
        if found.lost:
            logger.warning(
                "ledger %s: its log was cut, or lost, beyond what was collected here, and calls may be "
                "missing: collect more often; the journals of the processes still have them", server.shown
            )  # fmt: skip
        if not found.calls:
            return count
        _write(db, found.calls, note, found.upto, now_us)
        count += len(found.calls)


def _drain_tunnels(db: sqlite3.Connection, server: Server, names: Names, note: str, now_us: int) -> None:
    while True:
        found = tunnels.portion(server, names, awaited.noted(db, note) or log.BEGINNING, MOST_AT_ONCE)
        if not found.told:
            return
        with _at_once(db):
            put(db, [(each.node, each.seen) for each in found.told])
            awaited.note(db, note, found.upto, now_us)


def _write(db: sqlite3.Connection, calls: Sequence[CallRecord], note: str, upto: str, now_us: int) -> None:
    with _at_once(db):
        merged = merged_ones(db, (call.id for call in calls))
        fresh = [row_of(call, COLLECTED) for call in calls if call.id not in merged]
        db.executemany(UPSERT, fresh)
        awaited.note(db, note, upto, now_us)


@contextmanager
def _at_once(db: sqlite3.Connection) -> Iterator[None]:
    """All of it, or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
