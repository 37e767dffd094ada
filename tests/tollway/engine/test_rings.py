"""What has ended is gone at once, not when the garbage collector comes by."""

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.simulator import Cut, Scenario
from tests.tollway.calls import CHAT, GEMINI_SSE, Call
from tests.tollway.leftovers import connections, exchanges
from tests.tollway.road import Road
from tollway.engine.backlog import bottom
from tollway.engine.http_layer import HttpLayer

HTTP = pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    """From here on, only what nobody refers to is freed."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def until(true: Callable[[], bool]) -> None:
    """Let the loop run until something is so; TimeoutError if it does not become so."""
    async with asyncio.timeout(120):
        while not true():
            await asyncio.sleep(0)


def refs() -> tuple[list[Any], list[Any]]:
    """Weak references to the layers of the one client connection, and to those of its providers'."""
    (handler,) = connections()
    layers: list[Any] = [handler.layer, *handler.layer.context.layers]
    http = next(layer for layer in reversed(layers) if isinstance(layer, HttpLayer))
    providers = [stack for conn, stack in http.connections.items() if conn is not handler.client]
    assert len(providers) == 1
    below = [layer for stack in providers for layer in (stack, bottom(stack))]
    return [weakref.ref(layer) for layer in [*layers, handler]], [weakref.ref(layer) for layer in below]


def dead(references: list[Any]) -> bool:
    """Whether none of the things referred to is there any more."""
    return all(reference() is None for reference in references)


@HTTP
@pytest.mark.parametrize("call", [CHAT, GEMINI_SSE], ids=["json", "stream"])
async def test_a_call_is_gone_with_its_end(road: Road, http2: bool, call: Call) -> None:
    """Its messages and all that is known of it, while the connection stands."""
    before = exchanges()
    async with road.client(http2) as client:
        for _ in range(3):
            assert (await client.post(call.url, json=call.body)).status_code == 200
        await until(lambda: exchanges() <= before)


@HTTP
async def test_a_connection_is_gone_with_its_end(road: Road, http2: bool) -> None:
    """Its layers with their TLS, those of the provider's connections, and its handler."""
    async with road.client(http2) as client:
        await client.post(CHAT.url, json=CHAT.body)
        layers, below = refs()

    await until(lambda: dead(layers + below))


async def test_a_provider_s_connection_is_gone_with_its_end(road: Road) -> None:
    """While the client's stands; at the latest with the next one, if it was we who closed it."""
    road.sim.scenario = Scenario(events=20, interval=0.02, cut=Cut(how="goaway"))
    async with road.client(http2=True) as client:
        async with client.stream("POST", GEMINI_SSE.url, json=GEMINI_SSE.body) as answer:
            _, below = refs()
            await answer.aread()

        assert (await client.post(GEMINI_SSE.url, json=GEMINI_SSE.body)).status_code == 200
        await until(lambda: dead(below))


async def test_what_a_late_step_says_to_a_connection_that_is_gone_comes_to_nothing(road: Road) -> None:
    """Neither an error in the log nor a crash."""
    async with road.client() as client:
        await client.post(CHAT.url, json=CHAT.body)
        (handler,) = connections()

    await until(lambda: handler.over)
    handler.feed(object())  # type: ignore[arg-type]
