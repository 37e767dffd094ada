"""Listening: where it was asked for, with our handler behind it, and no more once it is closed."""

import asyncio
import logging
import socket
import struct
from pathlib import Path

import pytest

from tests.simulator import Simulator
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import road
from tollway.engine.proxyserver import Inherited

CHAT = "https://api.openai.com/v1/chat/completions"
ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]}


async def test_a_reverse_proxy_meters_what_it_passes_on(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Plain HTTP in front of one provider."""
    import httpx

    async with road(tmp_path, sim, modes=("reverse:https://api.openai.com",)) as running:
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{running.proxy.url}/v1/chat/completions", json=ASKED)

        assert answer.status_code == 200
        assert (await running.call()).provider == "openai"


async def test_connections_are_closed_with_the_proxy_and_none_is_taken_after(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    async with road(tmp_path, sim) as running:
        reader, writer = await asyncio.open_connection(running.proxy.host, running.proxy.port)
        writer.write(b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n")
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")

    assert await reader.read() == b""
    writer.close()
    with socket.socket() as again:
        assert again.connect_ex((running.proxy.host, running.proxy.port)) != 0


async def test_a_connection_that_no_firewall_redirected_is_closed_and_the_log_says_why(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """In transparent mode its destination is the kernel's to say; ours would be a call to ourselves."""
    async with road(tmp_path, sim, modes=("transparent",)) as running:
        reader, writer = await asyncio.open_connection(running.proxy.host, running.proxy.port)
        assert await reader.read() == b""
        writer.close()
        assert nothing_left(running)

    assert "transparent mode: the connection's destination is unknown" in caplog.text


async def test_who_has_left_before_he_was_taken_is_nobody(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """The kernel gives such a connection all the same, and it has no address any more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with road(tmp_path, sim, inherited=Inherited([[listening]])) as running:
            for _ in range(5):
                with socket.create_connection(listening.getsockname()) as one:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            async with running.client() as client:
                assert (await client.post(CHAT, json=ASKED)).status_code == 200
            assert nothing_left(running)

    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []
