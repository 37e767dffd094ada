"""A policy file, read anew when it changes or a signal says so: checked as a whole, put in force in one step.

A file that is wrong changes nothing: its mistakes are logged, and the last good one stays.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from tollway.errors import PolicyError, TollwayError
from tollway.looking import LOOK_SECONDS, Looking
from tollway.policy.schema import Policy
from tollway.policy_file import read_policy

logger = logging.getLogger(__name__)


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
        self._apply = apply
        self._reloaded = reloaded
        self._looking = Looking(lambda: (path, *others()), look_seconds)
        self._seen = self._looking.stamps()
        self.is_good = True
        """Whether what was read last is in force."""

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def ask(self) -> None:
        """Read the file now, changed or not (SIGHUP)."""
        self._looking.ask()

    async def run(self) -> None:
        """Watch, until cancelled."""
        while True:
            asked = await self._looking.wait()
            now = self._looking.stamps()
            if asked or any(now[path] not in (None, self._seen.get(path)) for path in now):
                self._seen |= now
                await self._reload()
                self._seen = self._looking.stamps() | self._seen

    async def _reload(self) -> None:
        try:
            policy = await asyncio.get_running_loop().run_in_executor(None, read_policy, self._path)
            await self._apply(policy)
        except TollwayError as error:
            gap = "\n" if isinstance(error, PolicyError) else " "
            logger.error("the policy was not reloaded, the former one stays in force:%s%s", gap, error)
            self._tell(False)
        else:
            logger.info("the policy %s is in force", self._path)
            self._tell(True)

    def _tell(self, is_good: bool) -> None:
        self.is_good = is_good
        self._reloaded(is_good)
