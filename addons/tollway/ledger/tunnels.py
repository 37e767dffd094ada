"""What passed to AI services that nobody reads, by days: each a step of the writer's, or a reader's look."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from tollway.discovery.sighting import Sighting, Who

OWN = ""
"""In the place of a node: this ledger's own processes."""
COLUMNS = (
    "day", "host", "user", "team", "program", "client", "connections", "refused", "sent_bytes",
    "received_bytes", "first_us", "last_us",
)  # fmt: skip
FIRST_DAY, LAST_DAY = "", "\U0010ffff"
"""All days are between these."""

_KEY = "day, host, user, team, program, client, node"
_INTO = f"INSERT INTO tunnels ({', '.join(COLUMNS)}, node) VALUES ({', '.join('?' * (len(COLUMNS) + 1))})"
_MORE = f"""{_INTO} ON CONFLICT ({_KEY}) DO UPDATE SET
    connections = connections + excluded.connections, refused = refused + excluded.refused,
    sent_bytes = sent_bytes + excluded.sent_bytes, received_bytes = received_bytes + excluded.received_bytes,
    first_us = min(first_us, excluded.first_us), last_us = max(last_us, excluded.last_us)"""
_AS_IT_IS = f"""{_INTO} ON CONFLICT ({_KEY}) DO UPDATE SET
    connections = excluded.connections, refused = excluded.refused, sent_bytes = excluded.sent_bytes,
    received_bytes = excluded.received_bytes, first_us = excluded.first_us, last_us = excluded.last_us
    WHERE excluded.connections + excluded.refused >= connections + refused
    AND excluded.sent_bytes >= sent_bytes AND excluded.received_bytes >= received_bytes"""
_KEPT = f"SELECT {', '.join(COLUMNS)} FROM tunnels WHERE day >= ? AND day < ? ORDER BY day, host, last_us"


def note(db: sqlite3.Connection, sightings: Iterable[Sighting]) -> None:
    """As `Ledger.note_tunnels`."""
    db.executemany(_MORE, [(*values(one), OWN) for one in sightings])


def put(db: sqlite3.Connection, sightings: Iterable[tuple[str, Sighting]]) -> None:
    """Have what nodes have by now, each by its name; what is older than that changes nothing."""
    db.executemany(_AS_IT_IS, [(*values(one), node) for node, one in sightings])


def kept(db: sqlite3.Connection, since: str = FIRST_DAY, until: str = LAST_DAY) -> list[Sighting]:
    """As `Books.tunnels`."""
    return [sighting(row) for row in db.execute(_KEPT, (since, until))]


def values(one: Sighting) -> tuple[Any, ...]:
    """What the columns have."""
    counts = (one.connections, one.refused, one.sent_bytes, one.received_bytes)
    return (one.day, one.host, *one.who, *counts, one.first_us, one.last_us)


def sighting(row: Sequence[Any]) -> Sighting:
    """What the columns say."""
    day, host, user, team, program, client, connections, refused, sent, received, first_us, last_us = row
    return Sighting(
        day=day,
        host=host,
        who=Who(user, team, program, client),
        connections=connections,
        refused=refused,
        sent_bytes=sent,
        received_bytes=received,
        first_us=first_us,
        last_us=last_us,
    )
