"""The process: mitmproxy's Master with few of its addons, Tollway's chain, and an end that loses nothing."""

import asyncio
import errno
import gc
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mitmproxy import exceptions, master, options
from mitmproxy.addons import block, core, disable_h2c
from mitmproxy.http import HTTPFlow
from mitmproxy.utils import asyncio_utils

from tollway.ca.leaf import Leaf
from tollway.engine import release
from tollway.engine.dialling import Dialling
from tollway.engine.header_blocks import with_quick_checks
from tollway.engine.hooking import Hooking
from tollway.engine.messages import (
    fix,
    with_quick_comparison,
    with_quick_headers,
    without_frame_texts,
    without_type_checks,
)
from tollway.engine.next_layer import NextLayer
from tollway.engine.proxyserver import Proxyserver
from tollway.engine.tls import TlsConfig
from tollway.errors import TollwayError
from tollway.hooks.refusal import refuse_failed

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
    ) -> None:
        """Raises TollwayError for an option that is forbidden, unknown or wrong."""
        release.check()
        without_type_checks()
        without_frame_texts()
        with_quick_headers()
        with_quick_checks()
        with_quick_comparison()
        super().__init__(options.Options())
        own: list[object] = [core.Core(), block.Block(), disable_h2c.DisableH2C()]
        hooked = [*own[1:], NextLayer(is_ours), TlsConfig(leaf), *chain]
        hooking = Hooking(hooked, refuse)
        self.proxyserver = Proxyserver(hooking, dialling, is_ours)
        hooked.insert(0, self.proxyserver)
        self.addons.add(own[0], *hooked)
        self._configure(listening)

    def _configure(self, listening: Listening) -> None:
        try:
            self.options.update(
                **FIXED, mode=list(listening.modes), listen_host=listening.host, listen_port=listening.port
            )
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
            where = f"{self.options.listen_host}:{self.options.listen_port}"
            raise TollwayError(f"can't listen on {where}: {why_not(error)}") from None
        await self.running()
        fix(self.options)
        # A mode that takes QUIC, too, names its address twice.
        return [*dict.fromkeys(address[:2] for address in self.proxyserver.listen_addrs())]

    async def listen_no_more(self) -> None:
        """Take no more connections; those that stand go on."""
        await self.proxyserver.servers.stop()

    async def stop(self) -> None:
        """Close the sockets and what is left of the connections."""
        await self.proxyserver.close()
        await self.done()
        self._looped.__exit__(None, None, None)


HINTS = {
    errno.EADDRINUSE: "another program has the port; choose another with --listen HOST:PORT, or port 0",
    errno.EACCES: "ports below 1024 are root's; choose another with --listen HOST:PORT",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose one with --listen HOST:PORT",
}


def why_not(error: OSError) -> str:
    """Why a socket could not be opened, and what to do. mitmproxy wraps the reason in its own advice."""
    if error.errno in HINTS:
        return HINTS[error.errno]
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    return f"{cause.strerror or cause}; choose another with --listen HOST:PORT"


def freeze() -> None:
    """Keep the garbage collector off what lives for ever: for a process that is a proxy, once it has started.

    A full collection walks every object of a thousand connections, which stalls the loop for a quarter of
    a second; what the imports made (the most of it) never becomes garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 25)
