"""The fleet's log of calls: a capped stream in Redis, which readers drain into files of their own."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import Server, script
from tollway.model import CallRecord

MOST_KEPT = 200_000
"""Calls: some 150 MB of Redis's memory."""
BEGINNING = "0-0"

LOG = script("log")
_DECODER = msgspec.msgpack.Decoder(CallRecord)


class Portion(NamedTuple):
    """Some of the log."""

    calls: list[CallRecord]
    upto: str
    """Where the next portion begins."""
    lost: bool
    """Whether the entry was cut away that it is to come after: others may have been that nobody read."""


def add(server: Server, names: Names, calls: Sequence[CallRecord]) -> None:
    """Write them, in their order. Raises LedgerError: some may be written then, and may be again."""
    server.run(LOG, (names.log,), (MOST_KEPT, *map(msgspec.msgpack.encode, calls)))


class Entries(NamedTuple):
    """Some entries of a log, of whatever."""

    rows: list[bytes]
    upto: str
    lost: bool
    """As of `Portion`."""


def portion(server: Server, names: Names, after: str, most: int) -> Portion:
    """What comes after an entry. Raises LedgerError."""
    rows, upto, lost = entries(server, names.log, after, most)
    return Portion([_DECODER.decode(row) for row in rows], upto, lost)


def entries(server: Server, key: str, after: str, most: int) -> Entries:
    """What comes after an entry of the log that is kept there. Raises LedgerError."""
    found = server.ask("XRANGE", key, f"({after}", "+", "COUNT", most)
    rows = [fields[b"row"] for _, fields in found]
    upto = found[-1][0].decode() if found else after
    # Redis does not say what it cut away. That the entry is gone which was read last is as near as can be: of
    # all that are kept, others are behind it.
    return Entries(rows, upto, after != BEGINNING and _number(_first(server, key, upto)) > _number(after))


def _first(server: Server, key: str, otherwise: str) -> str:
    """The oldest entry that is there."""
    found = server.ask("XRANGE", key, "-", "+", "COUNT", 1)
    return found[0][0].decode() if found else otherwise


def _number(id: str) -> tuple[int, int]:
    time, _, count = id.partition("-")
    return int(time), int(count)
