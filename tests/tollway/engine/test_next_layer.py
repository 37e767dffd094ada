"""What is decrypted, and what is passed on as it is."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from mitmproxy.addons.next_layer import NeedsMoreData

from tests.simulator import Scenario, Simulator, Usage
from tests.simulator.client import RawClient, Refused
from tests.tollway.calls import CHAT, CLAUDE, GEMINI
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import HOSTS, Road
from tests.tollway.road import road as running_road
from tollway import paths
from tollway.ca import store
from tollway.engine.next_layer import is_http

OTHER = "other.example"
ADDRESS = "203.0.113.7"
"""Of nobody (RFC 5737): where it is dialled, `--connect-to` says."""
USAGE = Usage(input_tokens=70, output_tokens=33)
Streams = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(talk: Streams) -> AsyncIterator[int]:
    """A server of a protocol of its own; its port."""
    tasks: list[asyncio.Task[object] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.current_task())
        await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await asyncio.gather(*(task for task in tasks if task is not None))


async def tunnel(road: Road, host: str, port: int) -> RawClient:
    """A tunnel; what comes through it may come right behind the answer to CONNECT."""
    raw = await road.plain()
    await raw.send(f"CONNECT {host}:{port} HTTP/1.1\r\n\r\n".encode())
    await raw.receive_until(lambda data: b"\r\n\r\n" in data)
    return raw


def through(raw: RawClient) -> bytes:
    """What came through a tunnel."""
    return raw.received.partition(b"\r\n\r\n")[2]


def proxied(road: Road) -> tuple[str, int]:
    return road.proxy.host, road.proxy.port


def our_root() -> Path:
    return store.root_path(paths.data_dir() / "ca")


@pytest.fixture
async def wide(tmp_path: Path, home: Path, sim: Simulator) -> AsyncIterator[Road]:
    """A proxy for which a few more names and addresses are the simulator."""
    async with running_road(tmp_path, sim, hosts=(*HOSTS, OTHER, ADDRESS)) as road:
        yield road


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_a_host_that_is_no_providers_is_not_decrypted(road: Road, http2: bool) -> None:
    """The client sees the host's own certificate, and nothing is recorded."""
    async with road.client(http2, tunnel=True) as client:
        answer = await client.post("https://example.com/v1/chat/completions", json=CHAT.body)

    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("x-tollway")]
    assert road.sim.seen[0].connection.sni == "example.com"
    assert await road.rows() == []


async def test_a_host_that_ends_like_a_providers_is_not_one(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    evil = "api.openai.com.evil.example"

    async with running_road(tmp_path, sim, hosts=(evil,)) as road:
        async with road.client(tunnel=True) as client:
            assert (await client.post(f"https://{evil}{CHAT.path}", json=CHAT.body)).status_code == 200
        assert await road.rows() == []


async def test_a_protocol_in_which_the_server_speaks_first_passes(road: Road) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        writer.write(b"you said " + await reader.readline())
        await writer.drain()

    async with serving(greet) as port:
        async with await tunnel(road, "127.0.0.1", port) as raw:
            await raw.receive_until(lambda data: data.endswith(b"ready\r\n"))
            assert through(raw) == b"220 ready\r\n"
            await raw.send(b"HELO\r\n")
            await raw.receive_until(lambda data: False)
            assert through(raw) == b"220 ready\r\nyou said HELO\r\n"


async def test_what_a_client_sends_right_behind_its_connect_is_not_lost(road: Road) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(5))

    async with serving(echo) as port, await road.plain() as raw:
        await raw.send(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\nearly".encode())
        assert (await raw.receive_until(lambda data: data.endswith(b"early"))).endswith(b"\r\n\r\nearly")


async def test_a_tunnel_may_be_closed_on_one_side(road: Road) -> None:
    """Whichever side it is, the other goes on to its own end."""

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"%d bytes" % len(await reader.read()))

    async with serving(count) as port:
        async with await tunnel(road, "127.0.0.1", port) as raw:
            await raw.send(bytes(300_000))
            raw.half_close()
            await raw.receive_until(lambda data: False)
            assert through(raw) == b"300000 bytes"

    taken = []

    async def say_little(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"that is all")
        writer.write_eof()
        taken.append(await reader.read())

    async with serving(say_little) as port:
        async with await tunnel(road, "127.0.0.1", port) as raw:
            await raw.receive_until(lambda data: False)
            assert through(raw) == b"that is all"
            await raw.send(b"but I have more to say")
    assert taken == [b"but I have more to say"]


