"""Through the relay, clients meet the simulator under the providers' names."""

import asyncio
import gc
import json
import ssl

import httpx
import pytest

from tests.simulator import Scenario, Simulator
from tests.simulator.client import RawClient, Refused
from tests.simulator.tunnel import Tunnel

URL = "https://api.openai.com/v1/chat/completions"


@pytest.mark.parametrize("http2", [False, True])
async def test_httpx_goes_through(sim: Simulator, trust: ssl.SSLContext, http2: bool) -> None:
    async with (
        Tunnel(sim.address, sim.port) as tunnel,
        httpx.AsyncClient(proxy=f"http://127.0.0.1:{tunnel.port}", verify=trust, http2=http2) as client,
    ):
        answers = [await client.post(URL, json={"model": "gpt-5"}) for _ in range(2)]

    assert [answer.json()["model"] for answer in answers] == ["gpt-5", "gpt-5"]
    assert tunnel.targets == ["api.openai.com:443"]
    assert sim.seen[0].connection.sni == "api.openai.com"


async def test_large_answers_and_clients_that_leave(sim: Simulator) -> None:
    sim.scenario = Scenario(fill=20_000_000)
    async with Tunnel(sim.address, sim.port) as tunnel:
        proxy = ("127.0.0.1", tunnel.port)
        async with await RawClient.open(
            "api.openai.com", 443, proxy=proxy, tls="api.openai.com", root_ca=sim.root_ca
        ) as client:
            body = json.dumps({"model": "m"}).encode()
            request = (
                b"POST /v1/responses HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            )
            await client.send(request)
            assert len((await client.response()).body) == 20_000_000
            sim.scenario = Scenario(fill=1 << 40)
            await client.send(request)
            await client.receive()
        seen = await sim.wait_for(lambda seen: seen.client_left)

    assert seen.bytes_written < 50_000_000  # what the buffers on the way hold


async def test_it_is_no_other_proxy(sim: Simulator) -> None:
    async with Tunnel(sim.address, sim.port) as tunnel:
        async with await RawClient.open("127.0.0.1", tunnel.port) as client:
            await client.send(b"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await client.response("GET")).status == 405

        with pytest.raises(Refused) as refused:
            await RawClient.open(
                "api.openai.com", 443, proxy=(sim.address, sim.plain_port), tls="h", root_ca=sim.root_ca
            )
    assert refused.value.response.status == 400


async def test_it_ends_with_what_it_is_just_dialling(sim: Simulator) -> None:
    """However far it has come: nothing is left open."""
    for turns in range(12):
        async with Tunnel(sim.address, sim.port) as tunnel:
            _, writer = await asyncio.open_connection("127.0.0.1", tunnel.port)
            writer.write(b"CONNECT api.openai.com:443 HTTP/1.1\r\n\r\n")
            for _ in range(turns):
                await asyncio.sleep(0)
        writer.close()

    peer = (sim.address, sim.port)
    found = [one for one in gc.get_objects() if isinstance(one, asyncio.Transport) and not one.is_closing()]
    assert [one for one in found if one.get_extra_info("peername") == peer] == []
