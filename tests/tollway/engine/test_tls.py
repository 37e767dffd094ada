"""Both sides speak the same protocol where they can; a certificate is for exactly the name asked for."""

import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator import Host, Simulator
from tests.simulator.client import RawClient
from tests.simulator.client_http2 import Http2Client
from tests.tollway.calls import CLAUDE
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import clock, paths
from tollway.ca import store
from tollway.engine.tls import own_context
from tollway.errors import TollwayError

CHAT = "https://api.openai.com/v1/chat/completions"
ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]}


async def handshake(road: Road, name: str, alpn: tuple[str, ...] = ("h2", "http/1.1")) -> RawClient:
    """A TLS connection to `name` through the proxy."""
    return await RawClient.open(
        name,
        443,
        proxy=(road.proxy.host, road.proxy.port),
        tls=name,
        root_ca=store.root_path(paths.data_dir() / "ca"),
        alpn=alpn,
    )


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [(("h2", "http/1.1"), "h2"), (("http/1.1", "h2"), "h2"), (("http/1.1",), "http/1.1")],
)
async def test_http2_is_chosen_wherever_it_is_offered(
    road: Road, offered: tuple[str, ...], chosen: str
) -> None:
    client = await handshake(road, "api.openai.com", offered)

    assert client.alpn == chosen
    client.reset()


@pytest.mark.parametrize("offered", [("h2", "http/1.1"), ("http/1.1", "h2"), ("http/1.1",), ("h2",)])
async def test_the_proxy_itself_is_spoken_to_by_http1(road: Road, offered: tuple[str, ...]) -> None:
    """By an `https://` address of it, too: over HTTP/2, tunnels would share what is known of their client."""
    root = store.root_path(paths.data_dir() / "ca")
    host, port = road.proxy.host, road.proxy.port
    async with await RawClient.open(host, port, tls="api.openai.com", root_ca=root, alpn=offered) as client:
        assert client.alpn == ("http/1.1" if "http/1.1" in offered else None)
        await client.send(b"CONNECT api.openai.com:443 HTTP/1.1\r\nHost: api.openai.com:443\r\n\r\n")
        assert (await client.response("CONNECT")).status == 200


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("name", ["api.cloudflare.com", "api.openai.com"])
async def test_the_name_by_which_the_proxy_is_known_is_no_providers(
    road: Road, name: str, scheme: str
) -> None:
    """It is the client's choice, and nobody checks it: what is asked for is what its address says."""
    root = store.root_path(paths.data_dir() / "ca")
    call = CLAUDE.http1().replace(b"POST /", f"POST {scheme}://{CLAUDE.host}/".encode(), 1)
    proxy = (road.proxy.host, road.proxy.port)
    async with await RawClient.open(*proxy, tls=name, root_ca=root, alpn=("http/1.1",)) as client:
        await client.send(call)
        assert (await client.response()).status == 200
    (row,) = await road.rows()

    assert (row.provider, row.model) == ("anthropic", "claude-sonnet-4-5")


@pytest.mark.parametrize("alpn", ["http/1.1", "h2"])
async def test_nor_is_it_where_the_proxy_stands_for_one_provider(
    tmp_path: Path, home: Path, sim: Simulator, alpn: str
) -> None:
    """(`--mode reverse:URL`.)"""
    root, mode = store.root_path(paths.data_dir() / "ca"), "reverse:https://api.anthropic.com"
    async with running_road(tmp_path, sim, modes=(mode,)) as road:
        proxy = (road.proxy.host, road.proxy.port)
        async with await RawClient.open(
            *proxy, tls="api.cloudflare.com", root_ca=root, alpn=(alpn,)
        ) as client:
            if client.alpn == "h2":
                http2 = await Http2Client.on(client)
                stream = await http2.request(CLAUDE.host, CLAUDE.path, [], CLAUDE.content)
                assert (await http2.answer(stream)).status == 200
            else:
                await client.send(CLAUDE.http1())
                assert (await client.response()).status == 200
        (row,) = await road.rows()

    assert (row.provider, row.model) == ("anthropic", "claude-sonnet-4-5")
    assert [seen.connection.sni for seen in road.sim.seen] == ["api.anthropic.com"]


