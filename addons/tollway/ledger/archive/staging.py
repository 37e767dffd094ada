"""The lines of an export in tables of this connection's own, which have all that the ledger's table asks of a
row: what is wrong is found before anything is written to the ledger."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any, NamedTuple

from tollway.ledger.archive.form import Column, Form
from tollway.ledger.archive.reading import Line, bad
from tollway.ledger.archive.sound import LONGEST, Sound, Unsound

AT_ONCE = 500
_TABLE = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'calls'"
_CAME = "temp.came"
_IDS = """CREATE TEMP TABLE came_ids
    (merged TEXT NOT NULL, id TEXT NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (merged, id)) WITHOUT ROWID"""
_LINES = "CREATE TEMP TABLE came_lines (row INTEGER PRIMARY KEY, line INTEGER NOT NULL)"
_BOTH = """SELECT line, came_ids.id FROM temp.came_ids JOIN temp.came ON came.id = came_ids.id
    UNION ALL SELECT line, merged FROM temp.came_ids
        WHERE NOT EXISTS (SELECT 1 FROM temp.came WHERE came.id = merged AND calls > 1)
    ORDER BY line LIMIT 1"""
_COMMENT = re.compile("--.*")
_COUNTS = """SELECT line, id, calls FROM temp.came JOIN temp.came_lines ON came_lines.row = came.rowid
    WHERE calls > 1 AND calls <> (SELECT count(*) FROM temp.came_ids WHERE merged = came.id)
    ORDER BY line LIMIT 1"""


class Staged(NamedTuple):
    """What is in a file."""

    rows: int
    open: tuple[str, ...]
    """The ids of calls in flight, which are left out."""


def stage(
    db: sqlite3.Connection, name: str, form: Form, known: Sequence[Column], lines: Iterable[Line]
) -> Staged:
    """Put them into `temp.came`, and `temp.came_ids`. Raises LedgerError for the first that is wrong."""
    ((table,),) = db.execute(_TABLE).fetchall()
    db.execute(table.replace("CREATE TABLE calls", "CREATE TEMP TABLE came", 1))
    for statement in (_IDS, _LINES):
        db.execute(statement)
    stage = _Stage(db, name, form, known)
    for some in batched(lines, AT_ONCE):
        stage.take(some)
    _agree(db, name)
    return Staged(stage.rows, tuple(stage.open))


class _Stage:
    def __init__(self, db: sqlite3.Connection, name: str, form: Form, known: Sequence[Column]) -> None:
        self._db, self._name = db, name
        self._sound = Sound(form.columns, known)
        self._id, self._state = form.columns.index("id"), form.columns.index("state")
        columns, marks = ", ".join(form.columns), ", ".join("?" * len(form.columns))
        self._put = f"INSERT INTO {_CAME} ({columns}) VALUES ({marks})"
        self._names = form.columns
        self.rows = 0
        self.open: list[str] = []

    def take(self, lines: Sequence[Line]) -> None:
        rows, ids = [], []
        for number, row in lines:
            if row[-1] is not None:
                ids.append((row[-1], row[self._id], number))
            else:
                self._check(number, row)
                if row[self._state] == "open":
                    self.open.append(str(row[self._id]))
                else:
                    rows.append((number, row[:-1]))
        self._write(rows)
        self._note(ids)
        self.rows += len(rows)

    def _check(self, number: int, row: Sequence[Any]) -> None:
        try:
            self._sound.check(row)
        except Unsound as error:
            raise bad(self._name, number, error.key, f"{_shown(error.value)} is {error.said}") from None

    def _write(self, rows: Sequence[tuple[int, Sequence[Any]]]) -> None:
        self._db.execute("BEGIN")
        try:
            before = self.rows
            self._db.executemany(self._put, [row for _, row in rows])
            numbers = [(before + at, number) for at, (number, _) in enumerate(rows, start=1)]
            self._db.executemany("INSERT INTO temp.came_lines VALUES (?, ?)", numbers)
            self._db.execute("COMMIT")
        except sqlite3.IntegrityError:
            self._db.execute("ROLLBACK")
            self._find(rows)
            raise

    def _find(self, rows: Sequence[tuple[int, Sequence[Any]]]) -> None:
        """Raises LedgerError for the first that the table does not take."""
        for number, row in rows:
            try:
                self._db.execute(self._put, row)
            except sqlite3.IntegrityError as error:
                raise self._refused(number, row, str(error)) from None

    def _refused(self, number: int, row: Sequence[Any], error: str) -> Exception:
        kind, _, said = error.partition(" failed: ")
        (key, *_) = (*_COMMENT.sub("", said).removeprefix("came.").split(), "")
        if kind == "UNIQUE constraint":
            return bad(self._name, number, "id", f"{_shown(row[self._id])} is there twice")
        if kind == "NOT NULL constraint":
            return bad(self._name, number, key, "it is absent, and must not be")
        value = _shown(row[self._names.index(key)]) if key in self._names else "a value"
        return bad(self._name, number, key, f"{value} is nothing that a ledger takes there")

    def _note(self, ids: Sequence[tuple[Any, ...]]) -> None:
        for merged, id, number in ids:
            if not (isinstance(merged, str) and isinstance(id, str)):
                raise bad(self._name, number, "id", f"{_shown(id)} is no text")
        self._db.executemany("INSERT OR IGNORE INTO temp.came_ids VALUES (?, ?, ?)", ids)


def _agree(db: sqlite3.Connection, name: str) -> None:
    """Raises LedgerError unless merged rows and the ids that are in them are all there, and are no rows."""
    if row := db.execute(_BOTH).fetchone():
        said = "is a row as well, or merged into a row that is not there"
        raise bad(name, row[0], "id", f"{_shown(row[1])} {said}: the file is not whole")
    if row := db.execute(_COUNTS).fetchone():
        said = f"of {row[2]:,} calls, and not as many ids say that they are in it: the file is not whole"
        raise bad(name, row[0], "calls", f"{_shown(row[1])} is a row {said}")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