@pytest.mark.parametrize("host", ["127.0.0.1", "nobody.invalid"])
async def test_a_tunnel_to_nobody_is_a_failed_connect(road: Road, host: str, unused_tcp_port: int) -> None:
    with pytest.raises(Refused) as refused:
        await RawClient.open(host, unused_tcp_port, proxy=proxied(road))

    assert refused.value.response.status == 502
    assert b"Cannot connect" in refused.value.response.body
    assert nothing_left(road)


@pytest.mark.parametrize(
    "target", ["127.0.0.1:0", "127.0.0.1:99999", "nowhere", ":443", "[::1:443", "a b:443"]
)
async def test_a_connect_to_no_address_is_refused(road: Road, target: str) -> None:
    async with await road.plain() as raw:
        await raw.send(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        answer = await raw.response("CONNECT")

    assert answer.status in (400, 502)
    assert nothing_left(road)


async def test_a_provider_is_recognised_by_the_hello_where_the_tunnel_is_to_an_address(wide: Road) -> None:
    """Some clients resolve names themselves."""
    wide.sim.scenario = Scenario(usage=USAGE)

    async with await RawClient.open(
        ADDRESS, 443, proxy=proxied(wide), tls=CHAT.host, root_ca=our_root()
    ) as raw:
        await raw.send(CHAT.http1())
        answer = await raw.response()
    record = await wide.call()

    assert answer.status == 200
    assert (record.provider, record.host, record.usage.output_tokens) == ("openai", CHAT.host, 33)
    assert wide.sim.seen[0].connection.sni == CHAT.host


async def test_an_address_whose_hello_names_no_provider_is_not_decrypted(wide: Road) -> None:
    for name in (OTHER, None):
        context = ssl.create_default_context(cafile=str(wide.sim.root_ca))
        context.check_hostname = name is not None
        raw = await RawClient.open(ADDRESS, 443, proxy=proxied(wide))
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_hostname=name)
        await handshake(raw, tls, incoming, outgoing)
        raw.half_close()
        await raw.receive_until(lambda data: False)
        raw.close()

    assert await wide.rows() == []
    async with asyncio.timeout(120):
        while [one.sni for one in wide.sim.connections] != [OTHER, None]:
            await asyncio.sleep(0)


async def handshake(
    raw: RawClient, tls: ssl.SSLObject, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO
) -> None:
    """TLS byte by byte: the hello comes in as many reads as it can."""
    while True:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            await raw.send(*(bytes([byte]) for byte in outgoing.read()))
            incoming.write(await raw.receive())
        else:
            await raw.send(outgoing.read())
            return


async def test_an_address_that_hears_no_hello_is_tunnelled(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(5))

    async with serving(echo) as port:
        sim.port = port
        async with running_road(tmp_path, sim, hosts=(ADDRESS,)) as road:
            async with await RawClient.open(ADDRESS, 443, proxy=proxied(road)) as raw:
                await raw.send(b"hello")
                assert await raw.receive() == b"hello"


async def test_a_tunnel_to_a_provider_with_anothers_name_in_its_hello_is_that_others(wide: Road) -> None:
    """The provider's certificate is checked for the name in the hello, so that is who answers."""
    wide.sim.scenario = Scenario(usage=USAGE)

    async with await RawClient.open(
        CHAT.host, 443, proxy=proxied(wide), tls=CLAUDE.host, root_ca=our_root()
    ) as raw:
        await raw.send(CLAUDE.http1())
        answer = await raw.response()
    record = await wide.call()

    assert answer.status == 200
    assert (record.provider, record.host) == ("anthropic", CLAUDE.host)
    assert wide.sim.seen[0].connection.sni == CLAUDE.host


async def test_a_tunnel_to_a_provider_with_a_strangers_name_in_its_hello_is_closed(wide: Road) -> None:
    """The authority may not sign that name, and unread it does not pass."""
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        await RawClient.open(CHAT.host, 443, proxy=proxied(wide), tls=OTHER, root_ca=our_root())

    assert wide.sim.connections == []
    assert nothing_left(wide)


