"""Asks the ledger how it is while a proxy runs: that it is away, and that it is back, is told."""

import asyncio
import logging
from collections.abc import Callable, Collection

from tollway.alerts.alert import Alert, Kind
from tollway.alerts.trouble import Trouble, seen, why
from tollway.engine.failure import log_failure
from tollway.ledger.fault import LedgerError
from tollway.readiness.condition import Condition
from tollway.speaker import Speaker

logger = logging.getLogger(__name__)

EVERY_SECONDS = 10.0
PATIENCE_SECONDS = 5.0
"""What the ledger gets to answer."""
SLOW = "the ledger did not answer within 5 s"


class Minding:
    """Belongs to one event loop, and never makes it wait."""

    def __init__(
        self,
        condition: "Callable[[], asyncio.Future[Condition]]",
        tell: Callable[[Alert], None],
        kinds: Callable[[], Collection[Kind]],
        speaker: Speaker,
        now_us: Callable[[], int],
        machine: str,
        every_seconds: float = EVERY_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """`condition`: as of `Ledger.condition`; `kinds`: what the policy in force wants to be told;
        `machine`: what this one is called."""
        self._condition = condition
        self._tell = tell
        self._kinds = kinds
        self._speaker = speaker
        self._now_us = now_us
        self._machine = machine
        self._every = every_seconds
        self._patience = patience_seconds
        self._asked: asyncio.Future[Condition] | None = None
        self._trouble = Trouble()
        self._speaks = False

    async def run(self) -> None:
        """Ask every few seconds, until cancelled."""
        try:
            while True:
                await asyncio.sleep(self._every)
                try:
                    if Kind.STORE in self._kinds():
                        await self.look()
                except Exception:
                    log_failure(logger, "the ledger was not asked how it is")
        finally:
            self._speaker.let_go()
            if self._asked is not None:
                self._asked.cancel()

    async def look(self) -> None:
        """Ask now."""
        wrong = why(await self._found())
        self._trouble, alert = seen(self._trouble, wrong, self._now_us(), self._machine)
        if alert is None:
            return
        if wrong is not None:
            self._speaks = self._speaker.claims()
        if self._speaks:
            self._tell(alert)
        if wrong is None:
            self._speaker.let_go()
            self._speaks = False

    async def _found(self) -> Condition | str:
        """How it is; a text says why it can't be written to. What has not answered is not asked again."""
        if self._asked is None:
            self._asked = self._condition()
        done, _ = await asyncio.wait([self._asked], timeout=self._patience)
        if not done:
            return SLOW
        asked, self._asked = self._asked, None
        try:
            return asked.result()
        except LedgerError as error:
            return str(error)
