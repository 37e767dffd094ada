"""A real terminal, of tmux, in which a program runs: keys go in, what the screen shows is looked at."""

import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shlex import join

import pytest

OTHERS = frozenset({"TMUX", "COLUMNS", "LINES"})
"""Variables of the terminal that tests are run in, and of pytest-xdist: they say a size."""
PATIENCE = 60.0
"""Seconds for what is to come up: machines that are tested on may be slow."""


class Terminal:
    """A program's screen."""

    def __init__(self, tmux: Sequence[str], control: subprocess.Popen[bytes]) -> None:
        self._tmux = tmux
        self._control = control

    def press(self, *keys: str) -> None:
        """Send keys by tmux's names: `j`, `Enter`, `Escape`, `Up`, `C-c`."""
        subprocess.run([*self._tmux, "send-keys", *keys], check=True)

    def resize(self, width: int, height: int) -> None:
        """As a user pulls at the window."""
        assert self._control.stdin is not None
        self._control.stdin.write(f"refresh-client -C {width}x{height}\n".encode())
        self._control.stdin.flush()

    def screen(self, escapes: bool = False) -> list[str]:
        """The lines that it shows now, with their colours if they are asked for."""
        words = [*self._tmux, "capture-pane", "-p", *(["-e"] if escapes else [])]
        return subprocess.run(words, capture_output=True, check=False, text=True).stdout.split("\n")[:-1]

    def terminate(self) -> None:
        """Send SIGTERM to the program."""
        words = [*self._tmux, "display-message", "-p", "#{pane_pid}"]
        shell = subprocess.run(words, capture_output=True, check=True, text=True).stdout.strip()
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # some are gone by now
                if (folder / "stat").read_text().rpartition(")")[2].split()[1] == shell:
                    os.kill(int(folder.name), signal.SIGTERM)

    def wait(self, wanted: str | Callable[[list[str]], bool]) -> list[str]:
        """The screen, once it shows this. Looks whenever tmux says that something was written."""
        end = time.monotonic() + PATIENCE
        while True:
            lines = self.screen()
            if wanted in "\n".join(lines) if isinstance(wanted, str) else wanted(lines):
                return lines
            left = end - time.monotonic()
            if left <= 0 or not self._event(left):
                raise AssertionError("\n".join([f"no {wanted!r} came on these {len(lines)} lines:", *lines]))

    def _event(self, seconds: float) -> bool:
        """Wait for tmux to say something; False: it has ended, or too long has passed."""
        assert self._control.stdout is not None
        ready, _, _ = select.select([self._control.stdout], [], [], seconds)
        return bool(ready and os.read(self._control.stdout.fileno(), 65_536))


@contextmanager
def terminal(
    command: Sequence[str], variables: Mapping[str, str], width: int = 80, height: int = 24
) -> Iterator[Terminal]:
    """A terminal in which a command runs; it stays open when that ends, and says with which status."""
    if shutil.which("tmux") is None:
        pytest.skip("NO TMUX: it is not on PATH, what a terminal shows is not tested")
    # A place of its own: the server of one before may not be gone yet, and sockets have short names only.
    place = tempfile.mkdtemp(prefix="tollway-tmux-")
    tmux = ["tmux", "-f", "/dev/null", "-S", f"{place}/socket"]
    words = f"{join(command)}; echo ended $?; exec cat"
    known = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **variables}
    control = subprocess.Popen(
        [*tmux, "-u", "-C", "new-session", "-x", str(width), "-y", str(height), words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={name: value for name, value in known.items() if name not in OTHERS},
    )
    found = Terminal(tmux, control)
    try:
        found.resize(width, height)
        yield found
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)
        control.communicate(timeout=PATIENCE)
        shutil.rmtree(place, ignore_errors=True)
