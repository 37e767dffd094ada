"""The chain in the engine of somebody else's mitmproxy, as top-level addons of its master.

What a script adds as its own children ends with the first of them that raises, deny-by-default included: each
step is therefore an addon by itself, at the top.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from mitmproxy import ctx
from mitmproxy.addons.next_layer import NeedsMoreData
from mitmproxy.proxy import layer

from tollway.engine.next_layer import NextLayer
from tollway.engine.passing import Passing
from tollway.inspecting.live import Live


class Attached:
    """In the place of `tollway.master.Master`: mitmproxy listens, by its own options and its own CA."""

    def __init__(
        self,
        behind: Sequence[object],
        listening: object,
        chain: Sequence[object],
        *,
        is_ours: Callable[[str, int], bool],
        passing: Passing | None = None,
        **unused: Any,
    ) -> None:
        """`behind`: addons that see each event once the chain has."""
        self._addons = [Live(step) for step in (*chain, *behind)]
        self._tunnels = Tunnels(is_ours, passing)

    async def start(self) -> list[tuple[str, int]]:
        """Take the place behind all other addons, but for the tunnels: who chooses a layer first has it."""
        addons = ctx.master.addons
        addons.register(self._tunnels)
        addons.chain.insert(0, self._tunnels)
        addons.add(*self._addons)
        return [address[:2] for address in addons.get("proxyserver").listen_addrs()]

    async def listen_no_more(self) -> None:
        """mitmproxy does, once it has told its addons that it ends."""

    async def stop(self) -> None:
        """The connections are mitmproxy's."""


class Tunnels:
    """Passes on undecrypted what goes to no provider; all else is mitmproxy's choice."""

    name = "tollway.tunnels"

    def __init__(self, is_ours: Callable[[str, int], bool], passing: Passing | None = None) -> None:
        self._choice = NextLayer(is_ours, passing=passing)

    def next_layer(self, nextlayer: layer.NextLayer) -> None:
        if nextlayer.layer is not None:
            return
        with suppress(NeedsMoreData):  # nobody can tell yet
            nextlayer.layer = self._choice.unread(nextlayer.context, nextlayer.data_client())
