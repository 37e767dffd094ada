"""Looking at files again and again: whether they changed, or somebody asks to have them read."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

LOOK_SECONDS = 1.0
"""How often files are looked at: their time, their size and which files they are."""

Stamp = tuple[int, int, int] | None
"""What changes when a file does; None: there is no such file, for now: editors replace files."""


class Looking:
    """Some files, as they are at each look. Belongs to one event loop."""

    def __init__(self, paths: Callable[[], Iterable[Path]], seconds: float = LOOK_SECONDS) -> None:
        """`paths`: which files these are by now."""
        self._paths = paths
        self._seconds = seconds
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """End the wait now: the files are to be read, changed or not."""
        self._asked.set()

    async def wait(self) -> bool:
        """Until it is time to look. True: since somebody asked."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._asked.wait()
        except TimeoutError:
            return False
        self._asked.clear()
        return True

    def stamps(self) -> dict[Path, Stamp]:
        """How the files are."""
        return {path: stamp(path) for path in self._paths()}


def stamp(path: Path) -> Stamp:
    """How a file is."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
