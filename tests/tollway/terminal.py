"""A terminal that a program runs in, typed into and read by a test."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

PATIENCE = 120.0
_TAKE_IT = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


class Terminal:
    """`with Terminal(command, environment) as terminal:`; the command leads the session."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], rows: int = 24, columns: int = 80
    ) -> None:
        self.shown = ""
        """All that was written so far."""
        self._read = 0
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", _TAKE_IT, *command],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True, env=dict(environment),
        )  # fmt: skip
        os.close(slave)

    def press(self, keys: str) -> None:
        """Press these keys: "\\x03" is Ctrl-C, "\\x1a" Ctrl-Z."""
        os.write(self._master, keys.encode())

    def wait_for(self, text: str) -> str:
        """What was written since the last such call, up to and including this text. Raises AssertionError."""
        end = time.monotonic() + PATIENCE
        while (found := self.shown.find(text, self._read)) < 0:
            if not self._more(end - time.monotonic()):
                raise AssertionError(f"{text!r} did not come, but {self.shown[self._read :]!r}")
        start, self._read = self._read, found + len(text)
        return self.shown[start : self._read]

    def wait(self) -> int:
        """The status of the command, once it has ended and all it wrote is here. Raises AssertionError."""
        end = time.monotonic() + PATIENCE
        while self._more(end - time.monotonic()):
            pass
        if time.monotonic() > end:
            raise AssertionError(f"it has not ended, but {self.shown[-2000:]!r}")
        return self.process.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._master)  # its session gets SIGHUP
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _more(self, seconds: float) -> bool:
        if not select.select([self._master], [], [], max(seconds, 0))[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:  # EIO: nobody has it open any more
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)
