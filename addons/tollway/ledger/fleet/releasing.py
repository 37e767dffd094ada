"""An operator lets go of a call of this machine's: its journal's node is left the call's end."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tollway.ledger.fault import LedgerError, explain
from tollway.ledger.fleet import later
from tollway.ledger.fleet.journal import acquaintance, folder_of
from tollway.ledger.fleet.names import Names
from tollway.ledger.fleet.server import READ_SECONDS, Server, where
from tollway.ledger.release import let_go
from tollway.model import CallRecord

NOWHERE = (
    "call {}: no journal of this machine has it ({}): `tollway budgets` lists what is held; it is let go of "
    "on the machine whose process made it"
)
_HAS = "SELECT 1 FROM calls WHERE id = ?"


class _Window:
    """Asks Redis in the name of no node."""

    def __init__(self, server: Server, names: Names) -> None:
        self.names = names
        self._server = server

    def ask(self, *words: Any) -> Any:
        """As `later.Desk`."""
        return self._server.ask(*words)


def release(url: str, call_id: str) -> CallRecord:
    """As `ledger.release.release`. The process that has the journal writes it within a second; if there is
    none, the next one does.

    Raises LedgerError.
    """
    place = where(url)
    folder = folder_of(place)
    for path in sorted(folder.glob("[0-9]*.db")):
        if (found := _found(path, call_id)) is not None:
            node, released = found
            with closing(Server(place, READ_SECONDS)) as server:
                later.send(_Window(server, Names(place.organisation)), node, released)
            return released
    raise LedgerError(NOWHERE.format(call_id, folder))


def _found(path: Path, call_id: str) -> tuple[str, CallRecord] | None:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            if db.execute(_HAS, (call_id,)).fetchone() is None:
                return None
            return acquaintance(db).node, let_go(db, path, call_id)[1]
    except sqlite3.Error as error:
        raise explain(error, path) from None
