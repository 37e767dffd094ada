"""Clients: they call, read, leave, or are slow."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import anyio
import httpx

from tests.chaos.calls import HOST, PATH, Call
from tests.chaos.place import Proxy
from tests.simulator.client import RawClient
from tests.simulator.client_http2 import Http2Client

KEY = "sk-ant-" + "made-up" * 5
CONNECTIONS = 32
"""Of one client; calls beyond share them (HTTP/2)."""
PATIENCE = 180
BROKEN = (
    httpx.TransportError, OSError, anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError,
)  # fmt: skip
"""What a connection that breaks comes to; httpx lets some of what is below it through."""


@dataclass(frozen=True)
class Outcome:
    """What a client saw of a call."""

    call: Call
    status: int | None
    """None: no answer came, or the client did not wait for one."""
    text: str = ""
    """Of the answer, as far as it was read."""
    whole: bool = False
    """The answer was read to its end."""
    id: str = ""
    """The call's in the ledger, as the answer says."""


@dataclass(frozen=True)
class Manner:
    """How a client behaves."""

    leaves_after: int | None = None
    """Bytes of the answer after which it disconnects; 0: once it has asked. None: it stays."""
    within: float = 0.02
    """Seconds: when, in the second case, at the latest."""
    pause: float = 0.0
    """Seconds between two reads."""


POLITE = Manner()


@asynccontextmanager
async def client(proxy: Proxy, *, http2: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    """A program's HTTP client behind a proxy."""
    limits = httpx.Limits(max_connections=CONNECTIONS if http2 else 1_000)
    async with httpx.AsyncClient(
        proxy=proxy.url, verify=proxy.trust(), http2=http2, limits=limits, timeout=PATIENCE, trust_env=False
    ) as one:
        yield one


async def ask(one: httpx.AsyncClient, call: Call, manner: Manner = POLITE) -> Outcome:
    """Make a call. What breaks on the way is an outcome."""
    status, text, id, whole = None, b"", "", False
    request = one.stream("POST", call.url, content=call.body(), headers=call.headers(KEY))
    try:
        if manner.leaves_after == 0:
            return await _ask_and_leave(one, call, manner.within)
        async with request as answer:
            status, id = answer.status_code, answer.headers.get("x-tollway-call", "")
            async for piece in answer.aiter_bytes():
                text += piece
                if manner.leaves_after is not None and len(text) >= manner.leaves_after:
                    break
                if manner.pause:
                    await asyncio.sleep(manner.pause)
            else:
                whole = True
    except BROKEN:
        pass
    return Outcome(call, status, text.decode(errors="replace"), whole, id)


async def _ask_and_leave(one: httpx.AsyncClient, call: Call, within: float) -> Outcome:
    asking = asyncio.ensure_future(ask(one, call))
    await asyncio.sleep(random.random() * within)
    asking.cancel()
    try:
        return await asking
    except asyncio.CancelledError:
        return Outcome(call, None)


async def take_back(proxy: Proxy, calls: Sequence[Call], chance: random.Random) -> list[Outcome]:
    """Make calls on one HTTP/2 connection, reset each stream sooner or later, and break the connection off.

    Some are reset in one write with their last frame; some answers come to their end before.
    """
    address = urlsplit(proxy.url)
    where = (address.hostname or "", address.port or 0)
    raw = await RawClient.open(HOST, 443, proxy=where, tls=HOST, root_ca=proxy.ca, alpn=("h2",))
    one = await Http2Client.on(raw)
    streams = []
    for call in calls:
        stream = one.h2.get_next_available_stream_id()
        pseudo = [(":method", "POST"), (":scheme", "https"), (":authority", HOST), (":path", PATH)]
        one.h2.send_headers(stream, [*pseudo, *call.headers(KEY).items()])
        one.h2.send_data(stream, call.body(), end_stream=True)
        if chance.random() < 0.3:
            one.h2.reset_stream(stream)
        else:
            streams.append(stream)
        await one.flush()
        await asyncio.sleep(chance.random() / 50)
    for stream in streams[::2]:
        await one.cancel(stream)
    await asyncio.sleep(chance.random() / 5)
    chance.choice([raw.reset, raw.close])()
    return [Outcome(call, None) for call in calls]


async def all_at_once(proxies: Sequence[Proxy], calls: Iterable[Call]) -> list[Outcome]:
    """Race: every call at the same time, dealt to the proxies in turn."""
    async with asyncio.TaskGroup() as group:
        hands = [group.create_task(_hand(proxy, hand)) for proxy, hand in _dealt(proxies, list(calls))]
    return [outcome for hand in hands for outcome in hand.result()]


def _dealt(proxies: Sequence[Proxy], calls: list[Call]) -> list[tuple[Proxy, list[Call]]]:
    return [(proxy, calls[i :: len(proxies)]) for i, proxy in enumerate(proxies)]


async def _hand(proxy: Proxy, calls: Sequence[Call]) -> list[Outcome]:
    async with client(proxy) as one:
        return list(await asyncio.gather(*(ask(one, call) for call in calls)))