async def test_nor_is_it_within_a_tunnel_that_has_no_tls_of_its_own(road: Road) -> None:
    root = store.root_path(paths.data_dir() / "ca")
    proxy = (road.proxy.host, road.proxy.port)
    async with await RawClient.open(*proxy, tls="api.cloudflare.com", root_ca=root) as client:
        await client.send(f"CONNECT {CLAUDE.host}:80 HTTP/1.1\r\nHost: {CLAUDE.host}:80\r\n\r\n".encode())
        assert (await client.response("CONNECT")).status == 200
        await client.send(CLAUDE.http1())
        assert (await client.response()).status == 200
    (row,) = await road.rows()

    assert row.provider == "anthropic"


@pytest.mark.parametrize("target", ["https://api.anthropic.com/v1/messages", "http://example.com/"])
async def test_an_address_within_a_tunnel_leads_nowhere_else(road: Road, target: str) -> None:
    """It goes where the tunnel goes, and is known as what goes there."""
    async with await handshake(road, "api.openai.com", ("http/1.1",)) as client:
        await client.send(CLAUDE.http1().replace(b"/v1/messages", target.encode(), 1))
        await client.response()
    (row,) = await road.rows()

    assert [seen.connection.sni for seen in road.sim.seen] == ["api.openai.com"]
    assert (row.provider, row.host, row.operation) == ("openai", "api.openai.com", "unknown")


@pytest.mark.parametrize(("http2", "protocol"), [(True, "HTTP/2"), (False, "HTTP/1.1")])
async def test_the_provider_is_spoken_to_as_the_client_speaks(road: Road, http2: bool, protocol: str) -> None:
    async with road.client(http2) as client:
        answer = await client.post(CHAT, json=ASKED)

    (seen,) = road.sim.seen
    assert answer.http_version == protocol
    assert protocol.removesuffix(".1") in str(seen.protocol) or str(seen.protocol) in protocol.lower()


async def test_a_providers_foreign_names_are_not_in_the_leaf(road: Road) -> None:
    """The upstream certificate covers the name and others; the client sees the one it asked for."""
    road.sim.hosts["api.openai.com"] = Host(names=("api.openai.com", "evil.example"))

    async with road.client() as client, client.stream("POST", CHAT, json=ASKED) as answer:
        tls: Any = answer.extensions["network_stream"].get_extra_info("ssl_object")
        names = tls.getpeercert()["subjectAltName"]
        await answer.aread()

    assert answer.status_code == 200
    assert names == (("DNS", "api.openai.com"),)


async def test_a_provider_with_a_foreign_certificate_is_not_spoken_to(road: Road) -> None:
    road.sim.hosts["api.openai.com"] = Host(names=("evil.example",))

    async with road.client() as client:
        answer = await client.post(CHAT, json=ASKED)

    assert answer.status_code == 502
    assert answer.json()["error"]["code"] == "not_connected"
    assert not road.sim.seen


async def test_a_client_that_does_not_trust_the_authority_gets_nothing(road: Road) -> None:
    strangers = ssl.create_default_context(cafile=str(road.sim.root_ca))

    async with httpx.AsyncClient(proxy=road.proxy.url, verify=strangers) as client:
        with pytest.raises(httpx.ConnectError):
            await client.post(CHAT, json=ASKED)

    assert not road.sim.seen


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_the_proxy_may_be_reached_by_tls_with_a_certificate_of_its_own(
    tmp_path: Path, home: Path, sim: Simulator, http2: bool
) -> None:
    """Within it, tunnels are decrypted by Tollway's own authority, as anywhere."""
    own = tmp_path / "own.pem"
    own.write_bytes(sim._authority._leaf(("localhost",), clock.utc(clock.now()) + timedelta(days=1)))
    async with running_road(tmp_path, sim, own_certificate=own) as road:
        to_proxy = ssl.create_default_context(cafile=str(sim.root_ca))
        proxy = httpx.Proxy(f"https://localhost:{road.proxy.port}", ssl_context=to_proxy)
        async with httpx.AsyncClient(proxy=proxy, verify=road.trust(), http2=http2, timeout=60) as client:
            answer = await client.post(CHAT, json=ASKED)
        rows = await road.rows()

    assert answer.status_code == 200
    assert len(rows) == 1


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_a_certificate_that_can_not_be_used_is_named(tmp_path: Path, content: str | None) -> None:
    own = tmp_path / "own.pem"
    if content is not None:
        own.write_text(content)

    with pytest.raises(TollwayError, match=r"--tls .*own\.pem"):
        own_context(own)
