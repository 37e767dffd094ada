"""What nodes of a fleet saw pass to AI services, in a log of its own beside that of calls.

A node tells its rows as they are, each that has changed since; so what is told twice is as once. Rows are
noted by triggers, in the transaction that changes them, as those of calls are (`outbox`).
"""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tollway.discovery.sighting import Sighting
from tollway.ledger.fleet import log
from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import Server
from tollway.ledger.tunnels import COLUMNS, sighting

TOLD_SECONDS = 60.0
"""How often a node tells what it saw: the log is to last, and nobody waits for it."""
MOST_AT_ONCE = 200

# In a trigger, what an upsert says of conflicts holds, and not `OR IGNORE`.
_NOTED = """INSERT INTO tunnels_outbox SELECT new.rowid
    WHERE NOT EXISTS (SELECT 1 FROM tunnels_outbox WHERE tunnel = new.rowid)"""
_MAKE = (
    "CREATE TABLE IF NOT EXISTS tunnels_outbox (tunnel INTEGER PRIMARY KEY)",
    f"CREATE TRIGGER IF NOT EXISTS tunnels_inserted AFTER INSERT ON tunnels BEGIN {_NOTED}; END",
    f"CREATE TRIGGER IF NOT EXISTS tunnels_updated AFTER UPDATE ON tunnels BEGIN {_NOTED}; END",
)
_WAITING = f"""SELECT tunnels.rowid, {", ".join(COLUMNS)}
    FROM tunnels_outbox JOIN tunnels ON tunnels.rowid = tunnel ORDER BY tunnel LIMIT ?"""
_TOLD = "DELETE FROM tunnels_outbox WHERE tunnel = ?"
_AGAIN = "INSERT OR IGNORE INTO tunnels_outbox SELECT rowid FROM tunnels WHERE last_us >= ?"


class Told(msgspec.Struct, frozen=True):
    """An entry of the log."""

    node: str
    seen: Sighting


class Portion(NamedTuple):
    """Some of the log."""

    told: list[Told]
    upto: str
    """Where the next portion begins."""


_DECODER = msgspec.msgpack.Decoder(Told)


def make(db: sqlite3.Connection) -> None:
    """Have a journal's rows noted from now on."""
    for statement in _MAKE:
        db.execute(statement)


def waiting(db: sqlite3.Connection) -> list[tuple[int, Sighting]]:
    """Some of those that changed since they were told, by their numbers."""
    return [(number, sighting(row)) for number, *row in db.execute(_WAITING, (MOST_AT_ONCE,))]


def told(db: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """The log has them as they are."""
    db.executemany(_TOLD, [(number,) for number in numbers])


def again(db: sqlite3.Connection, since_us: int) -> None:
    """Have those told again of which something was seen since then: the log may be lost."""
    db.execute(_AGAIN, (since_us,))


def add(server: Server, names: Names, node: str, seen: Sequence[Sighting]) -> None:
    """Write a node's rows to the log. Raises LedgerError: some may be written then, and may be again."""
    packed = [msgspec.msgpack.encode(Told(node, one)) for one in seen]
    server.run(log.LOG, (names.tunnels,), (log.MOST_KEPT, *packed))


def portion(server: Server, names: Names, after: str, most: int) -> Portion:
    """What comes after an entry. Raises LedgerError."""
    rows, upto, _ = log.entries(server, names.tunnels, after, most)
    return Portion([_DECODER.decode(row) for row in rows], upto)
