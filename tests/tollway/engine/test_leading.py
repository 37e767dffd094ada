"""By way of the company's own proxy: with its login, and past it where a host is to be reached so."""

from asyncio import StreamReader, StreamWriter

import httpx
import pytest

from tests.simulator import Host, Scenario, Simulator
from tests.tollway.calls import CHAT, CLAUDE
from tests.tollway.engine.test_next_layer import serving
from tests.tollway.identified import Roads
from tests.tollway.proxies import Company, company, served
from tests.tollway.test_no_call_unmetered_names import opened
from tollway.modes import modes


def by_way(found: Company, past: str = "") -> dict[str, object]:
    ways = modes([found.mode])
    return {"modes": ways.specs, "logins": ways.logins, "past": past, "hosts": ()}


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_a_call_goes_by_way_of_it_and_is_metered(roads: Roads, sim: Simulator, http2: bool) -> None:
    async with company(sim.address, sim.port, sim.plain_port) as found, roads("", **by_way(found)) as road:
        async with road.client(http2) as client:
            answers = [await client.post(call.url, json=call.body) for call in (CHAT, CLAUDE, CHAT)]
        rows = await road.rows()

    assert [answer.status_code for answer in answers] == [200] * 3
    assert [row.usage.output_tokens for row in rows] == [12] * 3
    assert set(found.asked) == {f"CONNECT {call.host}:443 HTTP/1.1" for call in (CHAT, CLAUDE)}
    assert found.shown == {"basic bwu6cznjcmv0"}
    assert not [one for seen in road.sim.seen for one in seen.headers if one[0].lower().startswith("proxy-")]


async def test_a_tunnel_goes_by_way_of_it_undecrypted(roads: Roads, sim: Simulator) -> None:
    async with company(sim.address, sim.port, sim.plain_port) as found, roads("", **by_way(found)) as road:
        async with road.client(tunnel=True) as client:
            answer = await client.get("https://example.com/v1/models")

        assert answer.status_code in (200, 404)
        assert await road.rows() == []
    assert found.asked == ["CONNECT example.com:443 HTTP/1.1"]
    assert sim.seen[0].connection.sni == "example.com"


async def test_a_server_that_speaks_first_is_heard_by_way_of_it(roads: Roads, sim: Simulator) -> None:
    async def greet(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        writer.write(await reader.readline())

    async with (
        serving(greet) as port,
        company(sim.address, sim.port, sim.plain_port) as found,
        roads("", **by_way(found)) as road,
    ):
        async with await road.plain() as raw:
            await raw.send(f"CONNECT mail.example:{port} HTTP/1.1\r\n\r\n".encode())
            await raw.receive_until(lambda data: data.endswith(b"ready\r\n"))
            await raw.send(b"HELO\r\n")
            await raw.receive_until(lambda data: data.endswith(b"HELO\r\n"))


async def test_a_call_in_a_tunnel_of_another_name_goes_by_way_of_it(roads: Roads, sim: Simulator) -> None:
    """And is known by the name in its hello."""
    async with company(sim.address, sim.port, sim.plain_port) as found, roads("", **by_way(found)) as road:
        async with await opened(road, "other.example:443", CHAT.host) as raw:
            await raw.send(CHAT.http1())
            assert (await raw.response()).status == 200
        rows = await road.rows()

    assert [row.host for row in rows] == [CHAT.host]
    assert set(found.asked) == {"CONNECT other.example:443 HTTP/1.1"}


@pytest.mark.parametrize("url", [f"http://{CHAT.host}{CHAT.path}", "http://example.com/v1/x"])
async def test_without_tls_it_is_asked_itself(roads: Roads, sim: Simulator, url: str) -> None:
    async with company(sim.address, sim.port, sim.plain_port) as found, roads("", **by_way(found)) as road:
        async with httpx.AsyncClient(proxy=road.proxy.url) as client:
            await client.post(url, json=CHAT.body)
        rows = await road.rows()

    assert found.asked == [f"POST {url} HTTP/1.1"]
    assert found.shown == {"basic bwu6cznjcmv0"}
    assert len(rows) == (CHAT.host in url)


@pytest.mark.parametrize("past", [CHAT.host, "openai.com", ".openai.com,x", "*"])
async def test_some_hosts_are_reached_past_it(roads: Roads, sim: Simulator, past: str) -> None:
    async with company(sim.address, sim.port, sim.plain_port) as found:
        said = by_way(found, past) | {"hosts": (CHAT.host,)}
        async with roads("", **said) as road:
            async with road.client() as client:
                assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200
                if past != "*":
                    assert (await client.post(CLAUDE.url, json=CLAUDE.body)).status_code == 200
            rows = await road.rows()

    assert len(rows) == (1 if past == "*" else 2)
    assert set(found.asked) == ({f"CONNECT {CLAUDE.host}:443 HTTP/1.1"} if past != "*" else set())


async def test_a_route_leads_by_way_of_it_and_past_it(
    roads: Roads, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each target by its own way."""
    monkeypatch.setenv("COMPANY_KEY", "made-up")
    policy = """
routes: {away: [{from: "gpt-*", to: [groq/openai/gpt-oss-120b, mistral/mistral-large-latest], on: [5xx]}]}
always: [{route: away}]
credentials: {groq: {inject: env:COMPANY_KEY}, mistral: {inject: env:COMPANY_KEY}}
"""
    async with company(sim.address, sim.port, sim.plain_port) as found:
        said = by_way(found, "api.groq.com") | {"hosts": ("api.groq.com",)}
        async with roads(policy, **said) as road:
            sim.on("api.groq.com", "/openai/v1/chat/completions", Scenario(status=503))
            async with road.client() as client:
                assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200

    assert [seen.host for seen in sim.seen] == ["api.groq.com", "api.mistral.ai"]
    assert found.asked == ["CONNECT api.mistral.ai:443 HTTP/1.1"]


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "403 Forbidden"])
async def test_a_proxy_that_refuses_is_a_call_that_failed(roads: Roads, sim: Simulator, status: str) -> None:
    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())

    async with served(serve) as url:
        async with roads("", modes=(f"upstream:{url}",), hosts=()) as road:
            async with road.client() as client:
                answer = await client.post(CHAT.url, json=CHAT.body)
            (row,) = await road.rows()

    assert answer.status_code == 502
    assert answer.json()["error"]["code"] == "not_connected"
    assert (row.error, row.cost.nano) == ("not_connected", 0)


async def test_it_may_be_spoken_to_by_tls(roads: Roads, sim: Simulator) -> None:
    """Its certificate is checked as providers' are."""
    tls = sim._authority.context("localhost", Host(names=("localhost",), alpn=()))
    async with company(sim.address, sim.port, sim.plain_port, tls) as found:
        found.url = found.url.replace("127.0.0.1", "localhost")
        async with roads("", **by_way(found)) as road:
            async with road.client() as client:
                assert (await client.post(CHAT.url, json=CHAT.body)).status_code == 200
            async with road.client(tunnel=True) as client:
                await client.get("https://example.com/v1/models")
            rows = await road.rows()

    assert len(rows) == 1
    assert found.asked == ["CONNECT api.openai.com:443 HTTP/1.1", "CONNECT example.com:443 HTTP/1.1"]
