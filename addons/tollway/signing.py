"""What signs the leaves of a running proxy: read anew when its files change, and another one at its time.

Connections that stand go on as they are. A new handshake gets a leaf of whichever authority signs by then;
those of the former one are forgotten.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from tollway.ca import record, store
from tollway.ca.anchor import Anchors
from tollway.ca.authority import Authority, AuthorityError, warning
from tollway.ca.leaf import Leaf, Leaves
from tollway.ca.rotation import at
from tollway.ca.succession import Succession
from tollway.errors import TollwayError
from tollway.looking import LOOK_SECONDS, Looking
from tollway.secret_place import SecretPlace

logger = logging.getLogger(__name__)

NONE = (
    "there is no certificate authority in {} yet, and one that is made here would have its key there: "
    "`tollway ca init --key-to FILE` makes one whose key is elsewhere"
)


class KeyPlace:
    """The authority's keys, where they are not in its folder."""

    def __init__(self, place: SecretPlace, environment: Mapping[str, str]) -> None:
        self._place = place
        self._environment = environment
        self._once: tuple[record.Key, ...] | None = None

    def path(self) -> Path | None:
        """The file that they are in; None: they came by a descriptor. Raises TollwayError."""
        return self._place.path(self._environment)

    def keys(self) -> tuple[record.Key, ...]:
        """Those that are there now; a descriptor is read once. Raises TollwayError."""
        if self._once is not None:
            return self._once
        try:
            found = record.keys_in(self._place.read(self._environment))
        except ValueError as error:
            raise TollwayError(f"--ca-key {self._place}: {error}") from None
        if self.path() is None:
            self._once = found
        return found


class Signing:
    """The authority of one process, and the next one."""

    def __init__(
        self,
        folder: Path,
        hosts: Iterable[str],
        now: Callable[[], datetime],
        place: KeyPlace | None = None,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """Made at first use, for these hosts, unless its key is elsewhere. Raises TollwayError where there is
        none to sign with."""
        self._folder = folder
        self._now = now
        self._place = place
        self._looking = Looking(self._files, look_seconds)
        self._seen = self._looking.stamps()
        try:
            self._succession = self._first(hosts)
            self._leaves = Leaves(self._succession.signing(now()))
        except (AuthorityError, ValueError) as error:
            raise TollwayError(str(error)) from None
        self._tell()

    @property
    def authority(self) -> Authority:
        """The one that signed last."""
        return self._leaves.authority

    def due(self) -> Authority:
        """The one that signs the next leaf. Raises AuthorityError where its key is not at hand."""
        return self._succession.signing(self._now())

    def anchors(self) -> Anchors:
        """Whom clients are to trust now."""
        return self._succession.trusted(self._now())

    def entry(self, name: str) -> Leaf:
        """The leaf for a name, as `Leaves.entry`."""
        now = self._now()
        signing = self._succession.signing(now)
        if signing.id != self._leaves.authority.id:
            logger.warning("the certificate authority %s signs from now on", signing.id)
            self._leaves = Leaves(signing)
        return self._leaves.entry(name, now)

    def ask(self) -> None:
        """Read the files now, changed or not."""
        self._looking.ask()

    async def run(self) -> None:
        """Watch, until cancelled."""
        while True:
            asked, now = await self._looking.wait(), self._looking.stamps()
            if asked or now != self._seen:
                self._seen = now
                await self.reload()

    async def reload(self) -> None:
        """Read the files. Those that can't be used change nothing, and the log says why."""
        try:
            found = await asyncio.get_running_loop().run_in_executor(None, self._read)
            if found is None:
                return
            found.signing(self._now())
        except TollwayError as error:
            logger.error("the certificate authority was not read anew, the former one goes on: %s", error)
            return
        before, self._succession = self._succession, found
        if before.trusted(self._now()).ids != self.anchors().ids or before.lacking() != found.lacking():
            self._tell()

    def _first(self, hosts: Iterable[str]) -> Succession:
        if self._place is None:
            return store.succession_or_make(self._folder, hosts, self._now())
        if (found := self._read()) is None:
            raise AuthorityError(NONE.format(self._folder))
        return found

    def _read(self) -> Succession | None:
        """In a thread. None: they are not there, for now. Raises TollwayError."""
        keys = () if self._place is None else self._place.keys()
        if (found := store.succession(self._folder, self._now(), keys)) is not None:
            store.write_roots(self._folder, found.trusted(self._now()))
        return found

    def _tell(self) -> None:
        """What is to know: who comes next, whose key is not there, and that one ends soon."""
        found, now = self._succession, self._now()
        if found.next is not None and now < found.next.since:
            logger.info(
                "the certificate authority %s signs from %s on", found.next.anchor.id, at(found.next.since)
            )
        for each in found.lacking():
            logger.error("the key of the certificate authority %s is not at hand: add it to --ca-key", each)
        last = found.first if found.next is None else found.next.anchor
        if ends_soon := warning(last, now):
            logger.warning("%s", ends_soon)

    def _files(self) -> list[Path]:
        files = [store.secret_path(self._folder), store.next_path(self._folder)]
        if self._place is not None and (path := self._place.path()) is not None:
            files.append(path)
        return files
