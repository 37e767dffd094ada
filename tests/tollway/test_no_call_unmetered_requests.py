"""No provider's call passes unmetered: however its path, method, framing and upgrade are written."""

import base64
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.simulator import Scenario, Simulator, Usage
from tests.simulator.client import RawClient
from tests.simulator.client_http2 import Answer
from tests.tollway.calls import CHAT, CLAUDE, PASSING, Call
from tests.tollway.road import Road
from tests.tollway.road import road as running_road

JSON = [("content-type", "application/json")]
HARD = """
version: 1
limits: [{name: day, amount: 1000 USD, window: day}]
"""


@pytest.fixture(autouse=True)
def _usage(sim: Simulator) -> None:
    sim.scenario = Scenario(usage=Usage(input_tokens=70, output_tokens=33))


@pytest.fixture
async def hard(tmp_path: Path, home: Path, sim: Simulator) -> AsyncIterator[Road]:
    """A proxy with a hard limit."""
    async with running_road(tmp_path, sim, policy=HARD) as road:
        yield road


async def unmetered(road: Road) -> list[str]:
    """What came to a provider, and of which the ledger has no call."""
    rows = await road.rows()
    return [seen.target for seen in road.sim.seen][len(rows) :]


SPELLINGS = [
    "//v1/chat/completions",
    "/v1//chat/completions",
    "/v1/./chat/completions",
    "/v1/%2e/chat/completions",
    "/v1/x/../chat/completions",
    "/v1/x/%2E%2e/chat/completions",
    "/v1/chat%2fcompletions",
    "/v1/chat/completions/",
    "/v1/chat/completions/.",
    "/V1/Chat/COMPLETIONS",
    "/v1/chat/completion%73",
    "/v1/chat/completions;x=1",
    "/v1;x=1/chat/completions",
    "/v1/chat/completions?",
    "/v1/chat/completions#",
    "/v1/chat/completions%3f",
    "/v1/chat/completions%20",
    "/v1/chat/completions%00",
    "/v1\\chat\\completions",
    "/v1/chat/completions%0d%0a",
    "/v1/moderations/../chat/completions",
    "/v1/moderations/%2e%2e/chat/completions",
    "/v1/moderations%2f..%2fchat/completions",
    "/v1/chat/completions/../moderations",
    "/v1/chat/completions/..%2fmoderations",
    "/v1/chat/completions/%2e%2e/%2e%2e/v1/moderations",
    "/v1/%256d%256fderations/../chat/completions",
]


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("path", SPELLINGS)
async def test_a_path_is_metered_however_it_is_written(road: Road, path: str, http2: bool) -> None:
    """As the call that it is, or as one that nothing reads; it may be a free one to none of the servers."""
    status = await asked(road, path, http2)

    assert status in (200, 400, 404)
    assert await unmetered(road) == []


@pytest.mark.parametrize("path", SPELLINGS)
async def test_under_a_hard_limit_it_is_held_or_does_not_leave(hard: Road, path: str) -> None:
    status = await asked(hard, path, False)
    held = [row for row in await hard.rows() if row.bound is not None and row.action != "block"]

    assert status in (200, 400, 403, 404)
    assert len(held) == len(hard.sim.seen)


async def asked(road: Road, path: str, http2: bool, method: str = "POST", *more: tuple[str, str]) -> int:
    """The status of a call with this path."""
    if http2:
        client = await road.raw2()
        headers = [*JSON, *more]
        answer = await client.answer(
            await client.request(CHAT.host, path, headers, CHAT.content, method=method)
        )
        client.raw.close()
        return answer.status
    async with await road.raw() as raw:
        lines = [f"{name}: {value}" for name, value in more]
        said = CHAT.http1(*lines).replace(b"POST " + CHAT.path.encode(), f"{method} {path}".encode(), 1)
        await raw.send(said)
        return (await raw.response(method)).status


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("method", ["post", "Post", "PUT", "PATCH", "QUERY", "POST\x0b"])
async def test_a_method_of_another_name_is_no_way_around_the_meter(
    road: Road, method: str, http2: bool
) -> None:
    await asked(road, CHAT.path, http2, method)

    assert await unmetered(road) == []


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS"])
async def test_a_method_that_is_to_count_as_another_is_that_one(
    road: Road, name: str, method: str, http2: bool
) -> None:
    """Some front ends go by it, Google's among them."""
    await asked(road, CHAT.path, http2, method, (name.lower() if http2 else name, "post"))

    assert await unmetered(road) == []
    assert [row.operation for row in await road.rows()] == ["chat"] * len(road.sim.seen)


