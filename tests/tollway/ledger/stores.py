"""The stores that the contract suite runs against: another one joins by a row here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tollway.ledger.open import open_books, open_ledger
from tollway.ledger.store import Books, Ledger


@dataclass(frozen=True)
class Store:
    """One ledger, which several processes may have open."""

    url: str

    def open(self) -> Ledger:
        """Open it to write."""
        return open_ledger(self.url)

    def books(self) -> Books:
        """Open it to read."""
        return open_books(self.url)


STORES: dict[str, Callable[[Path], Store]] = {
    "sqlite": lambda folder: Store(f"sqlite:{folder / 'ledger.db'}"),
}
"""By name: a new, empty ledger in a folder."""
