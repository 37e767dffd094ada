"""What checks say."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.tollway.ledger.year import write, year
from tollway.ledger.connect import connect, connect_to_read
from tollway.ledger.verifying.check import RESTORE, Check
from tollway.ledger.verifying.finding import Finding, found, made, whole


def test_the_first_ids_are_shown_and_all_are_counted() -> None:
    finding = found("n", map(str, range(7)), "mend it")

    assert finding == Finding("n", 7, ("0", "1", "2", "3", "4"), "mend it")
    assert finding.failed


def test_where_nothing_is_wrong_nothing_is_to_be_done() -> None:
    assert found("n", [], "mend it") == Finding("n", 0)
    assert not found("n", [], "mend it").failed


def test_what_can_not_be_looked_at_is_wrong(tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        assert made(Check("n", "SELECT 1 FROM nowhere", "m"), db) == Finding(
            "n", 1, ("can't be read: no such table: nowhere",), RESTORE
        )


def test_a_file_that_is_damaged_is_told(tmp_path: Path) -> None:
    """An index that lacks a row; and pages that are none."""
    path = write(tmp_path / "ledger.db", year(30))
    with closing(connect(path, "process")) as db:
        assert whole(db) == Finding("the file is sound", 0)
        db.execute("PRAGMA writable_schema = 1")
        more = "UPDATE sqlite_schema SET sql = replace(sql, 'calls > 1', 'calls > 0') WHERE name = ?"
        db.execute(more, ("calls_merged",))
    with closing(connect_to_read(path)) as db:
        assert whole(db).failed
    data = bytearray(path.read_bytes())
    data[-8 * 4096 :] = bytes(8 * 4096)
    path.write_bytes(data)
    with closing(connect_to_read(path)) as db:
        assert whole(db).failed
