"""The process: mitmproxy's Master with few of its addons, Tollway's chain, and an end that loses nothing."""

import asyncio
import gc
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mitmproxy import exceptions, master, options
from mitmproxy.addons import core, disable_h2c
from mitmproxy.http import HTTPFlow
from mitmproxy.utils import asyncio_utils

from tollway.ca.leaf import Leaf
from tollway.engine import release
from tollway.engine.balancers import Balancers
from tollway.engine.block import Block
from tollway.engine.client_bounds import DEFAULTS, ClientBounds
from tollway.engine.connection import ConnectionHandler
from tollway.engine.dialling import Dialling
from tollway.engine.header_blocks import with_quick_checks
from tollway.engine.hooking import Hooking
from tollway.engine.leading import Leading
from tollway.engine.leaving import Leaving
from tollway.engine.messages import (
    fix,
    with_quick_comparison,
    with_quick_headers,
    without_frame_texts,
    without_type_checks,
)
from tollway.engine.next_layer import NextLayer, Reading, always
from tollway.engine.passing import Passing
from tollway.engine.proxyserver import Inherited, Proxyserver
from tollway.engine.sweeping import Sweeping
from tollway.engine.tls import TlsConfig
from tollway.errors import TollwayError
from tollway.hooks.refusal import refuse_failed
from tollway.identity.networks import Networks
from tollway.not_bound import not_bound

logger = logging.getLogger(__name__)

FIXED: dict[str, Any] = {
    "connection_strategy": "lazy",  # a dead provider is an answer of the chain, not a failed CONNECT
    "upstream_cert": False,  # leaves carry the name asked for, not the provider's other names
    "tcp_timeout": 3600,  # models think long
    "websocket": False,  # those that pass do so byte for byte
}