@pytest.mark.parametrize("alpn", [(), ("http/1.1",)], ids=["no alpn", "alpn"])
async def test_a_client_cannot_pass_unread_by_sending_little_at_first(
    road: Road, alpn: tuple[str, ...]
) -> None:
    """mitmproxy takes what does not look like HTTP from its first bytes on for some other protocol."""
    road.sim.scenario = Scenario(usage=USAGE)

    async with await road.raw(alpn=alpn) as raw:
        await raw.send(*(bytes([byte]) for byte in CHAT.http1()))
        answer = await raw.response()

    assert answer.status == 200
    assert (await road.call()).usage.output_tokens == 33


@pytest.mark.parametrize("first", [b"\x16\x03\x01 no HTTP", b"SSH-2.0-x\r\n", b"\n\n", b"* HTTP", b"\0"])
@pytest.mark.parametrize("alpn", [(), ("http/1.1",)], ids=["no alpn", "alpn"])
async def test_what_is_no_http_does_not_reach_a_provider(
    road: Road, alpn: tuple[str, ...], first: bytes
) -> None:
    async with await road.raw(alpn=alpn) as raw:
        await raw.send(first, b"\r\n\r\n")
        raw.half_close()
        await raw.receive_until(lambda data: False)

    assert road.sim.connections == []
    assert road.sim.seen == []


async def test_a_provider_at_a_port_of_its_own_is_read_there_alone(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    policy = """
version: 1
providers:
  - {name: vllm, hosts: ["vllm.office.example:8443"], serves: [{at: [/v1], set: openai}]}
"""
    sim.scenario = Scenario(usage=USAGE)
    sim.hosts = {}
    text = f"vllm.office.example:8443:{sim.address}:{sim.port}"
    sim.connect_to = lambda host: text  # type: ignore[method-assign]
    async with running_road(tmp_path, sim, policy=policy, hosts=("vllm.office.example",)) as road:
        async with road.client() as client:
            await client.post("https://vllm.office.example:8443/v1/chat/completions", json=CHAT.body)
        record = await road.call()
        with pytest.raises(httpx.ProxyError):
            async with road.client() as client:
                await client.post("https://vllm.office.example:8444/v1/chat/completions", json=CHAT.body)

    assert (record.provider, record.host, record.usage.output_tokens) == ("vllm", "vllm.office.example", 33)


async def test_a_reverse_proxy_of_another_host_passes_what_it_is_asked(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """Nothing is recorded or added; websockets and unknown paths pass, too."""
    mode = f"reverse:http://{sim.address}:{sim.plain_port}"

    async with running_road(tmp_path, sim, modes=(mode,)) as road:
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{road.proxy.url}/v1/chat/completions", json=CHAT.body)

        assert answer.status_code == 200
        assert not [name for name in answer.headers if name.startswith("x-tollway")]
        assert sim.seen[0].json == CHAT.body
        assert await road.rows() == []


@pytest.mark.parametrize("call", [CHAT, CLAUDE, GEMINI], ids=lambda call: call.host)
async def test_a_reverse_proxy_of_a_provider_meters_it(
    tmp_path: Path, home: Path, sim: Simulator, call: object
) -> None:
    sim.scenario = Scenario(usage=USAGE)
    assert isinstance(call, type(CHAT))

    async with running_road(tmp_path, sim, modes=(f"reverse:https://{call.host}",)) as road:
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{road.proxy.url}{call.path}", json=call.body)
        record = await road.call()

    assert answer.status_code == 200
    assert (record.host, record.usage.output_tokens) == (call.host, 33)
    assert sim.seen[0].host == call.host


@pytest.mark.parametrize("data", [b"P", b"POST", b"GET /x", b"GET /x HTTP/1.1", b"GET /x HTTP/1.1\r"])
def test_what_may_become_a_request_is_waited_for(data: bytes) -> None:
    with pytest.raises(NeedsMoreData):
        is_http(data)


@pytest.mark.parametrize(
    ("data", "known"),
    [
        (b"GET /x HTTP/1.1\r\n", True),
        (b"get http://x/ HTTP/1.0\nHost:", True),
        (b"EHLO me\r\n", False),
        (b"SSH-2.0-x\r\n", False),
        (b"\x16\x03\x01", False),
        (b"GET " + b"x" * 70_000, False),
        (b"", False),
    ],
)
def test_a_connection_of_http_is_known_by_its_first_line(data: bytes, known: bool) -> None:
    assert is_http(data) is known
