"""One thread keeps texts, and takes out of them what must not be kept: nobody waits for it.

What can't be kept is lost; the log says so when it begins, and how many were lost when it is over.
"""

import logging
import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct

from tollway.engine.failure import log_failure
from tollway.sidecar.losses import Losses
from tollway.sidecar.writer import MOST_WAITING, SidecarWriter
from tollway.texts import rows
from tollway.texts.file import FILE
from tollway.texts.readied import readied
from tollway.texts.store import Text

logger = logging.getLogger(__name__)

UNSAFE = "a text of call %s is not kept: credentials may be in it"


class Waiting(Struct, frozen=True):
    """A text that waits."""

    text: Text
    secrets: Collection[str]

    def __repr__(self) -> str:
        """Without the secrets."""
        return repr(self.text)


class TextWriter:
    """`Texts` in an SQLite file, which is made with the first text."""

    def __init__(self, path: Path, most_waiting: int = MOST_WAITING) -> None:
        """`most_waiting`: in bytes."""
        self._losses = Losses("texts", "lost")
        self._writer = SidecarWriter(path, FILE, self._put, rows.prune, self._losses, most_waiting)

    @property
    def lost(self) -> int:
        """Texts that could not be kept, so far."""
        return self._losses.count

    def keep(self, text: Text, secrets: Collection[str]) -> None:
        """As `Texts.keep`."""
        self._writer.keep(Waiting(text, secrets), len(text.body or b""))

    def prune(self, now_us: int) -> None:
        """As `Texts.prune`."""
        self._writer.prune(now_us)

    def close(self) -> None:
        """As `Texts.close`."""
        self._writer.close()

    def _put(self, db: sqlite3.Connection, waiting: Sequence[Waiting]) -> None:
        rows.put(db, [text for each in waiting if (text := self._readied(each)) is not None])

    def _readied(self, waiting: Waiting) -> Text | None:
        """The text as it is kept. None: nothing of it is."""
        try:
            return readied(waiting.text, waiting.secrets)
        except Exception:
            log_failure(logger, UNSAFE % waiting.text.call)
            self._losses.add(1)
            return None
