"""A log that is written by a thread of its own: who logs never waits for who reads it."""

import fcntl
import logging
import os
import select
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, Full, Queue
from threading import Thread

MOST = 10_000
"""Lines that wait to be written; what comes beyond them is dropped, and counted."""
LARGEST = 16 * 2**20
"""Bytes of them all."""
LAST_SECONDS = 2.0
"""How long the end of the process waits for its log to be taken."""


class WrittenApart(logging.Handler):
    """Puts lines in a queue, which a thread empties into a file descriptor. `stop` ends it."""

    def __init__(self, fd: int, most: int = MOST, largest: int = LARGEST, lock: int | None = None) -> None:
        """`fd` is not closed; it may be a pipe that nobody reads.

        `lock`: a file that is locked while lines are written, for processes that write to the same pipe. The
        system may split what is longer than 4 KB, and lines of others would stand within ours.
        """
        super().__init__()
        self._file = lock
        self._fd = fd
        self._largest = largest
        self._waiting: Queue[bytes | None] = Queue(most)
        self._put_bytes = self._taken_bytes = 0
        self._dropped = self._told = 0
        self._thread = Thread(target=self._run, name="tollway-log", daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Lines that were not written, since the start."""
        return self._dropped

    def emit(self, record: logging.LogRecord) -> None:
        """Have a line written; drop it if too much waits. `logging` calls it with the handler's lock."""
        try:
            line = self.format(record).encode("utf-8", "replace") + b"\n"
        except Exception:  # a mistake in a message is to end no call
            self._dropped += 1
            return
        if self._put_bytes - self._taken_bytes + len(line) > self._largest:
            self._dropped += 1
            return
        try:
            self._waiting.put_nowait(line)
        except Full:
            self._dropped += 1
        else:
            self._put_bytes += len(line)

    def stop(self, seconds: float = LAST_SECONDS) -> None:
        """Let what waits be written, for so long at most."""
        with suppress(Full):
            self._waiting.put(None, timeout=seconds)
            self._thread.join(seconds)

    def _run(self) -> None:
        ended = False
        while not ended:
            lines = [self._waiting.get(), *self._more()]
            ended = None in lines
            data = b"".join([line for line in lines if line is not None])
            self._write(data)
            self._taken_bytes += len(data)
            self._tell()

    def _more(self) -> Iterator[bytes | None]:
        """What waits by now, and none that comes while it is taken: that could go on without end."""
        for _ in range(self._waiting.qsize()):
            with suppress(Empty):
                yield self._waiting.get_nowait()

    def _tell(self) -> None:
        """Say how many were dropped, once there is room again."""
        if (count := self._dropped - self._told) > 0:
            self._told += count
            said = "%d lines of the log were dropped: they were not taken in time"
            record = logging.LogRecord(__name__, logging.WARNING, __file__, 0, said, (count,), None)
            self._write(self.format(record).encode() + b"\n")

    def _write(self, data: bytes) -> None:
        """Write all of it, however long that takes. Where nobody is there any more, it is lost."""
        with suppress(OSError), self._alone():
            while data:
                try:
                    data = data[os.write(self._fd, data) :]
                except BlockingIOError:  # who started us has it so
                    select.select([], [self._fd], [])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A lock of `lockf`: each process has its own, and loses it when it dies."""
        if self._file is None:
            yield
            return
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)
