"""Connecting: to look up a name, or shake hands over TLS, may take longer than any call can wait."""

from collections.abc import Callable
from threading import Thread


class Reaching:
    """Connects in a thread of its own, once at a time, for as long as that takes. From one thread."""

    def __init__(self, connect: Callable[[], None], seconds: float) -> None:
        """`seconds`: for how long somebody waits for it."""
        self._connect = connect
        self._seconds = seconds
        self._trying: Thread | None = None
        self._error: Exception | None = None

    @property
    def is_trying(self) -> bool:
        """Whether an attempt is under way."""
        return self._trying is not None and self._trying.is_alive()

    def reach(self) -> None:
        """Connect, or wait for an attempt that is under way. Raises what that did; while it is not
        over, TimeoutError."""
        if self._trying is None:
            self._trying = Thread(target=self._try, name="tollway-reaching", daemon=True)
            self._trying.start()
        self._trying.join(self._seconds)
        if self._trying.is_alive():
            raise TimeoutError("still connecting")
        self._trying = None
        if self._error is not None:
            raise self._error

    def _try(self) -> None:
        self._error = None
        try:
            self._connect()
        except Exception as error:  # the one who waits has it
            self._error = error
