"""Reading texts that were kept."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from tollway.texts import rows
from tollway.texts.fault import explain
from tollway.texts.file import connect_to_read
from tollway.texts.store import Text


class TextReader:
    """`KeptTexts` in an SQLite file."""

    def __init__(self, path: Path) -> None:
        """A file that is not there has no texts. Raises TextsError."""
        self._path = path
        self._db = connect_to_read(path) if path.exists() else None

    def of(self, call: str, now_us: int) -> Sequence[Text]:
        """As `KeptTexts.of`."""
        if self._db is None:
            return ()
        try:
            return rows.of(self._db, call, now_us)
        except sqlite3.Error as error:
            raise explain(error, self._path) from None

    def close(self) -> None:
        """As `KeptTexts.close`."""
        if self._db is not None:
            self._db.close()
