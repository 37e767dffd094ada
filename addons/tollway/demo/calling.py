"""Runs the programs of a tour."""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tollway.demo import program
from tollway.demo.awaiting import within
from tollway.demo.stop import Stop
from tollway.errors import TollwayError


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program got."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    body: str
    """All of it that the program read."""


class Caller:
    """A program that has made its call."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def answer(self) -> Answer:
        """What it got, once it has ended. Raises TollwayError if it failed, or takes too long."""
        said, _ = await within(self._process.communicate())
        if self._process.returncode != 0:
            raise TollwayError("a program of the tour failed; its message is above")
        return Answer(**json.loads(said))


@asynccontextmanager
async def calling(stop: Stop, environment: Mapping[str, str]) -> AsyncIterator[Caller]:
    """A program that makes this call; at the end it is gone, whatever it was doing."""
    headers = {"x-tollway-tags": f"person={stop.person}", "x-sim": json.dumps(stop.answer), **stop.headers}
    words = [stop.url, json.dumps(stop.body), *(f"{name}:{value}" for name, value in headers.items())]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", program.__file__, *words, *(["leave"] if stop.leave else []),
        env=dict(environment), stdin=DEVNULL, stdout=PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        yield Caller(process)
    finally:
        if process.returncode is None:  # Ctrl-C
            process.kill()
            await process.wait()
