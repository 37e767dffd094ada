"""A policy file, read anew when it changes or a signal says so: checked as a whole, put in force in one step.

A file that is wrong changes nothing: its mistakes are logged, and the last good one stays.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tollway.errors import PolicyError, TollwayError
from tollway.policy.schema import Policy
from tollway.policy_file import read_policy

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often the file is looked at: its time, its size and which file it is."""

Stamp = tuple[int, int, int] | None
"""None: there is no such file, for now; editors replace files."""


class Reloading:
    """Watches one file, and those that it names, from the moment it is made."""

    def __init__(
        self,
        path: Path,
        apply: Callable[[Policy], Awaitable[None]],
        others: Callable[[], Sequence[Path]] = tuple,
        look_seconds: float = LOOK_SECONDS,
        reloaded: Callable[[bool], None] = lambda ok: None,
    ) -> None:
        """`apply` puts a policy in force; a TollwayError of it leaves the former one there. `others`: files
        that the policy in force names, which `apply` reads. `reloaded` hears whether another one is in force
        now, each time that the file was read."""
        self._path = path
        self._others = others
        self._apply = apply
        self._look = look_seconds
        self._reloaded = reloaded
        self._seen = self._stamps()
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Read the file now, changed or not (SIGHUP)."""
        self._asked.set()

    async def run(self) -> None:
        """Watch, until cancelled."""
        while True:
            asked = await self._wait()
            now = self._stamps()
            if asked or any(now[path] not in (None, self._seen.get(path)) for path in now):
                self._seen |= now
                await self._reload()
                self._seen = self._stamps() | self._seen

    def _stamps(self) -> dict[Path, Stamp]:
        return {path: stamp(path) for path in (self._path, *self._others())}

    async def _wait(self) -> bool:
        """Whether it was asked for."""
        try:
            async with asyncio.timeout(self._look):
                await self._asked.wait()
        except TimeoutError:
            return False
        self._asked.clear()
        return True

    async def _reload(self) -> None:
        try:
            policy = await asyncio.get_running_loop().run_in_executor(None, read_policy, self._path)
            await self._apply(policy)
        except TollwayError as error:
            gap = "\n" if isinstance(error, PolicyError) else " "
            logger.error("the policy was not reloaded, the former one stays in force:%s%s", gap, error)
            self._reloaded(False)
        else:
            logger.info("the policy %s is in force", self._path)
            self._reloaded(True)


def stamp(path: Path) -> Stamp:
    """What changes when the file does."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
