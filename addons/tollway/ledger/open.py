"""The ledger that a URL names."""

from pathlib import Path

from tollway.ledger.connect import Durability
from tollway.ledger.fault import LedgerError
from tollway.ledger.pages import Pages
from tollway.ledger.store import Books, Follower, Keys, Store
from tollway.model import CallRecord

_EXAMPLE = "sqlite:/var/lib/tollway/ledger.db"
NONE_YET = "no ledger yet: `tollway run -- claude` (or any program), or `tollway serve`, makes one"
"""What is said where nothing was called yet."""


def open_ledger(url: str, *, durability: Durability = "process") -> Store:
    """The ledger of `sqlite:PATH`, to write to; it is made if need be. Raises LedgerError.

    Calls that were in flight in a process that died are marked as lost: under hard limits they are charged
    at their bound, else they stay at their estimate.
    """
    from tollway.ledger.sqlite import SqliteLedger

    return SqliteLedger(path_of(url), durability)


def open_books(url: str) -> Books:
    """The ledger of `sqlite:PATH`, to read. Raises LedgerError, also if there is none."""
    from tollway.ledger.books import SqliteBooks

    return SqliteBooks(path_of(url))


def open_follower(url: str) -> Follower:
    """The ledger of `sqlite:PATH`, to watch. Raises LedgerError, also if there is none."""
    from tollway.ledger.following import SqliteFollower

    return SqliteFollower(path_of(url))


def open_pages(url: str) -> Pages:
    """The ledger of `sqlite:PATH`, for pages. Raises LedgerError, also if there is none."""
    from tollway.ledger.owned import SqlitePages

    return SqlitePages(path_of(url))


def open_keys(url: str) -> Keys:
    """The keys that were given out, in the ledger of `sqlite:PATH`; it is made if need be.

    Raises LedgerError.
    """
    from tollway.ledger.virtual_keys import SqliteKeys

    return SqliteKeys(path_of(url))


def release(url: str, call_id: str) -> CallRecord:
    """Let go of what a call of `sqlite:PATH` holds, or is charged, since its process died; its row.

    Raises LedgerError.
    """
    from tollway.ledger.release import release

    return release(path_of(url), call_id)


def path_of(url: str) -> Path:
    """The file of `sqlite:PATH` (`sqlite:///PATH` is read as well). Raises LedgerError."""
    scheme, colon, rest = url.partition(":")
    if scheme in ("redis", "rediss", "unix"):
        raise LedgerError(f"ledger {scheme}: a ledger on Redis comes with a later release: use sqlite:PATH")
    if scheme != "sqlite" or not colon:
        raise LedgerError(f"ledger {url}: write it as sqlite:PATH, as in {_EXAMPLE}")
    path = "/" + rest.lstrip("/") if rest.startswith("//") else rest
    if not path or path.endswith("/") or path == ":memory:":
        raise LedgerError(f"ledger {url}: name a file, as in {_EXAMPLE}")
    return Path(path).expanduser().absolute()
