"""A proxy whose place another one takes: its clients go, and nothing is refused or broken off."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import ctx

from tests.simulator import Simulator
from tests.tollway.calls import CHAT
from tests.tollway.leftovers import connections
from tests.tollway.road import road
from tests.tollway.spoken import answering, create, opened, talking
from tests.tollway.spoken import until as said
from tollway.engine.leaving import Leaving
from tollway.master import Master

LONG = 120.0
GATED = {"x-sim": '{"gate": "late"}'}


def leaves(seconds: float = LONG, silent: float = 0.0) -> "asyncio.Task[bool]":
    """The proxy of this test makes room for another. `silent`: see SILENT_SECONDS."""
    master: Any = ctx.master
    assert isinstance(master, Master)
    leaving = next(one for one in master.proxyserver._hooking._addons if isinstance(one, Leaving))
    leaving._silent, leaving._look = silent, 0.01
    return asyncio.get_running_loop().create_task(master.leave(seconds))


async def until(holds: Callable[[], object]) -> None:
    """Wait for it."""
    async with asyncio.timeout(LONG):
        while not holds():
            await asyncio.sleep(0.001)


async def test_without_clients_it_is_done_at_once(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """And takes no more."""
    async with road(tmp_path, sim) as running:
        assert await leaves() is True
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(running.proxy.host, running.proxy.port)


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_a_call_in_flight_is_answered_and_its_connection_ends_with_it(
    tmp_path: Path, home: Path, sim: Simulator, http2: bool
) -> None:
    """A stream is, too; the client is told."""
    async with road(tmp_path, sim) as running, running.client(http2=http2) as client:
        asked = asyncio.ensure_future(client.post(CHAT.url, json=CHAT.streamed().body, headers=GATED))
        await until(lambda: len(sim.seen) == 1)
        left = leaves()
        await asyncio.sleep(0.05)
        assert not left.done()
        sim.open("late")

        answer = await asked
        assert (answer.status_code, answer.content.endswith(b"data: [DONE]\n\n")) == (200, True)
        assert answer.headers.get("connection") == (None if http2 else "close")
        assert await left is True
        assert (await running.call()).error is None


async def test_a_connection_that_is_kept_is_answered_once_more_and_never_refused(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """Over HTTP/2 the other streams on it go on, too."""
    async with road(tmp_path, sim) as running, running.client(http2=True) as client:
        first = asyncio.ensure_future(client.post(CHAT.url, json=CHAT.body, headers=GATED))
        await until(lambda: len(sim.seen) == 1)
        left = leaves()
        assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200
        sim.open("late")
        assert (await first).status_code == 200
        assert await left is True


async def test_a_silent_connection_is_closed_only_once_it_was_silent_for_a_moment(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    async with road(tmp_path, sim) as running, running.client() as client:
        assert (await client.post(CHAT.url, json=CHAT.body)).headers.get("connection") is None
        assert len(connections()) == 1
        left = leaves(silent=LONG)
        await asyncio.sleep(0.05)
        assert len(connections()) == 1
        left.cancel()
        assert await leaves(silent=0.01) is True


async def test_what_is_tunnelled_goes_on_as_long_as_it_may(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """Nobody can tell whether something is on its way there."""
    async with road(tmp_path, sim) as running:
        async with running.client(tunnel=True) as client:
            assert (await client.get("https://example.com/")).status_code
            assert len(connections()) == 1
            assert await leaves(seconds=0.1) is False
            left = leaves()
            assert (await client.get("https://example.com/")).headers.get("connection") is None
        assert await left is True


async def test_a_socket_that_is_silent_stays_open(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """It may be asked for another answer, for as long as its client likes."""
    async with talking(tmp_path, sim, answering) as running, opened(running) as socket:
        await socket.send(create())
        await said(socket, "response.completed")
        assert await leaves(seconds=0.1) is False
        left = leaves()
        await socket.send(create())
        await said(socket, "response.completed")
        await socket.close()
        assert await left is True
