"""An operator lets go of what a call holds, or is charged, since its process died."""

import sqlite3
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from tollway.ledger.buckets import Buckets
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError, explain
from tollway.ledger.members import Kept
from tollway.ledger.presence import living
from tollway.ledger.row import COLUMNS, call_of
from tollway.ledger.settling import settle
from tollway.ledger.writer import as_it_is
from tollway.model import CallRecord, Cost

RELEASED = "released"
"""Flag of a cost."""

_ROW = f"SELECT process, awaited_us, {', '.join(COLUMNS)} FROM calls WHERE id = ?"


def release(path: Path, call_id: str) -> CallRecord:
    """Charge nothing for a call that is lost, or that is open and its process is not, or its end comes later.
    The row as it is now.

    Should the call end after all, its settlement replaces this. Raises LedgerError for any other call.
    """
    with closing(connect(path, "process")) as db:
        try:
            db.execute("BEGIN IMMEDIATE")
            process, released = let_go(db, path, call_id)
            buckets = Buckets()
            settle(db, buckets, Kept(), process, as_it_is, released)
            buckets.flush(db)
            db.execute("COMMIT")
        except sqlite3.Error as error:
            raise explain(error, path) from None
    return released


def let_go(db: sqlite3.Connection, path: Path, call_id: str) -> tuple[str, CallRecord]:
    """The process of a call, and its row as it will be; nothing is written. Raises LedgerError as above."""
    found = db.execute(_ROW, (call_id,)).fetchone()
    if found is None:
        raise LedgerError(f"call {call_id}: there is none of that id: `tollway budgets` lists what is held")
    process, awaited_us, *row = found
    call = call_of(row)
    if call.state == "done":
        raise LedgerError(f"call {call_id}: it ended, and holds nothing")
    if call.state == "open" and awaited_us is None and process in living(path):
        raise LedgerError(f"call {call_id}: it is in flight, and its process lives: end that process first")
    usage = replace(call.usage, input_tokens=None, output_tokens=None)
    cost = Cost(price_version=call.cost.price_version, flags=(*call.cost.flags, RELEASED))
    return process, replace(call, state="done", usage=usage, cost=cost)
