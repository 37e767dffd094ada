"""A token that is always fresh: renewed in the background before it expires, at once where it is refused."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from tollway.token_command.command import NoToken
from tollway.token_command.lasting import Lasting, lasting

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 10.0
"""After a command that failed, and between two renewals because of a refusal."""
STEP_SECONDS = 30.0
"""A machine that slept has to look at the clock again."""
STOPPED = "the token command is not run any more"
EXPIRED = "the token that the token command printed has expired already"


class Fresh:
    """Keeps the token of one command, in memory alone."""

    def __init__(
        self,
        mint: Callable[[], Awaitable[str]],
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`mint` runs the command, and raises NoToken; `now`: seconds since the epoch."""
        self._mint = mint
        self._now = now
        self._sleep = sleep
        self._held: Lasting | None = None
        self._failed: str | None = None
        """What was wrong with the command when it last ran."""
        self._again = float("-inf")
        """Until when a failure is not tried again."""
        self._refused = float("-inf")
        """When it was last renewed because of a refusal."""
        self._minting: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Renew it before it expires, until cancelled."""
        while True:
            left = self._due() - self._now()
            if left > 0:
                await self._sleep(min(left, STEP_SECONDS))
            else:
                await self._renew()

    async def stop(self) -> None:
        """Run the command no more; who waits for it is told so."""
        self._failed = self._failed or STOPPED
        if self._minting is not None:
            self._minting.cancel()
            await asyncio.wait((self._minting,))

    @property
    def at_hand(self) -> str | None:
        """The one that is kept, if it has not expired."""
        return held.text if (held := self._lasting()) is not None else None

    async def token(self) -> str:
        """One that has not expired. Raises NoToken: what is wrong with the command."""
        if (held := self._lasting()) is not None:
            return held.text
        if self._failed is None or self._now() >= self._again:
            await self._renew()
        if (held := self._lasting()) is None:
            raise NoToken(self._failed or EXPIRED)
        return held.text

    async def instead(self, refused: str) -> str | None:
        """Another one than that which was refused; None: there is none. Raises NoToken."""
        if self._held is not None and self._held.text != refused:
            return self._held.text
        if not self._is_minting():
            if self._now() < self._refused + AGAIN_SECONDS:
                return None
            self._refused = self._now()
        await self._renew()
        if self._failed is not None:
            raise NoToken(self._failed)
        return self._held.text if self._held is not None and self._held.text != refused else None

    def _lasting(self) -> Lasting | None:
        return self._held if self._held is not None and self._now() < self._held.expires else None

    def _due(self) -> float:
        renew = self._now() if self._held is None else self._held.renew
        return renew if self._failed is None else max(renew, self._again)

    def _is_minting(self) -> bool:
        return self._minting is not None and not self._minting.done()

    async def _renew(self) -> None:
        """Run the command, or wait for the run that is under way; who waits no longer stops nobody else."""
        if self._minting is None or self._minting.done():  # one may be done at once
            self._minting = asyncio.get_running_loop().create_task(self._renew_once())
        await asyncio.wait((self._minting,))

    async def _renew_once(self) -> None:
        try:
            self._take(lasting(await self._mint(), self._now()))
        except NoToken as error:
            self._fail(str(error))
        except Exception as error:  # no shell, no process any more: that may change
            self._fail(f"the token command could not be run: {type(error).__name__}")

    def _take(self, new: Lasting) -> None:
        if new.expires <= self._now():
            raise NoToken(EXPIRED)
        if self._failed is not None:
            logger.warning("the token command works again")
        self._held, self._failed = new, None

    def _fail(self, why: str) -> None:
        """Say so once; the token at hand is used as long as it lasts."""
        if self._failed is None and self._held is not None:
            logger.warning("%s; the token at hand is used as long as it lasts", why)
        self._failed, self._again = why, self._now() + AGAIN_SECONDS
