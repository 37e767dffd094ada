"""Keys of a terminal, as they are pressed, without waiting for a line's end."""

import codecs
import os
import re
import select
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

NAMES = {
    "\x1b[A": "up", "\x1b[B": "down", "\x1bOA": "up", "\x1bOB": "down", "\x1b[5~": "pageup",
    "\x1b[6~": "pagedown", "\x1b": "esc", "\r": "enter", "\n": "enter", "\x7f": "backspace",
    "\x08": "backspace", "\x03": "ctrl-c",
}  # fmt: skip
"""What terminals send for keys that are no characters."""
MOST = 1_024
"""Bytes that are read at once."""
KEY = re.compile(r"\x1b[\[O][ -?]*[@-~]?|.", re.DOTALL)
"""A control sequence (ECMA-48, 5.4), whole or cut off, or a character."""
UNFINISHED = re.compile(r"\x1b([\[O][ -?]*)?\Z")
"""The escape key, or the beginning of what is sent for another."""
REST_SECONDS = 0.05
"""In which the rest of it comes, over slow lines, too."""


class Keyboard:
    """A terminal whose keys are read."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def wait(self, seconds: float) -> list[str]:
        """The keys that were pressed meanwhile; at once if there are any. `ctrl-c`: the terminal is gone."""
        text = self._read(seconds)
        while UNFINISHED.search(text) and (rest := self._read(REST_SECONDS)):
            text += rest
        return list(split(text))

    def _read(self, seconds: float) -> str:
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return ""
        data = os.read(self._fd, MOST)
        return self._decoder.decode(data) if data else "\x03"


def split(text: str) -> Iterator[str]:
    """The keys in what a terminal sent at once: characters, and names of others; unknown ones are none."""
    for key in KEY.findall(text):
        if key in NAMES or key.isprintable():
            yield NAMES.get(key, key)


@contextmanager
def raw(fd: int) -> Iterator[Keyboard]:
    """The terminal sends keys at once, and shows none; after it is as it was."""
    before = termios.tcgetattr(fd)
    try:
        tty.setcbreak(fd, termios.TCSAFLUSH)
        settings = termios.tcgetattr(fd)
        settings[3] &= ~termios.ISIG  # ctrl-c is a key, so that the screen is put back first
        termios.tcsetattr(fd, termios.TCSAFLUSH, settings)
        yield Keyboard(fd)
    finally:
        termios.tcsetattr(fd, termios.TCSAFLUSH, before)
