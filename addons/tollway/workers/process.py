"""One worker, as its supervisor has it."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

import tollway
from tollway.errors import TollwayError
from tollway.readiness.check import Check
from tollway.workers.line import Line, Said
from tollway.workers.place import Place
from tollway.workers.told import Told, heard

Words = Callable[[Place], Sequence[str]]
"""The command line of a worker."""


class NotStarted(TollwayError):
    """A worker ended before it listened. The text is for the user; it is the worker's own, if it gave one."""

    def __init__(self, text: str, status: int, is_policy: bool = False) -> None:
        """`is_policy`: the text tells a policy's mistakes, each with its file."""
        super().__init__(text)
        self.status = status
        self.is_policy = is_policy


class Worker:
    """From its start to its end. Belongs to one event loop."""

    def __init__(self, place: Place, process: asyncio.subprocess.Process, line: Line) -> None:
        self.number = place.number
        self.share = place.share
        self.pid = process.pid
        self.last = Told()
        """What it told last."""
        self._process = process
        self._line = line
        loop = asyncio.get_running_loop()
        self._listens: asyncio.Future[None] = loop.create_future()
        self._asked: dict[int, asyncio.Future[Told]] = {}
        self._how: asyncio.Future[Sequence[Check] | None] | None = None
        self._numbers = count()
        self._failed: NotStarted | None = None
        self._end = loop.create_task(self._attend())

    @classmethod
    async def start(cls, words: Words, place: Place) -> "Worker":
        """A fresh process, of a group of its own: the terminal's keys are the supervisor's. Its line is made
        here. Raises OSError."""
        ours, theirs = socket.socketpair()
        with theirs:
            placed = replace(place, line=theirs.fileno())
            try:
                process = await asyncio.create_subprocess_exec(
                    *words(placed), pass_fds=placed.fds(), process_group=0, stdin=asyncio.subprocess.DEVNULL
                )
            except BaseException:
                ours.close()
                raise
        return cls(placed, process, await Line.on(ours))

    async def listens(self) -> None:
        """Wait until it does. Raises NotStarted."""
        await asyncio.shield(self._listens)

    async def ended(self) -> str:
        """Wait for its end; how it ended, for a log."""
        return how_it_ended(await asyncio.shield(self._end))

    def when_ended(self, then: Callable[[], None]) -> None:
        """Have this called then."""
        self._end.add_done_callback(lambda _: then())

    def say(self, do: str) -> None:
        """Have it do something: see `worker.py`."""
        self._line.say(do=do)

    def kill(self) -> None:
        """End it now, whatever it does."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def metrics(self) -> Told:
        """What it tells now; if it ends meanwhile, what it told last."""
        number, told = next(self._numbers), asyncio.get_running_loop().create_future()
        self._asked[number] = told
        self._line.say(do="tell", number=number)
        try:
            return self.last if self._end.done() else await told
        finally:
            del self._asked[number]

    async def readiness(self) -> Sequence[Check] | None:
        """How ready it says it is; None: it ended meanwhile. One that stands still is not asked again."""
        if self._end.done():
            return None
        if self._how is None or self._how.done():
            self._how = asyncio.get_running_loop().create_future()
            self._line.say(do="ready")
        return await asyncio.shield(self._how)

    async def _attend(self) -> int:
        async for said in self._line.heard():
            self._hear(said)
        status = await self._process.wait()
        await self._line.close()
        for told in self._asked.values():
            if not told.done():
                told.set_result(self.last)
        self._tell_how(None)
        if not self._listens.done():
            text = f"worker {self.number} ended before it listened ({how_it_ended(status)})"
            self._listens.set_exception(self._failed or NotStarted(text, 1))
            self._listens.exception()  # there may be nobody any more who asks
        return status

    def _hear(self, said: Said) -> None:
        if "listens" in said and not self._listens.done():
            self._listens.set_result(None)
        elif "failed" in said:
            self._failed = NotStarted(said["failed"], said["status"], said["is_policy"])
        elif "told" in said:
            self._told(said["told"], said.get("number"))
        elif "ready" in said:
            self._tell_how(msgspec.convert(said["ready"], list[Check]))

    def _tell_how(self, checks: Sequence[Check] | None) -> None:
        if self._how is not None and not self._how.done():
            self._how.set_result(checks)

    def _told(self, said: Any, number: int | None) -> None:
        self.last = heard(said)
        asked = None if number is None else self._asked.get(number)
        if asked is not None and not asked.done():
            asked.set_result(self.last)


def how_it_ended(status: int) -> str:
    """Of an exit status as Python has it."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"killed by signal {-status}"


def python() -> list[str]:
    """How this same package is run. The folder at hand is not where modules are looked for, unless it is the
    package's own."""
    is_here = Path(tollway.__file__).resolve().parents[1] == Path.cwd()
    return [sys.executable, *([] if is_here else ["-P"]), "-m", "tollway"]
