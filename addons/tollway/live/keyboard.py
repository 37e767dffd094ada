"""Keys of a terminal, as they are pressed, without waiting for a line's end."""

import codecs
import os
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


class Keyboard:
    """A terminal whose keys are read."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def wait(self, seconds: float) -> list[str]:
        """The keys that were pressed meanwhile; at once if there are any. `ctrl-c`: the terminal is gone."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return []
        data = os.read(self._fd, MOST)
        return list(split(self._decoder.decode(data))) if data else ["ctrl-c"]


def split(text: str) -> Iterator[str]:
    """The keys in what a terminal sent at once: characters, and names of others; unknown ones are none."""
    at = 0
    while at < len(text):
        end = at + 1
        if text[at] == "\x1b" and text[at + 1 : at + 2] in ("[", "O"):
            end = at + 2
            while end < len(text) and not ("@" <= text[end] <= "~"):
                end += 1
            end += 1
        key = text[at:end]
        at = end
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
