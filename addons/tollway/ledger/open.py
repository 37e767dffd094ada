"""The ledger that a URL names."""

from pathlib import Path
from typing import TYPE_CHECKING

from tollway import paths
from tollway.ledger.connect import Durability
from tollway.ledger.fault import LedgerError
from tollway.ledger.pages import Pages
from tollway.ledger.statements import Statements
from tollway.ledger.store import Follower, Keys, Store
from tollway.model import CallRecord

if TYPE_CHECKING:
    from tollway.ledger.attempts import Recorded
    from tollway.ledger.books import SqliteBooks

_EXAMPLE = "sqlite:/var/lib/tollway/ledger.db"
NONE_YET = "no ledger yet: `tollway run -- claude` (or any program), or `tollway serve`, makes one"
"""What is said where nothing was called yet."""


def open_ledger(url: str, *, durability: Durability = "process") -> Store:
    """The ledger of `sqlite:PATH`, or of a fleet (`redis://...`), to write to; it is made if need be. Raises
    LedgerError.

    Calls that were in flight in a process that died are marked as lost: under hard limits they are charged
    at their bound, else they stay at their estimate.
    """
    if is_of_fleet(url):  # redis takes as long to import as all else that a report needs
        from tollway.ledger.fleet.ledger import FleetLedger

        return FleetLedger(url, durability)
    from tollway.ledger.sqlite import SqliteLedger

    return SqliteLedger(path_of(url), durability)


def open_books(url: str) -> Statements:
    """The ledger of `sqlite:PATH`, to read. Raises LedgerError, also if there is none."""
    return _books(url)


def open_recorded(url: str) -> "Recorded":
    """The same, for a backtest."""
    return _books(url)


def _books(url: str) -> "SqliteBooks":
    if is_of_fleet(url):
        from tollway.ledger.fleet.reading import FleetBooks

        return FleetBooks(url)
    from tollway.ledger.books import SqliteBooks

    return SqliteBooks(path_of(url))


def open_follower(url: str) -> Follower:
    """The ledger of `sqlite:PATH`, to watch. Raises LedgerError, also if there is none."""
    if is_of_fleet(url):
        from tollway.ledger.fleet.reading import FleetFollower

        return FleetFollower(url)
    from tollway.ledger.following import SqliteFollower

    return SqliteFollower(path_of(url))


def open_pages(url: str) -> Pages:
    """The ledger of `sqlite:PATH`, for pages. Raises LedgerError, also if there is none."""
    if is_of_fleet(url):
        from tollway.ledger.fleet.reading import FleetPages

        return FleetPages(url)
    from tollway.ledger.owned import SqlitePages

    return SqlitePages(path_of(url))


def open_keys(url: str) -> Keys:
    """The keys that were given out, in the ledger of `sqlite:PATH`; it is made if need be.

    Raises LedgerError.
    """
    if is_of_fleet(url):
        from tollway.ledger.fleet.keys import FleetKeys

        return FleetKeys(url)
    from tollway.ledger.virtual_keys import SqliteKeys

    return SqliteKeys(path_of(url))


def release(url: str, call_id: str) -> CallRecord:
    """Let go of what a call holds, or is charged, since its process died; its row. Of a fleet's calls, those
    of this machine.

    Raises LedgerError.
    """
    if is_of_fleet(url):
        from tollway.ledger.fleet.releasing import release as release_from_fleet

        return release_from_fleet(url, call_id)
    from tollway.ledger.release import release

    return release(path_of(url), call_id)


def is_of_fleet(url: str) -> bool:
    """Whether processes of many machines share it, over Redis."""
    return url.partition(":")[0] in ("redis", "rediss", "unix")


def is_there(url: str) -> bool:
    """Whether there is a ledger to be read; a fleet's is wherever Redis is. Raises TollwayError where that
    can't be known."""
    return is_of_fleet(url) or paths.is_there(path_of(url))


def path_of(url: str) -> Path:
    """The file of `sqlite:PATH` (`sqlite:///PATH` is read as well); of a fleet, the one that this machine
    drains its log into. Raises LedgerError."""
    if is_of_fleet(url):
        from tollway.ledger.fleet.reading import path_of_collected

        return path_of_collected(url)
    scheme, colon, rest = url.partition(":")
    if scheme != "sqlite" or not colon:
        raise LedgerError(f"ledger {url}: write it as sqlite:PATH, as in {_EXAMPLE}, or redis://HOST:PORT/DB")
    path = "/" + rest.lstrip("/") if rest.startswith("//") else rest
    if not path or path.endswith("/") or path == ":memory:":
        raise LedgerError(f"ledger {url}: name a file, as in {_EXAMPLE}")
    return Path(path).expanduser().absolute()
