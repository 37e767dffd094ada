"""The ledger that a command reads, for as long as it does."""

from collections.abc import Iterator
from contextlib import contextmanager

from tollway import paths
from tollway.ledger.open import is_there, open_books
from tollway.ledger.statements import Statements


@contextmanager
def opened(ledger: str | None) -> Iterator[Statements | None]:
    """The ledger of a URL; None if none was named, and none is there yet. Raises LedgerError."""
    url = ledger or paths.ledger_url()
    if ledger is None and not is_there(url):
        yield None
        return
    books = open_books(url)
    try:
        yield books
    finally:
        books.close()
