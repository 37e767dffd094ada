"""Statements for the tests of their forms."""

from contextlib import closing
from pathlib import Path

from tests.tollway.statement.year import BERLIN, NOW_US, write, year
from tollway.ledger.books import SqliteBooks
from tollway.model import CallRecord
from tollway.statement.month import parse
from tollway.statement.statement import Statement, statement
from tollway.statement.whose import Whose

EVERYBODY = Whose()


def of(
    folder: Path,
    calls: list[CallRecord] | None = None,
    whose: Whose = EVERYBODY,
    month: str = "2026-11",
    now_us: int = NOW_US,
) -> Statement:
    """The statement of these calls; without any, of the year that was made up."""
    path = folder / "ledger.db"
    write(path, year() if calls is None else calls)
    with closing(SqliteBooks(path)) as books:
        return statement(books, whose, parse(month), BERLIN, now_us)
