"""No provider's call passes unmetered: the names of a tunnel, a hello and a request are compared."""

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.simulator import Scenario, Simulator, Usage
from tests.simulator.client import RawClient
from tests.simulator.client_http2 import Answer, Http2Client
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, PASSING, Call
from tests.tollway.road import HOSTS, Road
from tests.tollway.road import road as running_road
from tollway import paths
from tollway.ca import store

OTHER = "other.example"
ADDRESS = "203.0.113.7"
SIX = "2001:db8::7"
JSON = [("content-type", "application/json")]


@pytest.fixture
async def wide(tmp_path: Path, home: Path, sim: Simulator) -> AsyncIterator[Road]:
    """A proxy for which all names are the simulator, at whatever port."""
    sim.scenario = Scenario(usage=Usage(input_tokens=70, output_tokens=33))
    reached = (f"::{sim.address}:{sim.port}", f":80:{sim.address}:{sim.plain_port}")
    async with running_road(tmp_path, sim, hosts=(*HOSTS, OTHER, ADDRESS), reached=reached) as road:
        yield road


async def opened(
    road: Road, target: str, hello: str | None, alpn: tuple[str, ...] = ("http/1.1",)
) -> RawClient:
    """A tunnel to this address, and TLS within it for this name."""
    host, _, port = target.rpartition(":")
    return await RawClient.open(
        host,
        int(port),
        proxy=(road.proxy.host, road.proxy.port),
        tls=hello,
        root_ca=store.root_path(paths.data_dir() / "ca"),
        alpn=alpn,
    )


async def is_metered(road: Road, call: Call) -> bool:
    """Whether all that came to the simulator is in the ledger, as calls of this one's host."""
    ended = await road.calls(len(road.sim.seen))
    assert [record.host for record in ended] == [call.host] * len(road.sim.seen)
    return all(record.usage.output_tokens == 33 for record in ended)


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize(
    "target",
    [f"{ADDRESS}:443", f"[{SIX}]:443", f"{ADDRESS}:8443", f"{ADDRESS}:2053", f"{OTHER}:443",
     f"{CLAUDE.host}:443", f"{CHAT.host}:8443", f"{CHAT.host.upper()}:443", f"{CHAT.host}.:443"],
)  # fmt: skip
async def test_a_call_is_metered_as_that_of_the_host_in_the_hello(
    wide: Road, target: str, http2: bool
) -> None:
    """Wherever the tunnel leads: the certificate there is checked for that name."""
    async with await opened(wide, target, CHAT.host, ("h2",) if http2 else ("http/1.1",)) as raw:
        if http2:
            client = await Http2Client.on(raw)
            answer = await client.answer(await client.request(CHAT.host, CHAT.path, JSON, CHAT.content))
            assert answer.status == 200
        else:
            await raw.send(CHAT.http1())
            assert (await raw.response()).status == 200

    assert await is_metered(wide, CHAT)
    assert [seen.connection.sni for seen in wide.sim.seen] == [CHAT.host]


async def test_without_a_name_in_the_hello_the_tunnels_is_who_is_called(wide: Road) -> None:
    raw = await opened(wide, f"{CHAT.host}:443", None)
    context = ssl.create_default_context(cafile=str(store.root_path(paths.data_dir() / "ca")))
    context.check_hostname = False
    await nameless(raw, context)
    async with raw:
        await raw.send(CHAT.http1())
        assert (await raw.response()).status == 200

    assert await is_metered(wide, CHAT)


async def nameless(raw: RawClient, context: ssl.SSLContext) -> None:
    """A handshake that names nobody."""
    tls = context.wrap_bio(raw._in, raw._out, server_hostname=None)
    while True:
        try:
            tls.do_handshake()
            break
        except ssl.SSLWantReadError:
            await raw._send_pending()
            raw._in.write(await raw._from_socket())
    await raw._send_pending()
    raw._tls = tls


OTHERS = [
    f"Host: {CLAUDE.host}",
    f"Host: {CLAUDE.host}:443",
    f"HOST:{CLAUDE.host}.",
    f"Host: {CHAT.host}\r\nHost: {CLAUDE.host}",
    f"Host: {CLAUDE.host}\r\nHost: {CHAT.host}",
    f"Host: {OTHER}",
    "Host:",
    f"Host: {CHAT.host}@{CLAUDE.host}",
    f"Host: {CHAT.host}:443@{CLAUDE.host}",
    f"Host: {CHAT.host}/@{CLAUDE.host}",
    f"Host: {CHAT.host},{CLAUDE.host}",
    f"Host: {CHAT.host} {CLAUDE.host}",
    f"Host: {CHAT.host}%00.{OTHER}",
    "Host: api。openai。com",
]


def calling(call: Call, host: str, target: str = "") -> bytes:
    """A call with these fields in the place of its `Host`."""
    head, _, rest = call.http1().partition(f"Host: {call.host}".encode())
    return head.replace(call.path.encode(), (target or call.path).encode(), 1) + host.encode() + rest


