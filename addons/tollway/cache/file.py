"""The file of answers, in SQLite, beside the ledger's: its tables, and the connections to it.

It is a file of its own: it may be deleted at any time, and whoever may read the bill need not be able to read
what was said.
"""

from pathlib import Path

SUFFIX = ".cache.db"


def beside(ledger: Path) -> Path:
    """Where the answers are of the calls of a ledger."""
    return ledger.with_name(ledger.name + SUFFIX)