async def test_a_method_that_is_to_count_as_another_that_looks_is_none(road: Road) -> None:
    status = await asked(road, CHAT.path, False, "POST", ("X-HTTP-Method-Override", "GET"))

    assert status == 200
    assert [row.operation for row in await road.rows()] == ["chat"]


def chunked(body: bytes, extension: bytes = b"") -> bytes:
    return b"".join(b"%x%s\r\n%s\r\n" % (len(b), extension, b) for b in (body[:9], body[9:])) + b"0\r\n\r\n"


FRAMINGS = {
    "chunks": (("Transfer-Encoding: chunked",), chunked(CHAT.content)),
    "chunks with extensions": (
        ("Transfer-Encoding: chunked",), chunked(CHAT.content, b";a=b;c=\"0\r\""),
    ),
    "chunks of another case": (("Transfer-Encoding: ChunKed",), chunked(CHAT.content)),
    "chunks with a tab": (("Transfer-Encoding:\tchunked",), chunked(CHAT.content)),
    "chunks that are no chunks": (("Transfer-Encoding: xchunked",), chunked(CHAT.content)),
    "chunks twice": (("Transfer-Encoding: chunked, chunked",), chunked(CHAT.content)),
    "chunks in two fields": (
        ("Transfer-Encoding: identity", "Transfer-Encoding: chunked"), chunked(CHAT.content),
    ),
    "chunks and a length": (("Transfer-Encoding: chunked", "Content-Length: 5"), chunked(CHAT.content)),
    "chunks with a space": (("Transfer-Encoding : chunked",), chunked(CHAT.content)),
    "two lengths": (("Content-Length: 5", f"Content-Length: {len(CHAT.content)}"), CHAT.content),
    "a signed length": ((f"Content-Length: +{len(CHAT.content)}",), CHAT.content),
    "a folded line": (("Content-Length:", f" {len(CHAT.content)}"), CHAT.content),
    "bare line feeds": ((f"X: y\nContent-Length: {len(CHAT.content)}",), CHAT.content),
    "a long length": ((f"Content-Length: {len(CHAT.content):040d}",), CHAT.content),
}  # fmt: skip


@pytest.mark.parametrize("framing", list(FRAMINGS))
async def test_a_framing_that_servers_read_differently_hides_no_call(road: Road, framing: str) -> None:
    """What is behind it is a call of its own, or goes nowhere."""
    lines, content = FRAMINGS[framing]

    async with await road.raw() as raw:
        await raw.send(CHAT.http1(*lines, content=content) + CHAT.http1())
        raw.half_close()
        await raw.receive_until(lambda data: False)

    assert await unmetered(road) == []


async def test_a_request_smuggled_into_a_free_ones_body_is_none(road: Road) -> None:
    inner = CHAT.http1()
    head = PASSING.http1("Transfer-Encoding: chunked", f"Content-Length: {len(inner) + 5}", content=b"")

    async with await road.raw() as raw:
        await raw.send(head + b"0\r\n\r\n" + inner)
        raw.half_close()
        await raw.receive_until(lambda data: False)

    assert [seen.path for seen in road.sim.seen if seen.path == CHAT.path] == []


async def test_requests_in_a_row_are_calls_of_their_own(road: Road) -> None:
    async with await road.raw() as raw:
        await raw.send(PASSING.http1() + CHAT.http1() * 3)
        answers = [await raw.response() for _ in range(4)]
    await road.calls(3)

    assert [answer.status for answer in answers[1:]] == [200] * 3
    assert [row.usage.output_tokens for row in await road.rows()] == [33] * 3


