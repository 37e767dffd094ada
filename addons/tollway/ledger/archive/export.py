"""Writing a ledger's calls into a file: one state of the ledger, row by row, in constant memory."""

import io
import sqlite3
from collections.abc import Iterator
from itertools import batched, chain
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

from tollway.ledger.archive import jsonl, sheet
from tollway.ledger.archive.file import to_write
from tollway.ledger.archive.form import columns, form_of
from tollway.ledger.one_state import one_state

Style = Literal["jsonl", "csv"]
AT_ONCE = 500
"""Lines that are written together."""

_SPAN = "started_us >= ? AND started_us < ?"
_ROWS = f"FROM calls WHERE {_SPAN} ORDER BY started_us, rowid"
_IDS = f"""FROM cut CROSS JOIN calls ON calls.rowid = cut.merged WHERE {_SPAN}"""
_COUNTS = f"""SELECT count(*), coalesce(sum(calls), 0), coalesce(sum(state = 'open'), 0)
    FROM calls WHERE {_SPAN}"""


class Written(NamedTuple):
    """What is in an export."""

    rows: int
    calls: int
    """That they stand for."""
    open: int
    """Of them in flight: what is known so far."""
    last: int
    """No row of the ledger was written later (its rowid) that is in there."""


def export(
    db: sqlite3.Connection, path: Path, name: str, style: Style, span: tuple[int, int], anew: bool = False
) -> Written:
    """Write the calls that started in a span into a file. `path`: the ledger's; `name`, `anew`: as of
    `to_write`.

    Raises LedgerError, and leaves no file then.
    """
    with to_write(name, anew) as file, one_state(db, path):
        rows, calls, flying = db.execute(_COUNTS, span).fetchone()
        ((ids,),) = db.execute(f"SELECT count(*) {_IDS}", span).fetchall()
        ((last,),) = db.execute("SELECT coalesce(max(rowid), 0) FROM calls").fetchall()
        known, form = columns(db), form_of(db, rows + ids)
        found = _found(db, form.columns, span)
        if style == "csv":
            text = io.TextIOWrapper(file, "utf-8", newline="")
            sheet.written(form, known, found, text)
            text.detach()
        else:
            _write(file, jsonl.written(form, found))
    return Written(rows, calls, flying, last)


def _found(db: sqlite3.Connection, names: tuple[str, ...], span: tuple[int, int]) -> Iterator[Any]:
    """All rows, then the ids that merged ones stand for."""
    rows = db.execute(f"SELECT {', '.join(names)}, NULL {_ROWS}", span)
    absent = ", NULL" * (len(names) - 1)
    return chain(rows, db.execute(f"SELECT cut.id{absent}, calls.id {_IDS}", span))


def _write(file: IO[bytes], lines: Iterator[bytes]) -> None:
    for some in batched(lines, AT_ONCE):
        file.write(b"".join(some))
