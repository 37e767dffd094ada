"""A proxy whose calls are looked at: Tollway's engine under mitmproxy's list of flows, without a screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mitmproxy import contentviews, options
from mitmproxy.addons.view import View
from mitmproxy.http import HTTPFlow, Message
from mitmproxy.master import Master
from mitmproxy.tools.dump import DumpMaster

from tests.simulator import Simulator
from tests.tollway.road import Road, road
from tollway.inspecting.beside import Beside, beside
from tollway.inspecting.inspector import Inspector
from tollway.providers.load import load


@dataclass
class Inspected:
    """The road, what stands beside its chain, and the flows as a user would see them."""

    road: Road
    beside: Beside
    engine: Inspector
    view: View

    @property
    def flows(self) -> list[HTTPFlow]:
        """In the order of the calls."""
        return [flow for flow in self.view if isinstance(flow, HTTPFlow)]

    def shown(self, message: Message | None, flow: HTTPFlow) -> str:
        """What the content view says of it, as mitmproxy's tools ask."""
        assert message is not None
        return contentviews.prettify_message(message, flow).text


@asynccontextmanager
async def inspected(
    folder: Path, sim: Simulator, *addons: object, **options_of_road: Any
) -> AsyncIterator[Inspected]:
    """One; `addons` are those of the tool, before the chain."""
    found, view, made = beside(), View(), list[Inspector]()
    found.register_view(load(()))

    def tool(opts: options.Options) -> Master:
        master = DumpMaster(opts, with_termlog=False, with_dumper=False)
        master.addons.add(view, *addons)
        return master

    def engine(*parts: Any, **more: Any) -> Inspector:
        made.append(Inspector(tool, {}, found.addons, *parts, **more))
        return made[0]

    async with road(folder, sim, engine=engine, observe=found.showing.observe, **options_of_road) as running:
        yield Inspected(running, found, made[0], view)
