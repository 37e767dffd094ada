"""The load: many connections at once, or one call at a time to proxies in turn."""

import asyncio
from collections.abc import Sequence

from tests.bench.calls import Call
from tests.bench.connection import Target, Timing
from tests.bench.http1 import Http1
from tests.bench.http2 import Http2
from tests.bench.web_socket import PackedSocket, WebSocket

PROTOCOLS: dict[str, type[Http1] | type[Http2]] = {"HTTP/1.1": Http1, "HTTP/2": Http2}
SOCKETS: dict[str, type[WebSocket]] = {"WebSocket": WebSocket, "WebSocket, compressed": PackedSocket}
PAUSE = 0.005
"""Seconds between two calls that are timed singly: what the last one left to do is done by then."""


async def drive(protocol: str, target: Target, call: Call, connections: int, each: int) -> list[Timing]:
    """So many connections at once, with so many calls on each, one after another."""
    streams = (_calls(protocol, target, call, each) for _ in range(connections))
    return [timing for timings in await asyncio.gather(*streams) for timing in timings]


async def _calls(protocol: str, target: Target, call: Call, count: int) -> list[Timing]:
    connection = await (PROTOCOLS | SOCKETS)[protocol].open(target, call)
    try:
        return [await connection.call() for _ in range(count)]
    finally:
        connection.close()


async def alternate(protocol: str, targets: Sequence[Target], call: Call, count: int) -> list[list[float]]:
    """Seconds to the first byte: for each target a list, whose n-th entries were measured next to each other.

    Who comes first changes from pair to pair. The first tenth of the calls is not counted.
    """
    connections = [await PROTOCOLS[protocol].open(target, call) for target in targets]
    firsts: list[list[float]] = [[] for _ in targets]
    warm = max(count // 10, 1)
    try:
        for pair in range(-warm, count):
            order = list(range(len(targets)))[:: 1 if pair % 2 else -1]
            for index in order:
                await asyncio.sleep(PAUSE)
                firsts[index].append((await connections[index].call()).first)
    finally:
        for connection in connections:
            connection.close()
    return [first[warm:] for first in firsts]
