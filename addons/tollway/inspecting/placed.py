"""`mitmproxy -s addons/entry.py`: the chain, and all that runs with it, inside somebody else's mitmproxy.

Until it is in its place, connections wait; if it can't be had, none is let through. It stays where it is when
mitmproxy reads the script anew, or can't find it any more: a script's own hooks would be gone, and calls
would pass.
"""

import asyncio
import logging
from functools import partial
from typing import Any

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader
from mitmproxy.connection import Client
from mitmproxy.http import HTTPFlow
from mitmproxy.utils import asyncio_utils

from tollway import paths
from tollway.engine.failure import log_failure
from tollway.errors import TollwayError
from tollway.hooks.refusal import refuse
from tollway.inspecting.attached import Attached
from tollway.inspecting.beside import beside
from tollway.inspecting.forbidden import Forbidden
from tollway.policy_file import read_policy
from tollway.providers.load import load as load_providers
from tollway.proxy import Setup, running

logger = logging.getLogger(__name__)

NAME = "tollway"
NOT_HERE = (
    "Tollway runs inside mitmproxy's own engine; `tollway inspect` is the same with Tollway's. What is "
    "missing here: the next target of a route when one fails; answers from the cache; calls whose client "
    "left are not read on; an error in the engine hangs a call; clients trust mitmproxy's own CA, which no "
    "constraint binds. Changes of the script wait for a restart."
)
"""Said at start: who develops with `-s` is to know what is not there."""

SIGHT = {
    "stream_large_bodies": "bodies would leave before they are metered",
    "ignore_hosts": "calls would pass unseen; hosts that are no provider's are tunnelled anyway",
    "allow_hosts": "calls would pass unseen; hosts that are no provider's are tunnelled anyway",
    "tcp_hosts": "calls would pass unseen",
    "websocket": "sockets would pass unmetered",
    "validate_inbound_headers": "smuggled requests would pass unmetered",
    "connection_strategy": "a dead provider must be an answer, not a failed CONNECT",
}
"""Options that stay as they are, each with the reason."""
SETTINGS: dict[str, Any] = {"connection_strategy": "lazy", "websocket": False}


class Placed:
    """Puts the chain into its place, and keeps connections waiting until it is there."""

    name = NAME

    def __init__(self) -> None:
        self._ready = asyncio.Event()
        self._ends = asyncio.Event()
        self._runs: asyncio.Task[None] | None = None
        self._why_not: str | None = None
        self._forbidden = Forbidden(SIGHT)

    def load(self, loader: Loader) -> None:
        """Begin."""
        options, addons = ctx.options, ctx.master.addons
        if wrong := [name for name in SIGHT if name not in SETTINGS and options.has_changed(name)]:
            self._fail("; ".join(f"{name} is set: {SIGHT[name]}" for name in wrong))
            return
        options.update(**SETTINGS)
        addons.add(self._forbidden)
        self._forbidden.hold(options)
        self._runs = asyncio_utils.create_task(self._run(), name="tollway", keep_ref=True)

    async def client_connected(self, client: Client) -> None:
        """Have a client wait for the chain; without one it is turned away."""
        await self._ready.wait()
        if self._why_not is not None:
            client.error = "Tollway is not in its place"

    async def requestheaders(self, flow: HTTPFlow) -> None:
        """The same for a call that is replayed: no client connects for it."""
        await self._ready.wait()
        if self._why_not is not None and flow.live:
            refuse(flow, 503, f"Tollway is not in its place: {self._why_not}", "tollway_failed")

    async def done(self) -> None:
        """Write what the ledger still has to write."""
        self._ends.set()
        if self._runs is not None:
            await self._runs

    async def _run(self) -> None:
        try:
            policy = read_policy(None)
            found = beside()
            setup = Setup(
                policy=policy,
                ledger_url=paths.ledger_url(),
                observe=found.showing.observe,
                policy_file=paths.policy_path(),
                engine=partial(Attached, found.addons),
                own_certificates=False,
                drain_seconds=0.0,
            )
            async with running(setup):
                found.register_view(load_providers(policy.provider_rows()))
                logger.warning(NOT_HERE)
                self._ready.set()
                await self._ends.wait()
        except TollwayError as error:
            self._fail(str(error))
        except Exception:
            log_failure(logger, "Tollway could not be put in its place")
            self._fail("its own code failed")

    def _fail(self, why: str) -> None:
        self._why_not = why
        self._ready.set()
        logger.error("Tollway is not in its place, and lets nothing through: %s", why)


def place(loader: Loader) -> None:
    """Put it in its place, unless it is there: mitmproxy loads a script each time that it is saved."""
    if loader.master.addons.get(NAME) is not None:
        logger.warning("Tollway stays as it is: what has changed in the script waits for a restart")
        return
    loader.master.addons.add(Placed())
