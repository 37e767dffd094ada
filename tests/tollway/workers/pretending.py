"""Workers that only talk like some (see pretended.py): quick to start, and as bad as one wants."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tollway.workers.launch import Launch, shared_file
from tollway.workers.place import Place

PROGRAM = Path(__file__).with_name("pretended.py")
LONG = 120.0


class Stage:
    """Where they behave as they are told to."""

    def __init__(self, folder: Path, launch: Launch, page: int) -> None:
        self.folder = folder
        self.launch = launch
        self.page = page

    def behave(self, number: int, how: str = "") -> None:
        """From the next start on."""
        (self.folder / str(number)).write_text(how)

    def starts(self, number: int) -> list[int]:
        """The processes that were started under this number."""
        file = self.folder / "starts"
        lines = [line.split() for line in file.read_text().splitlines()] if file.exists() else []
        return [int(pid) for who, pid in lines if int(who) == number]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """An empty one."""
    here = os.pathsep.join(path for path in sys.path if path)
    monkeypatch.setenv("PYTHONPATH", here)

    def words(place: Place) -> list[str]:
        return [sys.executable, str(PROGRAM), str(tmp_path), place.word()]

    with shared_file() as page, socket.create_server(("127.0.0.1", 0)) as one:
        yield Stage(tmp_path, Launch(words, [[one]], page), page)


async def until(holds: Callable[[], object]) -> None:
    """Wait for it."""
    async with asyncio.timeout(LONG):
        while not holds():
            await asyncio.sleep(0.001)
