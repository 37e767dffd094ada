"""mitmproxy's console or web interface over Tollway's engine: what `tollway serve` runs, to be looked at.

The tool is mitmproxy's own master. Its listening, its choice of layers and its TLS are replaced by Tollway's,
and its hooks run as the chain's do: an addon that raises refuses the call. Behind the chain stand the
comments, and last of all whoever draws the screen.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from mitmproxy import exceptions, options
from mitmproxy.http import HTTPFlow
from mitmproxy.master import Master
from mitmproxy.utils import asyncio_utils

from tollway.ca.leaf import Leaf
from tollway.engine import release
from tollway.engine.dialling import Dialling
from tollway.engine.hooking import Hooking
from tollway.engine.http_stream import HttpStream
from tollway.engine.next_layer import NextLayer, Reading, always
from tollway.engine.passing import Passing
from tollway.engine.proxyserver import Proxyserver
from tollway.engine.tls import TlsConfig
from tollway.errors import TollwayError
from tollway.inspecting.forbidden import Forbidden
from tollway.inspecting.live import Live
from tollway.inspecting.redraw import Redraw
from tollway.inspecting.saving import Saving
from tollway.master import FIXED, FORBIDDEN, Listening
from tollway.not_bound import not_bound

SCRIPTS = "scripts fail open, and are reloaded while calls run; see `mitmproxy -s addons/entry.py -s YOURS`"
REASONS: Mapping[str, str] = {
    **FORBIDDEN,
    "scripts": SCRIPTS,
    "store_streamed_bodies": "streamed answers are kept, within bounds; what passes never is",
}
"""Options that stay as they are, each with the reason."""
SETTINGS = {**FIXED, "onboarding": False, "command_history": False}
"""The page of mitmproxy that offers its CA would offer the wrong one: `tollway ca trust` has Tollway's. Its
folder, where the console would write down what is typed, is there only for those who use mitmproxy, too."""

SAVING = ("save", "savehar")
"""What writes flows to files: once their answers are there, and what is said of them."""


class Tool(Protocol):
    """What mitmproxy's ConsoleMaster and WebMaster are made of."""

    def __call__(self, opts: options.Options) -> Master:
        """Make one; an event loop has to run."""


class Inspector:
    """In the place of `tollway.master.Master`."""

    def __init__(
        self,
        tool: Tool,
        settings: Mapping[str, Any],
        behind: Sequence[object],
        listening: Listening,
        chain: Sequence[object],
        *,
        dialling: Dialling,
        leaf: Callable[[str], Leaf],
        is_ours: Callable[[str, int], bool],
        refuse: Callable[[HTTPFlow], None],
        reading: Reading = always,
        passing: Passing | None = None,
        beside: Sequence[object] = (),
    ) -> None:
        """`settings`: options of the tool. `behind`: addons that see each event once the chain has."""
        release.check()
        HttpStream.keeps_requests = True
        self.master = tool(options.Options())
        self._forbidden = Forbidden(REASONS)
        self._stands = False
        hooked: list[object] = []
        self.proxyserver = Proxyserver(Hooking(hooked, refuse), dialling, is_ours)
        if hasattr(self.master, "proxyserver"):  # mitmweb's: it tells the browser what listens
            self.master.proxyserver = self.proxyserver
        for ours in (self.proxyserver, NextLayer(is_ours, reading, passing), TlsConfig(leaf)):
            self._replace(ours)
        saving = [self.master.addons.get(name) for name in SAVING]
        others = [addon for addon in self.master.addons.chain if addon not in saving]
        hooked += [*others, *chain, *beside, *behind, *map(Saving, saving), Redraw(self.master)]
        self.master.addons.add(*(Live(step) for step in (*chain, *behind)), self._forbidden)
        self._configure(listening, settings)

    def _replace(self, ours: Any) -> None:
        """Put an addon of ours in the place of mitmproxy's of that name, whose options are there already."""
        addons = self.master.addons
        addons.chain[addons.chain.index(addons.get(ours.name))] = addons.lookup[ours.name] = ours
        self.master.commands.collect_commands(ours)

    def _configure(self, listening: Listening, settings: Mapping[str, Any]) -> None:
        chosen = self.master.options
        try:
            chosen.update(
                **SETTINGS,
                **settings,
                mode=list(listening.modes),
                listen_host=listening.host,
                listen_port=listening.port,
            )
            for spec in listening.set_options:
                name = spec.partition("=")[0]
                if name in REASONS:
                    raise TollwayError(f"--set {spec}: refused, {REASONS[name]}")
                chosen.set(spec)
        except exceptions.OptionsError as error:
            raise TollwayError(f"--set or --mode: {error}") from None
        self._forbidden.hold(chosen)

    async def start(self) -> list[tuple[str, int]]:
        """Listen, and show it. Raises TollwayError where it can't be."""
        self._looped = asyncio_utils.install_exception_handler(self.master._asyncio_exception_handler)
        self._looped.__enter__()
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        try:
            await self.proxyserver.setup_servers()
        except OSError as error:
            await self.stop()
            options = self.master.options
            raise not_bound(options.listen_host, options.listen_port, error) from None
        try:
            await self.master.running()
            self._stands = True
        except OSError as error:  # of the web interface: the console has no port
            await self.stop()
            why = f"the web interface can't listen, choose another --web-port: {error}"
            raise TollwayError(why) from None
        self.master.addons.get("errorcheck").finish()  # from here on, an error is no reason to end
        return [*dict.fromkeys(address[:2] for address in self.proxyserver.listen_addrs())]

    async def listen_no_more(self) -> None:
        """Take no more connections; those that stand go on."""
        await self.proxyserver.servers.stop()

    async def stop(self) -> None:
        """Close what is left of the connections, and give the terminal back."""
        await self.proxyserver.close()
        if self._stands:
            await self.master.done()
        HttpStream.keeps_requests = False
        self._looped.__exit__(None, None, None)
