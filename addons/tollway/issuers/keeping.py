"""An issuer's keys, at hand: fetched in the background, before they are needed, and kept while it is down.

Only a call whose token names a key that is not among them waits, for one fetch that all such calls share.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from tollway.apart import apart
from tollway.identity.keys import KeySet
from tollway.issuers.published import Published

logger = logging.getLogger(__name__)

LEAST_SECONDS, MOST_SECONDS = 60.0, 3600.0
"""Between two fetches that nobody asked for, whatever the server says."""
AGAIN_SECONDS = 10.0
"""After a fetch that failed."""
COOLDOWN_SECONDS = 1.0
"""Between two fetches that were asked for."""
PATIENCE_SECONDS = 6.0
"""With a fetch that does not end in its own time."""
STALE_SECONDS = 86_400.0
"""How long keys are used that could not be fetched again."""
ABSENT_SECONDS, MOST_ABSENT = 60.0, 1024
"""How long the name of a key is remembered that its issuer does not publish, and how many are."""


class Keeping:
    """Keeps the keys of one issuer."""

    def __init__(
        self,
        name: str,
        read: Callable[[], Published | str],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`read` fetches; it runs in a thread. `clock`: seconds that only go forward."""
        self._name = name
        self._read = read
        self._clock = clock
        self._sleep = sleep
        self._keys: KeySet | None = None
        self._true_until = 0.0
        self._next = 0.0
        self._asked = -COOLDOWN_SECONDS
        self._absent: dict[str, float] = {}
        self._fetching: asyncio.Task[None] | None = None
        self._is_down = False

    @property
    def keys(self) -> KeySet | None:
        """The keys at hand; None: there are none yet, or none any more that can be believed."""
        return self._keys if self._clock() < self._true_until else None

    @property
    def is_down(self) -> bool:
        """Whether they could not be fetched when that was last tried: those at hand may not be all."""
        return self._is_down

    async def run(self) -> None:
        """Fetch them before they are needed, until cancelled."""
        while True:
            await self._fetch()
            while (left := self._next - self._clock()) > 0:
                await self._sleep(left)

    async def renewed(self, kid: str | None) -> KeySet | None:
        """The keys after a look whether one of this name has been published since; None: there are none.

        It is looked once a second at most, for all who ask, and not again for a name within a minute.
        """
        if self._absent.get(kid or "", 0.0) > self._clock():
            return self.keys
        if self._fetching is None and (left := self._asked + COOLDOWN_SECONDS - self._clock()) > 0:
            await self._sleep(left)
        if not self._has(kid):  # nor has it come meanwhile
            await self._fetch()
        if self.keys is not None and not self._has(kid):
            self._remember_absent(kid or "")
        return self.keys

    def _has(self, kid: str | None) -> bool:
        keys = self.keys
        return keys is not None and (kid is None or any(key.kid == kid for key in keys.keys))

    async def _fetch(self) -> None:
        """Fetch, or wait for the fetch that is under way, but not for ever: it may look names up for long.

        One who waits no longer stops nobody else.
        """
        if self._fetching is None:
            self._fetching = asyncio.get_running_loop().create_task(self._fetch_once())
        await asyncio.wait((self._fetching,), timeout=PATIENCE_SECONDS)

    async def _fetch_once(self) -> None:
        self._asked = self._clock()
        try:
            found = await apart(self._read)
        except Exception as error:  # a mistake of ours must not end, or speed up, what runs for ever
            found = type(error).__name__
        self._fetching = None
        self._take(found)

    def _take(self, found: Published | str) -> None:
        now = self._clock()
        if isinstance(found, str):
            self._next = now + AGAIN_SECONDS
            if not self._is_down:
                stay = ", those at hand stay" if self.keys is not None else ", so its tokens can't be checked"
                logger.warning("the keys of %s could not be fetched%s: %s", self._name, stay, found)
            self._is_down = True
            return
        if self._is_down:
            logger.warning("the keys of %s could be fetched again", self._name)
        self._is_down = False
        self._keys = found.keys
        said = MOST_SECONDS if found.max_age is None else float(found.max_age)
        self._next = now + min(max(said, LEAST_SECONDS), MOST_SECONDS)
        self._true_until = self._next + STALE_SECONDS
        self._absent = {kid: until for kid, until in self._absent.items() if until > now}

    def _remember_absent(self, kid: str) -> None:
        if len(self._absent) >= MOST_ABSENT:
            self._absent.pop(next(iter(self._absent)))
        self._absent[kid] = self._clock() + ABSENT_SECONDS
