"""How ready one proxy is, from before its start to its end."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from tollway import clock, paths
from tollway.ca.authority import Authority, AuthorityError
from tollway.ca.store import root_path
from tollway.ledger.fault import LedgerError
from tollway.observe.recent import Recent
from tollway.observe.steps import Steps
from tollway.proxy import Proxy
from tollway.readiness import authority, policy, serving, store
from tollway.readiness import clock as clocks
from tollway.readiness.check import Check, fail
from tollway.readiness.condition import Condition
from tollway.signing import Signing

KEPT_SECONDS = 2.0
"""How old what the ledger said may be: however many ask, it is written to so often at the most."""
PATIENCE_SECONDS = 1.0
"""What the ledger gets to answer."""
SLOW = "the ledger did not answer within 1 s"


class Asking:
    """Asks a ledger how it is: never twice at once, and not again at once. Belongs to the proxy's loop."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        kept_seconds: float = KEPT_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._recent = Recent[Condition](kept_seconds, monotonic)
        self._patience = patience_seconds

    async def condition(self, ask: "Callable[[], asyncio.Future[Condition]]") -> Condition | str:
        """How it is; a text says why it can't be written to. `ask`: as of `Ledger.condition`."""
        try:
            async with asyncio.timeout(self._patience):
                return await self._recent.of(ask)
        except TimeoutError:
            return SLOW
        except LedgerError as error:
            return str(error)


class Readying:
    """Belongs to the proxy's loop, but for `is_stopping`."""

    def __init__(self, now: Callable[[], float] = clock.now, asking: Asking | None = None) -> None:
        """`now`: seconds since the epoch."""
        self._now = now
        self._asking = asking or Asking()
        self._steps = Steps(now)
        self._proxy: Proxy | None = None
        self.is_stopping = False

    @property
    def proxy(self) -> Proxy | None:
        """What listens; None: nothing does yet."""
        return self._proxy

    def serves(self, proxy: Proxy) -> None:
        """It listens."""
        self._proxy = proxy

    def stops(self) -> None:
        """It was told to stop."""
        self.is_stopping = True

    async def checks(self) -> Sequence[Check]:
        """All of them."""
        if self.is_stopping:
            return (serving.STOPPING,)
        if (proxy := self._proxy) is None:
            return (serving.STARTING,)
        found, reloading = await self._asking.condition(proxy.ledger.condition), proxy.reloading
        ca = await asyncio.to_thread(authority_of, proxy.signing, clock.utc(self._now()))
        general, limits = proxy.governing.faults.store_down, proxy.governing.limits
        skew_us = found.skew_us if isinstance(found, Condition) else None
        return (
            serving.STOPPING if self.is_stopping else serving.TAKING,
            store.judge(found, limits.refuse_unwritten(general), limits.refuse_unheld(general)),
            policy.judge(
                None if reloading is None else str(reloading.path), reloading is None or reloading.is_good
            ),
            ca,
            clocks.judge(skew_us, self._steps.last()),
        )


def authority_of(signing: Signing, now: datetime) -> Check:
    """What there is to say of the one that signs. Reads a file."""
    try:
        found = signing.due()
    except AuthorityError as error:
        return fail(authority.NAME, str(error))
    shown = authority.Shown(
        id=found.id,
        begins=found.root.not_valid_before_utc,
        ends=found.ends(),
        has_next=len(signing.anchors().ids) > 1,
        on_disk=_is_on_disk(root_path(paths.data_dir() / "ca"), found),
    )
    return authority.judge(shown, now)


def _is_on_disk(path: Path, found: Authority) -> bool | None:
    """None: there is none. While another one takes over, there are both."""
    try:
        return found.root_pem() in path.read_bytes()
    except OSError:
        return None
