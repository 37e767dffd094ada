"""The operator's keys for providers, where a policy says that they are: read anew when they change."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path

from mitmproxy.utils import asyncio_utils

from tollway.looking import Stamp, stamp
from tollway.token_command.command import NoToken, printed
from tollway.token_command.fresh import Fresh

logger = logging.getLogger(__name__)

LARGEST = 64 * 1024
"""Bytes of a file that holds a key."""
NOT_SET = "it is not set, or empty"
UNREADABLE = "the file can't be read, or is empty"


class ProviderKeys:
    """Keys by where they are: `env:VARIABLE`, `file:PATH`, `command:WORDS`. None of them is ever shown."""

    def __init__(self, environment: Mapping[str, str], now: Callable[[], float]) -> None:
        """`now`: seconds since the epoch."""
        self._environment = environment
        self._now = now
        self._files: dict[str, tuple[Stamp, str | None]] = {}
        self._commands: dict[str, tuple[Fresh, asyncio.Task[None]]] = {}
        self._missing: set[str] = set()

    def keep(self, places: Collection[str]) -> None:
        """Have the keys of the commands among these at hand, renewed before they are needed; of no others. Of
        the rest the log says at once where there is none."""
        wanted = {place for place in places if place.startswith("command:")}
        for place in self._commands.keys() - wanted:
            asyncio_utils.create_task(
                _end(*self._commands.pop(place)), name="end of a command", keep_ref=True
            )
        for place in wanted - self._commands.keys():
            fresh = Fresh(partial(printed, place.partition(":")[2]), self._now)
            task = asyncio_utils.create_task(fresh.run(), name="key of a command", keep_ref=True)
            self._commands[place] = fresh, task
        for place in sorted(set(places) - wanted):
            self.of(place)

    def of(self, place: str) -> str | None:
        """The key; None: there is none at hand, and the log has said why. A command's may come: `awaited`."""
        kind, _, rest = place.partition(":")
        if kind == "command":
            return kept[0].at_hand if (kept := self._commands.get(place)) is not None else None
        key = self._environment.get(rest) if kind == "env" else self._in_file(rest)
        return self._found(place, key, NOT_SET if kind == "env" else UNREADABLE)

    async def awaited(self, place: str) -> str | None:
        """The key, after the run of a command that is under way; None: there is none."""
        if (kept := self._commands.get(place)) is None:
            return self.of(place)
        try:
            return self._found(place, await kept[0].token(), "")
        except NoToken as error:
            return self._found(place, None, str(error))

    def refused(self, place: str, key: str) -> None:
        """Run a command again whose key the provider did not take; not each time, if it takes none."""
        if (kept := self._commands.get(place)) is not None:
            asyncio_utils.create_task(_another(kept[0], key), name="another key", keep_ref=True)

    async def stop(self) -> None:
        """Run no command any more."""
        kept = [self._commands.pop(place) for place in list(self._commands)]
        await asyncio.gather(*(_end(*each) for each in kept))

    def _found(self, place: str, key: str | None, why: str) -> str | None:
        """Say once that there is none, until there is."""
        if key:
            self._missing.discard(place)
            return key
        if place not in self._missing:
            self._missing.add(place)
            logger.error("%s has no key: %s", shown(place), why)
        return None

    def _in_file(self, name: str) -> str | None:
        """The file is looked at for each call, and read when it has changed."""
        now, (seen, key) = stamp(Path(name)), self._files.get(name, (None, None))
        if now is None or now != seen:
            key = _text(Path(name))
            self._files[name] = now, key
        return key


def shown(place: str) -> str:
    """A place, as the log names it: of a command its first word, since a secret may be among the others."""
    kind, _, rest = place.partition(":")
    first, *others = rest.split()
    return f"{kind}:{first} ..." if kind == "command" and others else place


async def _end(fresh: Fresh, task: "asyncio.Task[None]") -> None:
    task.cancel()
    await fresh.stop()


async def _another(fresh: Fresh, key: str) -> None:
    try:
        await fresh.instead(key)
    except NoToken as error:
        logger.warning("a provider did not take a key, and there is no other: %s", error)


def _text(path: Path) -> str | None:
    """The text of a file without the white space around it."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST).decode().strip()
    except (OSError, ValueError):
        return None
