"""A proxy that listens beyond loopback: who comes from elsewhere reaches providers, and nothing inside."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.simulator import Simulator
from tests.simulator.client import RawClient, Refused
from tests.tollway.calls import CHAT
from tests.tollway.engine.test_next_layer import serving
from tests.tollway.road import Road
from tests.tollway.road import road as running_road


def own_address() -> str:
    """An address of this machine that is not loopback: who dials it from here has it, too. "" if none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return ""
        address: str = probe.getsockname()[0]
        return "" if address.startswith("127.") else address


OWN = own_address()
pytestmark = pytest.mark.skipif(not OWN, reason="this machine has no address but loopback")


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(await reader.read(100))


@pytest.fixture
async def open_road(tmp_path: Path, home: Path, sim: Simulator) -> AsyncIterator[Road]:
    async with running_road(tmp_path, sim, host=OWN) as road:
        yield road


async def test_a_stranger_reaches_providers(open_road: Road) -> None:
    async with open_road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body)

    assert answer.status_code == 200
    assert (await open_road.call()).client == OWN


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", OWN, "0.0.0.0", "[::1]", "169.254.169.254", "10.0.0.1"]
)
async def test_a_stranger_gets_no_tunnel_to_inner_addresses(open_road: Road, host: str) -> None:
    async with serving(echo) as port:
        with pytest.raises(Refused) as refused:
            await RawClient.open(host, port, proxy=(OWN, open_road.proxy.port))

    assert refused.value.response.status == 502
    assert b"inner address" in refused.value.response.body


async def test_nor_in_absolute_form(open_road: Road) -> None:
    async with await RawClient.open(OWN, open_road.proxy.port) as raw:
        sim = open_road.sim
        await raw.send(
            f"GET http://{sim.address}:{sim.plain_port}/v1/models HTTP/1.1\r\nHost: h\r\n\r\n".encode()
        )
        answer = await raw.response("GET")

    assert answer.status == 502
    assert b"inner address" in answer.body
    assert open_road.sim.seen == []


async def test_unless_the_policy_names_the_network(tmp_path: Path, home: Path, sim: Simulator) -> None:
    policy = "version: 1\nfaults: {tunnels: [127.0.0.0/8]}"

    async with serving(echo) as port, running_road(tmp_path, sim, host=OWN, policy=policy) as road:
        async with await RawClient.open("127.0.0.1", port, proxy=(OWN, road.proxy.port)) as raw:
            await raw.send(b"hello")
            assert await raw.receive() == b"hello"


async def test_what_the_operator_named_is_for_strangers_too(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """A reverse proxy of a host inside."""
    mode = f"reverse:http://{sim.address}:{sim.plain_port}"

    async with running_road(tmp_path, sim, host=OWN, modes=(mode,)) as road, httpx.AsyncClient() as client:
        answer = await client.get(f"{road.proxy.url}/v1/models")

    assert answer.status_code == 200
