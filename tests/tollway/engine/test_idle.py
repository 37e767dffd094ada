"""A socket on which nothing comes stays open, as long as its peers are there."""

import asyncio
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mitmproxy.proxy import server

from tests.simulator import Simulator
from tests.tollway.leftovers import connections
from tests.tollway.spoken import answering, create, opened, talking, until
from tollway.engine import idle


def test_the_system_asks_whether_a_peer_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """And does what it can where it knows less."""
    monkeypatch.setitem(idle.OPTIONS, "TCP_MADE_UP", 1)
    with socket.socket() as connected:
        idle.keep_asking(connected)

        assert connected.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == idle.ASK_AFTER


async def test_silence_closes_no_socket(tmp_path: Path, sim: Simulator) -> None:
    async with talking(tmp_path, sim, answering) as running, opened(running) as spoken:
        (handler,) = connections()
        writers: list[Any] = [io.writer for io in handler.transports.values()]
        sockets = [writer.get_extra_info("socket") for writer in writers]
        await spoken.send(create())
        await until(spoken, "response.completed")

        assert handler.timeout_watchdog.timeout == idle.FOR_EVER
        assert len(sockets) == 2
        assert all(one.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) for one in sockets)


async def test_hours_of_silence_close_no_socket(
    tmp_path: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that was to happen within them does, and nothing of it ends the socket."""
    loop, now, wall = asyncio.get_running_loop(), asyncio.get_running_loop().time, server.time.time
    async with (
        talking(tmp_path, sim, answering) as running,
        opened(running, ping_interval=None) as spoken,
    ):
        (handler,) = connections()
        for hours in (1, 12):
            monkeypatch.setattr(server, "time", SimpleNamespace(time=lambda: wall() + hours * 3600))  # noqa: B023
            monkeypatch.setattr(loop, "time", lambda: now() + hours * 3600)  # noqa: B023
            for _ in range(100):
                await asyncio.sleep(0)  # the timers' turn
            assert handler.timeout_watchdog.last_activity < server.time.time() - 3500
            await spoken.send(create())
            await until(spoken, "response.completed")

        assert connections() == [handler]
        assert len(await running.calls(2)) == 2
