"""All checks of a ledger, in their order."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from tollway.ledger.books import SqliteBooks
from tollway.ledger.fault import unread
from tollway.ledger.one_state import one_state
from tollway.ledger.orphaned import orphaned
from tollway.ledger.store import Rules
from tollway.ledger.verifying.check import CHECKS, RECOUNT
from tollway.ledger.verifying.finding import Finding, found, made, whole
from tollway.ledger.verifying.recounted import recounted

DEAD = "start `tollway serve` or `run` once: it sets them to lost, and charges what hard limits held for them"
ADDED = "buckets have what their rows come to"
OPEN = "open calls have a process that lives"


def verify(path: Path, rules: Callable[[], Rules] | str, now_us: int) -> Iterator[Finding]:
    """Look at everything. Nothing is written. `rules`: the limits of a policy, or why there are none.

    Raises LedgerError for a file that is no ledger.
    """
    with closing(SqliteBooks(path)) as books:
        yield _open(books.db, path)
        yield whole(books.db)
        with one_state(books.db, path):
            for check in CHECKS:
                yield made(check, books.db)
            yield _added(books.db, rules, now_us)


def _open(db: sqlite3.Connection, path: Path) -> Finding:
    try:
        return found(OPEN, sorted(orphaned(db, path)), DEAD)
    except (sqlite3.Error, ValueError) as error:
        raise unread(error, path) from None


def _added(db: sqlite3.Connection, rules: Callable[[], Rules] | str, now_us: int) -> Finding:
    if isinstance(rules, str):
        return Finding(ADDED, 0, mend=rules, skipped=True)
    kept = rules()
    result = recounted(db, kept, now_us)
    if result.waiting and not result.wrong:
        names = ", ".join(sorted({key.rpartition(":")[0] for key in result.waiting}))
        said = f"not {names}: a proxy counts the rows again as it starts, for others wrote some"
        return Finding(ADDED, 0, mend=said, skipped=not result.looked_at)
    return found(ADDED, result.wrong, RECOUNT)
