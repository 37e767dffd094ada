"""Whether Redis is asked for answers: once it is away, it is only tried from time to time, and by no call."""

import logging
from collections.abc import Callable
from threading import Event, Lock, Thread

from tollway.ledger.fault import LedgerError

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
"""How soon it is tried again whether Redis is there."""
CLOSE_SECONDS = 1.0
BLIND = "answers are neither found nor kept, so that calls go to their providers: %s"
SEES = "answers are found again"


class Gate:
    """Open at first. From any thread."""

    def __init__(self, probe: Callable[[], object], again_seconds: float = AGAIN_SECONDS) -> None:
        """`probe` asks Redis something on a connection of its own; it raises LedgerError while it is away."""
        self._probe = probe
        self._again = again_seconds
        self._lock = Lock()
        self._ended = Event()
        self._thread: Thread | None = None
        self.why: LedgerError | None = None
        """Why it is shut; None: it is open."""

    def shut(self, why: LedgerError) -> None:
        """Redis is away: nobody is to ask it, until it answers."""
        with self._lock:
            if self.why is not None or self._ended.is_set():
                return
            self.why = why
            self._thread = Thread(target=self._wait, name="tollway-answers-probe", daemon=True)
            self._thread.start()
        logger.error(BLIND, why)

    def close(self) -> None:
        """Try no more."""
        with self._lock:
            self._ended.set()
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)

    def _wait(self) -> None:
        while not self._ended.wait(self._again):
            try:
                self._probe()
            except LedgerError:
                continue
            self.why = None
            logger.warning(SEES)
            return