async def test_who_waits_for_100_continue_is_metered(road: Road) -> None:
    async with await road.raw() as raw:
        await raw.send(CHAT.http1("Expect: 100-continue").removesuffix(CHAT.content))
        await raw.receive_until(lambda data: b"100 " in data)
        await raw.send(CHAT.content)
        await raw.receive_until(lambda data: b"x-tollway-cost" in data.lower())

    assert [row.usage.output_tokens for row in await road.rows()] == [33]


def socket(upgrade: str, path: str, *more: str, method: str = "GET") -> bytes:
    key = base64.b64encode(bytes(16)).decode()
    lines = (
        f"{method} {path} HTTP/1.1", f"Host: {CHAT.host}", "Connection: Upgrade, HTTP2-Settings",
        f"Upgrade: {upgrade}", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
        "HTTP2-Settings: AAMAAABkAAQAAP__", *more, "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


UPGRADES = [
    "h2c",
    "H2C",
    " h2c ",
    "h2c, websocket",
    "websocket, h2c",
    "h2",
    "TLS/1.0, HTTP/1.1",
    "made-up",
    "h2c/1",
]


@pytest.mark.parametrize("upgrade", UPGRADES)
@pytest.mark.parametrize("path", ["/v1/models", CHAT.path, "/v1/responses", "/v1/moderations"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
async def test_nothing_is_upgraded_but_a_websocket(road: Road, upgrade: str, path: str, method: str) -> None:
    """Behind a 101, calls would be frames that nobody reads."""
    async with await road.raw() as raw:
        await raw.send(socket(upgrade, path, "Content-Length: 0", method=method))
        await raw.response(method)

    asked = [seen.header("upgrade") for seen in road.sim.seen]
    assert [one for one in asked if one not in (None, "websocket")] == []
    assert [seen.header("http2-settings") for seen in road.sim.seen] == [None] * len(road.sim.seen)


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(3) + b"\4\0" + struct.pack("!I", 0)


@pytest.mark.parametrize("where", ["tls", "plain tunnel", "proxy"])
async def test_http2_that_was_not_agreed_upon_goes_nowhere(road: Road, where: str) -> None:
    if where == "tls":
        raw = await road.raw()
    else:
        raw = await road.plain()
        if where == "plain tunnel":
            await raw.send(f"CONNECT {CHAT.host}:80 HTTP/1.1\r\n\r\n".encode())
            await raw.response("CONNECT")
    async with raw:
        await raw.send(PREFACE)
        raw.half_close()
        await raw.receive_until(lambda data: False)

    assert road.sim.seen == []


@pytest.mark.parametrize(
    "path", ["/v1/realtime?model=gpt-realtime", "/v1/responses", CHAT.path, "/v1/models"]
)
async def test_a_websocket_over_http2_is_refused(road: Road, path: str) -> None:
    """Extended CONNECT (RFC 8441): the proxy does not say that it takes it."""
    client = await road.raw2()
    stream = client.h2.get_next_available_stream_id()
    client.answers[stream] = Answer()
    client.h2.config.validate_outbound_headers = False
    pseudo = [
        (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":authority", CHAT.host),
        (":path", path), ("sec-websocket-version", "13"),
    ]  # fmt: skip
    client.h2.send_headers(stream, pseudo)
    await client.flush()
    answer = await client.until(stream, lambda one: one.status > 0 or one.reset is not None)
    client.raw.close()

    assert answer.status != 200
    assert road.sim.seen == []


@pytest.mark.parametrize("call", [CHAT, CLAUDE], ids=lambda call: call.host)
async def test_a_websocket_on_a_path_of_calls_is_read_or_refused(road: Road, call: Call) -> None:
    async with await road.raw(call.host) as raw:
        await raw.send(socket("websocket", call.path).replace(CHAT.host.encode(), call.host.encode()))
        answer = await raw.response("GET")

    assert answer.status == 426
    assert road.sim.seen == []


async def test_plain_http_in_a_tunnel_to_a_provider_is_read(road: Road) -> None:
    raw = await RawClient.open(CHAT.host, 80, proxy=(road.proxy.host, road.proxy.port))
    async with raw:
        await raw.send(CHAT.http1())
        answer = await raw.response()

    assert answer.status == 200
    assert [row.usage.output_tokens for row in await road.rows()] == [33]