@pytest.mark.parametrize("host", OTHERS)
@pytest.mark.parametrize("target", ["", f"http://{CHAT.host}{CHAT.path}", f"https://{CHAT.host}{CHAT.path}"])
async def test_any_other_host_header_is_made_the_one_called(wide: Road, host: str, target: str) -> None:
    """Front ends of many hosts go by it, and which of two names they would go by, nobody knows."""
    raw = await wide.plain() if target else await opened(wide, f"{CHAT.host}:443", CHAT.host)
    async with raw:
        await raw.send(calling(CHAT, host, target))
        answer = await raw.response()

    assert answer.status in (200, 400)
    assert [seen.host for seen in wide.sim.seen] == [CHAT.host] * (answer.status == 200)
    assert await is_metered(wide, CHAT)


@pytest.mark.parametrize("host", [CHAT.host, CHAT.host.upper(), f"{CHAT.host}.", f"{CHAT.host}:443"])
async def test_a_host_header_may_be_written_as_names_may(wide: Road, host: str) -> None:
    async with await opened(wide, f"{CHAT.host}:443", CHAT.host) as raw:
        await raw.send(CHAT.http1().replace(CHAT.host.encode(), host.encode()))
        assert (await raw.response()).status == 200

    assert await is_metered(wide, CHAT)


async def test_a_request_of_http_1_0_needs_no_host(wide: Road) -> None:
    async with await opened(wide, f"{CHAT.host}:443", CHAT.host) as raw:
        await raw.send(CHAT.http1(version="1.0").replace(f"Host: {CHAT.host}\r\n".encode(), b""))
        assert (await raw.response()).status == 200

    assert await is_metered(wide, CHAT)


@pytest.mark.parametrize("authority", [CLAUDE.host, GEMINI.host, f"{CLAUDE.host}:443", CLAUDE.host.upper()])
@pytest.mark.parametrize("call", [CHAT, PASSING], ids=["call", "free"])
async def test_a_connection_of_http2_is_that_of_one_provider(wide: Road, authority: str, call: Call) -> None:
    """Who coalesces hosts (RFC 9113, section 9.1.1) is told to ask on another connection."""
    async with await opened(wide, f"{call.host}:443", call.host, ("h2",)) as raw:
        client = await Http2Client.on(raw)
        other = await client.answer(await client.request(authority, call.path, JSON, call.content))
        own = await client.answer(await client.request(CHAT.host, CHAT.path, JSON, CHAT.content))

    assert (other.status, own.status) == (421, 200)
    assert await is_metered(wide, CHAT)
    assert len(wide.sim.seen) == 1


async def test_an_authority_that_names_no_provider_is_made_the_connections(wide: Road) -> None:
    async with await opened(wide, f"{CHAT.host}:443", CHAT.host, ("h2",)) as raw:
        client = await Http2Client.on(raw)
        answer = await client.answer(await client.request(OTHER, CHAT.path, JSON, CHAT.content))

    assert answer.status == 200
    assert [seen.host for seen in wide.sim.seen] == [CHAT.host]
    assert await is_metered(wide, CHAT)


async def test_an_authority_with_a_user_brings_no_call_past_the_meter(wide: Road) -> None:
    async with await opened(wide, f"{CHAT.host}:443", CHAT.host, ("h2",)) as raw:
        client = await Http2Client.on(raw)
        named = f"{CHAT.host}@{CLAUDE.host}"
        await client.answer(await client.request(named, CHAT.path, JSON, CHAT.content))

    assert await is_metered(wide, CHAT)


async def test_a_host_header_beside_the_authority_is_compared_too(wide: Road) -> None:
    async with await opened(wide, f"{CHAT.host}:443", CHAT.host, ("h2",)) as raw:
        client = await Http2Client.on(raw)
        client.h2.config.validate_outbound_headers = False
        headers = [*JSON, ("host", CLAUDE.host)]
        answer = await client.answer(await client.request(CHAT.host, CHAT.path, headers, CHAT.content))

    assert answer.status != 200
    assert wide.sim.seen == []


@pytest.mark.parametrize("host", [OTHER, CLAUDE.host])
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_url_within_a_tunnel_leads_nowhere_else(wide: Road, scheme: str, host: str) -> None:
    async with await opened(wide, f"{CHAT.host}:443", CHAT.host) as raw:
        await raw.send(calling(CHAT, f"Host: {host}", f"{scheme}://{host}{CHAT.path}"))
        await raw.response()

    assert [seen.host for seen in wide.sim.seen] == [CHAT.host]
    assert host not in wide.sim.seen[0].target
    assert await is_metered(wide, CHAT)


