"""A process's journal: the file of its own rows, which is nobody else's as long as it lives."""

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Self

import msgspec

from tollway import paths
from tollway.ledger import awaited
from tollway.ledger.fault import explain
from tollway.ledger.fleet.server import Where

FLEET = "fleet"
"""The name of a note in the journal."""


def folder_of(place: Where) -> Path:
    """Where the journals of this machine's processes of a fleet are."""
    if place.folder is not None:
        return place.folder
    name = blake2b(f"{place.shown} {place.organisation}".encode(), digest_size=6).hexdigest()
    return paths.data_dir() / "fleet" / name


def collected_path(place: Where) -> Path:
    """The file that this machine drains the fleet's log into."""
    return folder_of(place) / "collected.db"


class Journal:
    """One file, taken until it is let go of: the first of the folder that no living process has."""

    def __init__(self, path: Path, lock: int) -> None:
        """`take` and `left` make them."""
        self.path = path
        self._lock = lock

    @classmethod
    def take(cls, folder: Path) -> Self:
        """A process that died leaves its file to the next one, which ends its calls. Raises LedgerError, or
        TollwayError for a folder that can't be made."""
        paths.make_dir(folder)
        return next(taken for number in count(1) if (taken := cls._taken(folder / f"{number}.db")))

    @classmethod
    def left(cls, folder: Path) -> Iterator[Self]:
        """Those that are there, and that nobody has: taken, one after the other. Raises LedgerError."""
        for path in sorted(folder.glob("[0-9]*.db")):
            if (taken := cls._taken(path)) is not None:
                yield taken

    @classmethod
    def _taken(cls, path: Path) -> Self | None:
        try:
            lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return cls(path, lock)
        except OSError as error:
            raise explain(error, path) from None
        os.close(lock)
        return None

    def let_go(self) -> None:
        """Somebody else may take it. Again does nothing."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


class Acquaintance(msgspec.Struct, frozen=True):
    """What a journal remembers of the fleet."""

    node: str
    """The name of the part that it is of."""
    server: str = ""
    """The server that was told all of it last; "": none was."""
    peers: tuple[str, ...] = ()
    """The other nodes that were there then."""


def acquaintance(db: sqlite3.Connection) -> Acquaintance:
    """As it is remembered; a new one has a name of its own."""
    text = awaited.noted(db, FLEET)
    if text is None:
        return Acquaintance(secrets.token_hex(6))
    return msgspec.json.decode(text, type=Acquaintance)


def remember(db: sqlite3.Connection, known: Acquaintance, now_us: int) -> None:
    """Have it remembered."""
    awaited.note(db, FLEET, msgspec.json.encode(known).decode(), now_us)
