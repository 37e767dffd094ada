"""The keys that Tollway gave out, in the ledger's SQLite file."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tollway.identity.virtual_key import ID_DIGITS, VirtualKey
from tollway.ledger.connect import connect
from tollway.ledger.fault import explain

_COLUMNS = "digest, user, team, role, service, groups, created_us, expires_us, revoked_us"
_ADD = f"INSERT INTO virtual_keys ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FIND = f"SELECT {_COLUMNS} FROM virtual_keys WHERE digest = ?"
_ALL = f"SELECT {_COLUMNS} FROM virtual_keys ORDER BY created_us, digest"
_REVOKE = f"""UPDATE virtual_keys SET revoked_us = ?
    WHERE substr(hex(digest), 1, {ID_DIGITS}) = upper(?) AND revoked_us IS NULL"""


class SqliteKeys:
    """`Keys`, on a connection of its own."""

    def __init__(self, path: Path) -> None:
        """Raises LedgerError."""
        self._path = path
        self._db = connect(path, "power")

    def find(self, digest: bytes) -> VirtualKey | None:
        """As `Keys.find`. It takes some 10 µs."""
        with self._spoken():
            rows = self._db.execute(_FIND, (digest,)).fetchall()  # all: a cursor left open would hold the log
        return _key(*rows[0]) if rows else None

    def all(self) -> list[VirtualKey]:
        """As `Keys.all`."""
        with self._spoken():
            return [_key(*row) for row in self._db.execute(_ALL).fetchall()]

    def add(self, key: VirtualKey) -> None:
        """As `Keys.add`."""
        who = (key.user, key.team, key.role, key.service, json.dumps(key.groups))
        with self._spoken():
            self._db.execute(_ADD, (key.digest, *who, key.created_us, key.expires_us, key.revoked_us))

    def revoke(self, id: str, at_us: int) -> bool:
        """As `Keys.revoke`."""
        with self._spoken():
            return self._db.execute(_REVOKE, (at_us, id)).rowcount > 0

    def close(self) -> None:
        """As `Keys.close`."""
        self._db.close()

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise explain(error, self._path) from None


def _key(*row: Any) -> VirtualKey:
    digest, user, team, role, service, groups, created_us, expires_us, revoked_us = row
    return VirtualKey(
        digest=digest,
        user=user,
        team=team,
        role=role,
        service=service,
        groups=tuple(json.loads(groups)),
        created_us=created_us,
        expires_us=expires_us,
        revoked_us=revoked_us,
    )