ABSOLUTE = [
    f"https://{CHAT.host}{CHAT.path}",
    f"https://{CHAT.host.upper()}:443{CHAT.path}",
    f"HTTPS://{CHAT.host}.{CHAT.path}",
    f"https://{CHAT.host}:8443{CHAT.path}",
    f"http://{CHAT.host}{CHAT.path}",
    f"http://{CHAT.host}:80/{CHAT.path}",
]


@pytest.mark.parametrize("target", ABSOLUTE)
async def test_a_request_to_the_proxy_with_a_providers_url_is_metered(wide: Road, target: str) -> None:
    async with await wide.plain() as raw:
        await raw.send(CHAT.http1().replace(CHAT.path.encode(), target.encode(), 1))
        answer = await raw.response()

    assert answer.status == 200
    assert await is_metered(wide, CHAT)
    assert len(wide.sim.seen) == 1


@pytest.mark.parametrize("target", [f"http://{OTHER}{CHAT.path}", f"http://{ADDRESS}{CHAT.path}", CHAT.path])
async def test_a_providers_host_header_makes_it_that_providers_call(wide: Road, target: str) -> None:
    """Whoever stands at another's address may pass it on to the provider."""
    async with await wide.plain() as raw:
        await raw.send(CHAT.http1().replace(CHAT.path.encode(), target.encode(), 1))
        answer = await raw.response()

    assert answer.status in (200, 400, 404, 421)
    assert await is_metered(wide, CHAT)


STRANGE = [
    f"http://me@{CHAT.host}{CHAT.path}",
    f"http://{OTHER}@{CHAT.host}{CHAT.path}",
    f"http://{OTHER}:80@{CHAT.host}{CHAT.path}",
    f"http://{CHAT.host}\\@{OTHER}{CHAT.path}",
    f"http://{OTHER}#@{CHAT.host}{CHAT.path}",
    f"http://api%2eopenai.com{CHAT.path}",
    f"http://ａｐｉ.openai.com{CHAT.path}",
    f"http://api。openai。com{CHAT.path}",
    f"http://xn--api-{CHAT.host[3:]}{CHAT.path}",
    f"//{CHAT.host}{CHAT.path}",
    f"{CHAT.host}{CHAT.path}",
    f"ws://{CHAT.host}{CHAT.path}",
    f"http:/{CHAT.host}{CHAT.path}",
    f"http:///{CHAT.host}{CHAT.path}",
]


@pytest.mark.parametrize("target", STRANGE)
async def test_a_url_that_servers_read_differently_brings_no_call_past_the_meter(
    wide: Road, target: str
) -> None:
    async with await wide.plain() as raw:
        await raw.send(calling(CHAT, f"Host: {OTHER}", target))
        await raw.response()

    assert [seen for seen in wide.sim.seen if CHAT.host in seen.host or seen.host.isascii() is False] == []


CONNECTS = [
    f"me@{CHAT.host}:443",
    f"{OTHER}@{CHAT.host}:443",
    "ａｐｉ.openai.com:443",
    "api。openai。com:443",
    "api%2eopenai.com:443",
    f"https://{CHAT.host}:443",
    f"{CHAT.host}:0443",
    f"{CHAT.host}:443/",
    f" {CHAT.host}:443",
    f"{CHAT.host}",
]


@pytest.mark.parametrize("target", CONNECTS)
async def test_a_tunnel_to_an_address_that_is_written_oddly_brings_no_call_past_the_meter(
    wide: Road, target: str
) -> None:
    """It is refused, or its calls are metered."""
    raw = await wide.plain()
    await raw.send(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    answer = await raw.response("CONNECT")
    if answer.status == 200:
        trust = ssl.create_default_context(cafile=str(store.root_path(paths.data_dir() / "ca")))
        trust.check_hostname = False
        await nameless(raw, trust)
        await raw.send(CHAT.http1())
        assert (await raw.response()).status == 200
    raw.close()

    assert await is_metered(wide, CHAT)


@pytest.mark.parametrize(
    "inner", [f"{CLAUDE.host}:443", f"{CHAT.host}:443", f"{ADDRESS}:443", f"{OTHER}:443"]
)
@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_a_tunnel_within_what_is_read_is_refused(wide: Road, inner: str, http2: bool) -> None:
    async with await opened(wide, f"{CHAT.host}:443", CHAT.host, ("h2",) if http2 else ("http/1.1",)) as raw:
        if http2:
            client = await Http2Client.on(raw)
            stream = client.h2.get_next_available_stream_id()
            client.answers[stream] = Answer()
            client.h2.config.validate_outbound_headers = False
            client.h2.send_headers(stream, [(":method", "CONNECT"), (":authority", inner)])
            await client.flush()
            answer = await client.until(stream, lambda one: one.status > 0 or one.reset is not None)
            assert answer.status != 200
        else:
            await raw.send(f"CONNECT {inner} HTTP/1.1\r\nHost: {inner}\r\n\r\n".encode())
            assert (await raw.response("CONNECT")).status != 200

    assert wide.sim.seen == []
    assert wide.sim.connections == []
