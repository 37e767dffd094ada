"""What a check has found."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from tollway.ledger.fault import FAULTS
from tollway.ledger.verifying.check import RESTORE, Check

SHOWN = 5
"""Ids, of each check that fails."""


class Finding(NamedTuple):
    """How a check came out."""

    name: str
    wrong: int
    """How much is not as it should be."""
    ids: tuple[str, ...] = ()
    """The first of these."""
    mend: str = ""
    """What to do about it; or why nobody could look."""
    skipped: bool = False

    @property
    def failed(self) -> bool:
        """Whether something is wrong."""
        return self.wrong > 0


def made(check: Check, db: sqlite3.Connection) -> Finding:
    """Run a check."""
    try:
        return found(check.name, (str(id) for (id,) in db.execute(check.wrong)), check.mend)
    except FAULTS as error:
        return Finding(check.name, 1, (f"can't be read: {error}",), RESTORE)


def whole(db: sqlite3.Connection) -> Finding:
    """Whether the file is sound: its pages, its indices, what tables ask of their rows."""
    name = "the file is sound"
    try:
        said = [str(row[0]) for row in db.execute("PRAGMA integrity_check(100)")]
        said += [f"{row[0]} row {row[1]}" for row in db.execute("PRAGMA foreign_key_check")]
    except FAULTS as error:
        said = [str(error)]
    return found(name, (one for one in said if one != "ok"), RESTORE)


def found(name: str, wrong: Iterable[str], mend: str) -> Finding:
    """What comes of all that is wrong."""
    shown: list[str] = []
    count = 0
    for one in wrong:
        count += 1
        if count <= SHOWN:
            shown.append(one)
    return Finding(name, count, tuple(shown), mend if count else "")
