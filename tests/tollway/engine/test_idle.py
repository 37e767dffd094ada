"""A socket on which nothing comes stays open, as long as its peers are there."""

import socket
from pathlib import Path
from typing import Any

import pytest

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
