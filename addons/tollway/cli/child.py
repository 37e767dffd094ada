"""A command run in our place: with our terminal, our open files, our signals; its status becomes ours."""

import asyncio
import errno
import os
import shutil
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tollway.errors import TollwayError

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Iterator

PASSED_ON = (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
"""What a program's manager sends."""
OF_THE_TERMINAL = (signal.SIGINT, signal.SIGQUIT)
"""What the terminal sends to all of its foreground group: to us, and to the command by itself."""
NOT_FOUND, NOT_EXECUTABLE = 127, 126
"""What shells answer (POSIX, section 2.8.2)."""


class NotRun(TollwayError):
    """The command could not be started."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Child:
    """One command, from its start to its end. Belongs to one event loop, on the main thread."""

    def __init__(self) -> None:
        self.interrupted = False
        """The terminal sent SIGINT meanwhile."""
        self._process: Process | None = None
        self._early: list[int] = []

    async def run(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Its status; 128 + N if signal N ended it. Raises NotRun.

        What we ignore it ignores (nohup); every file that we were given it gets (`<(...)` of a shell).
        """
        with self._listening():
            self._process = await start(command, environment)
            for number in self._early:
                self._pass_on(number)
            self._stop_with(signal.SIGCHLD)  # it may have stopped already
            status = await self._process.wait()
        return 128 - status if status < 0 else status

    @contextmanager
    def _listening(self) -> "Iterator[None]":
        loop = asyncio.get_running_loop()
        wanted: dict[int, Callable[[int], None]] = dict.fromkeys(PASSED_ON, self._pass_on)
        wanted |= dict.fromkeys(OF_THE_TERMINAL, self._pass_on_unless_sent)
        if hasattr(
            os, "waitid"
        ):  # not on macOS before Python 3.13: there Ctrl-Z stops us as it stops the command
            wanted |= {signal.SIGTSTP: lambda number: None, signal.SIGCHLD: self._stop_with}
        before = {number: signal.getsignal(number) for number in wanted}
        heard = [number for number in wanted if before[number] is not signal.SIG_IGN]
        for number in heard:
            loop.add_signal_handler(number, wanted[number], number)
        try:
            yield
        finally:
            for number in heard:
                loop.remove_signal_handler(number)
                signal.signal(number, before[number])

    def _pass_on(self, number: int) -> None:
        if self._process is None:
            self._early.append(number)
        elif self._process.returncode is None:
            # Its own send_signal would look whether it has ended, and so take its status away from asyncio.
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, number)

    def _pass_on_unless_sent(self, number: int) -> None:
        """Programs take a second Ctrl-C for "now!": what the terminal has sent them is not sent again."""
        if is_foreground():
            self.interrupted |= number == signal.SIGINT
        else:
            self._pass_on(number)

    def _stop_with(self, _: int) -> None:
        """The command was stopped (Ctrl-Z, or by itself): stop as well, or the shell will not take over."""
        process = self._process
        if process is None or process.returncode is not None or not has_terminal():
            return
        with suppress(ChildProcessError):
            found = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG)
            if found is not None:
                stop(found.si_status)
                self._pass_on(signal.SIGCONT)


async def start(command: Sequence[str], environment: Mapping[str, str]) -> "Process":
    """Start it as a shell would. Raises NotRun."""
    try:
        try:
            return await execute(command, environment)
        except OSError as error:
            script = shutil.which(command[0])
            if error.errno != errno.ENOEXEC or script is None:
                raise
            return await execute(("/bin/sh", script, *command[1:]), environment)  # as execvp does
    except FileNotFoundError:
        raise NotRun(missing(command[0]), NOT_FOUND) from None
    except OSError as error:
        raise NotRun(f"{command[0]}: {error.strerror}", NOT_EXECUTABLE) from None


async def execute(command: Sequence[str], environment: Mapping[str, str]) -> "Process":
    """Start it. Our own files are closed by exec; those that we inherited pass on to it."""
    return await asyncio.create_subprocess_exec(*command, env=dict(environment), close_fds=False)


def missing(name: str) -> str:
    """Why there is nothing to start: neither the command, nor the interpreter that a script names."""
    if shutil.which(name):
        return f"{name}: the interpreter that its first line names is not there"
    return f"{name}: no such command"


def stop(number: int) -> None:
    """Stop as by this signal; returns when we are continued. Nothing happens where no shell would see it."""
    if number == signal.SIGSTOP:
        signal.raise_signal(number)
        return
    ours = signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
    signal.signal(number, ours)
    signal.siginterrupt(number, False)  # as asyncio has it


def has_terminal() -> bool:
    """Whether there is a terminal, and with it perhaps a shell that manages jobs."""
    return _foreground() is not None


def is_foreground() -> bool:
    """Whether the terminal's keys send their signals to our process group."""
    return _foreground() == os.getpgrp()


def _foreground() -> int | None:
    """The foreground process group of our terminal."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except OSError:
        return None
    try:
        return os.tcgetpgrp(terminal)
    except OSError:
        return None
    finally:
        os.close(terminal)
