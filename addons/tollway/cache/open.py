"""The answers that belong to a ledger, by its URL: beside it in a file, or in the Redis of a fleet."""

import socket
from collections.abc import Callable
from hashlib import blake2b

from tollway.cache.file import beside
from tollway.caching.store import Answers, Shelf
from tollway.ledger.open import is_of_fleet, path_of


def open_answers(url: str, size: int, doubt: Callable[[], object] = lambda: None) -> Answers:
    """Those of a process. `size`: of all, in bytes; `doubt` is told when a fleet's Redis takes longer than
    it should. Raises LedgerError for a URL that is none."""
    if is_of_fleet(url):  # redis takes as long to import as all else that the command line needs
        from tollway.cache.fleet.answers import FleetAnswers

        return FleetAnswers(url, size, doubt)
    from tollway.cache.sqlite import SqliteAnswers

    return SqliteAnswers(beside(path_of(url)), size)


def open_shelf(url: str) -> Shelf:
    """Those that are kept, for the command line. Raises LedgerError for a URL that is none."""
    if is_of_fleet(url):
        from tollway.cache.fleet.shelf import FleetShelf

        return FleetShelf(url)
    from tollway.cache.shelf import SqliteShelf

    return SqliteShelf(beside(path_of(url)))


def machine(url: str, secret: bytes, name: str | None = None) -> str:
    """What tells this machine from others that share its answers; "": there are none.

    `secret`: the key of this data folder; `name`: the machine's own, unless as it says.
    """
    if not is_of_fleet(url):
        return ""
    own = socket.gethostname() if name is None else name
    return blake2b(own.encode("utf-8", "surrogateescape"), key=secret, digest_size=6).hexdigest()