FORBIDDEN = {
    "stream_large_bodies": "bodies would leave before they are metered",
    "ignore_hosts": "calls would pass unseen; hosts that are no provider's are tunnelled anyway",
    "allow_hosts": "calls would pass unseen; hosts that are no provider's are tunnelled anyway",
    "websocket": "sockets would pass unmetered",
    "rawtcp": "calls would pass unseen",
    "tcp_hosts": "calls would pass unseen",
    "udp_hosts": "calls would pass unseen",
    "scripts": "scripts fail open, and are reloaded while calls run",
    "server": "nothing would listen",
    "mode": "use --mode",
    "listen_host": "use --listen",
    "listen_port": "use --listen",
    "confdir": "Tollway's certificate authority is in its data folder",
    "certs": "Tollway makes its leaves itself",
    "connection_strategy": "a dead provider must be an answer, not a failed CONNECT",
    "upstream_cert": "leaves carry exactly the name asked for",
    "body_size_limit": "use --at-most body=SIZE",
    "validate_inbound_headers": "smuggled requests would pass unmetered",
}
"""Options that take calls out of sight, or that another option of ours is for: each with the reason."""


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Where and how the proxy listens."""

    host: str = "127.0.0.1"
    port: int = 8080
    modes: Sequence[str] = ("regular",)
    set_options: Sequence[str] = ()
    """`OPTION=VALUE` of mitmproxy, as `--set` takes them."""
    inherited: Inherited | None = None
    """The sockets of its modes, where it shares them with other processes."""
    own_certificate: Path | None = None
    """The proxy's own, with its chain and key; None: one of Tollway's authority."""
    logins: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """What is shown to the proxies that modes go by way of."""
    bounds: ClientBounds = DEFAULTS
    """Of what clients control."""
    past: str = ""
    """As NO_PROXY, the hosts that are reached without those."""
    balancers: Networks[None] = ()
    """Where load balancers are that begin each connection with a PROXY protocol header."""


class Master(master.Master):
    """mitmproxy's master; construct it with a running event loop."""

    def __init__(
        self,
        listening: Listening,
        chain: Sequence[object],
        *,
        dialling: Dialling,
        leaf: Callable[[str], Leaf],
        is_ours: Callable[[str, int], bool],
        refuse: Callable[[HTTPFlow], None] = refuse_failed,
        reading: Reading = always,
        passing: Passing | None = None,
        beside: Sequence[object] = (),
    ) -> None:
        """`beside` the chain: addons that hear of connections.

        Raises TollwayError for an option that is forbidden, unknown or wrong.
        """
        release.check()
        without_type_checks()
        without_frame_texts()
        with_quick_headers()
        with_quick_checks()
        with_quick_comparison()
        super().__init__(options.Options())
        own: list[object] = [core.Core(), Block(), disable_h2c.DisableH2C()]
        self._leaving = Leaving(self._handlers)
        hooked = [
            *own[1:],
            NextLayer(is_ours, reading, passing),
            TlsConfig(leaf, listening.own_certificate),
            *chain,
        ]
        hooked += [*beside, Leading(listening.logins, listening.past), self._leaving]
        hooking = Hooking(hooked, refuse)
        bounds = listening.bounds
        balancers = Balancers(listening.balancers, bounds.head_time)
        self.proxyserver = Proxyserver(hooking, dialling, is_ours, listening.inherited, bounds, balancers)
        self._sweeping = Sweeping(self._handlers, bounds)
        self._sweeper: asyncio.Task[None] | None = None
        hooked.insert(0, self.proxyserver)
        self.addons.add(own[0], *hooked)
        self._configure(listening)

    def _configure(self, listening: Listening) -> None:
        try:
            self.options.update(
                **FIXED, mode=list(listening.modes), listen_host=listening.host, listen_port=listening.port,
                body_size_limit=str(listening.bounds.body),
            )  # fmt: skip
        except exceptions.OptionsError as error:  # of these, only the modes are the user's own words
            raise TollwayError(f"--mode: {error}") from None
        for spec in listening.set_options:
            name = spec.partition("=")[0]
            if name in FORBIDDEN:
                raise TollwayError(f"--set {spec}: refused, {FORBIDDEN[name]}")
            try:
                self.options.set(spec)
            except exceptions.OptionsError as error:
                raise TollwayError(f"--set {spec}: {error}") from None

    async def start(self) -> list[tuple[str, int]]:
        """Listen; the addresses that were bound, in the order of the modes.

        Raises TollwayError where it can't be.
        """
        self._looped = asyncio_utils.install_exception_handler(self._asyncio_exception_handler)
        self._looped.__enter__()
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        try:
            await self.proxyserver.setup_servers()
        except OSError as error:
            await self.stop()  # the modes before this one listen already
            mode = self.proxyserver.servers.starting
            assert mode is not None
            host = mode.listen_host(self.options.listen_host)
            port = mode.listen_port(self.options.listen_port)
            assert port is not None
            raise not_bound(host, port, error) from None
        await self.running()
        self._sweeper = asyncio_utils.create_task(self._sweeping.run(), name="sweeping", keep_ref=True)
        fix(self.options)
        # A mode that takes QUIC, too, names its address twice.
        return [*dict.fromkeys(address[:2] for address in self.proxyserver.listen_addrs())]

    async def listen_no_more(self) -> None:
        """Take no more connections; those that stand go on."""
        await self.proxyserver.servers.stop()

    async def leave(self, seconds: float) -> bool:
        """Have another process take this one's place: see `Leaving`. False: some clients are still there."""
        await self.listen_no_more()
        return await self._leaving.leave(seconds)

    def _handlers(self) -> list[ConnectionHandler]:
        return [each for each in self.proxyserver.connections.values() if isinstance(each, ConnectionHandler)]

    async def stop(self) -> None:
        """Close the sockets and what is left of the connections."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            await asyncio.gather(self._sweeper, return_exceptions=True)
        await self.proxyserver.close()
        await self.done()
        self._looped.__exit__(None, None, None)


def freeze() -> None:
    """Keep the garbage collector off what lives for ever: for a process that is a proxy, once it has started.

    A full collection walks every object of a thousand connections, which stalls the loop for a quarter of
    a second; what the imports made (the most of it) never becomes garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 25)
