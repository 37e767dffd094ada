"""What the engine still keeps of calls that ended: nothing, if all is well."""

import asyncio
import gc
from typing import Any

from mitmproxy import ctx

from tests.tollway.road import Road
from tollway.engine.connection import ConnectionHandler
from tollway.engine.http_layer import flows_of
from tollway.exchange import Exchange


def connections() -> list[ConnectionHandler]:
    """The client connections that stand."""
    master: Any = ctx.master
    return list(master.proxyserver.connections.values())


def streams() -> list[Any]:
    """The flows of HTTP streams that the engine keeps, those of CONNECT apart."""
    flows = [flow for handler in connections() for flow in flows_of(handler.client)]
    return [flow for flow in flows if flow.request.method != "CONNECT"]


def exchanges() -> int:
    """How many calls anything is known of, garbage that nobody has collected among them."""
    return sum(isinstance(thing, Exchange) for thing in gc.get_objects())


def alive(kind: type) -> list[object]:
    """All of a kind that are no garbage, what other tests left behind among them: who keeps this list, and
    looks again, has as many more as are new."""
    gc.collect()
    return [thing for thing in gc.get_objects() if isinstance(thing, kind)]


def deadlines() -> list[Any]:
    """The wake-ups that are still to come."""
    return [deadline for handler in connections() for deadline in handler._deadlines]


def nothing_left(road: Road) -> bool:
    """Whether no stream, no exchange and no timer of an ended call is there any more."""
    drain = road.proxy.steps.drain
    return not (streams() or deadlines() or drain.in_flight() or drain._draining)


async def nothing_stays(road: Road) -> None:
    """Wait until nothing is left; TimeoutError if something stays."""
    async with asyncio.timeout(120):
        while not nothing_left(road):
            await asyncio.sleep(0)
