"""HTTP/1 as odd clients and odd providers speak it: both sides see what they would have seen without us."""

from dataclasses import replace

import pytest
from mitmproxy.http import Headers

from tests.simulator import Cut, Scenario, Usage
from tests.tollway.calls import CHAT, CLAUDE, GEMINI_SSE, PASSING, UNKNOWN, Call, refusal
from tests.tollway.direct import asked, both_http1, told
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import Road
from tollway.engine.http1 import is_chunked, last_chunk
from tollway.model import Source

USAGE = Usage(input_tokens=70, output_tokens=33)
CALLS = [CHAT, CHAT.streamed(), CLAUDE, CLAUDE.streamed(), GEMINI_SSE, UNKNOWN, PASSING]
IDS = ["chat", "chat stream", "claude", "claude stream", "gemini", "unknown", "passing"]
EACH = pytest.mark.parametrize("call", CALLS, ids=IDS)


def chunks(body: bytes, trailers: str = "") -> bytes:
    """A body in chunks of different sizes, one with an extension."""
    cut = [body[:1], body[1:10], body[10:]]
    framed = b"".join(b"%x;ext=1\r\n%b\r\n" % (len(piece), piece) for piece in cut)
    return framed + b"0\r\n" + trailers.encode() + b"\r\n"


def requests(call: Call) -> dict[str, bytes]:
    """One request in many forms."""
    body = call.content
    chunked = "Transfer-Encoding: chunked"
    return {
        "plain": call.http1(),
        "headers": call.http1("X-MiXed: One", "x-mixed:  two ", "X-Empty:", "Cookie: a=b", "cookie: c=d"),
        "close": call.http1("Connection: close"),
        "chunked": call.http1(chunked, content=chunks(body)),
        "trailers": call.http1(chunked, "Trailer: X-Sum", content=chunks(body, "X-Sum: 1\r\nY: 2\r\n")),
        "http10": call.http1(version="1.0"),
        "http10 keep-alive": call.http1("Connection: keep-alive", version="1.0"),
    }


FORMS = list(requests(CHAT))


@pytest.mark.parametrize("form", FORMS)
@EACH
async def test_a_request_reaches_the_provider_as_it_was_sent(road: Road, call: Call, form: str) -> None:
    scenario = Scenario(usage=USAGE, number=7)

    pair = await both_http1(road, scenario, call.host, requests(call)[form])

    assert pair.proxied.status in (200, 404)
    assert told(pair.proxied) == told(pair.direct)
    assert pair.proxied.version == pair.direct.version
    assert asked(pair.seen_proxied[0]) == asked(pair.seen_direct[0])
    assert pair.seen_proxied[0].fault == pair.seen_direct[0].fault == ""
    assert pair.seen_proxied[0].connection.fault == ""


@EACH
async def test_a_request_may_come_byte_by_byte(road: Road, call: Call) -> None:
    pair = await both_http1(
        road, Scenario(number=7), call.host, *(bytes([byte]) for byte in requests(call)["trailers"])
    )

    assert told(pair.proxied) == told(pair.direct)
    assert asked(pair.seen_proxied[0]) == asked(pair.seen_direct[0])


@pytest.mark.parametrize("version", ["1.1", "1.0"])
@EACH
async def test_a_client_that_expects_a_100_gets_one_and_is_answered(
    road: Road, call: Call, version: str
) -> None:
    """From us, since a client that waits for it would wait for long; HTTP/1.0 has none."""
    road.sim.scenario = Scenario(usage=USAGE)

    request = call.http1("Expect: 100-continue", version=version)
    async with await road.raw(call.host) as raw:
        await raw.send(request[: -len(call.content)])
        if version == "1.1":
            await raw.receive_until(lambda data: data.endswith(b"\r\n\r\n"))
            assert raw.received == b"HTTP/1.1 100 Continue\r\n\r\n"
        await raw.send(call.content)
        answer = await raw.response()

    assert answer.status in (200, 404)
    assert answer.whole
    assert road.sim.seen[0].raw == call.content
    assert len(await road.rows()) == (call is not PASSING)


@pytest.mark.parametrize("status", [400, 429, 500, 529])
async def test_an_error_is_told_also_to_a_client_that_was_told_to_go_on(road: Road, status: int) -> None:
    road.sim.scenario = Scenario(status=status)

    async with await road.raw() as raw:
        await raw.send(CHAT.http1("Expect: 100-continue"))
        answer = await raw.response()

    assert (answer.informational, answer.status, answer.whole) == ((100,), status, True)


async def test_a_failed_connection_is_told_also_to_a_client_that_was_told_to_go_on(road: Road) -> None:
    road.sim.scenario = Scenario(cut=Cut(how="reset"))

    async with await road.raw() as raw:
        await raw.send(CHAT.http1("Expect: 100-continue"))
        answer = await raw.response()

    assert (answer.informational, answer.status, answer.whole) == ((100,), 502, True)


async def test_pipelined_requests_are_answered_in_order(road: Road) -> None:
    road.sim.scenario = Scenario(usage=USAGE)

    async with await road.raw() as raw:
        trailing = CHAT.http1("Transfer-Encoding: chunked", content=chunks(CHAT.content, "X: 1\r\n"))
        await raw.send(trailing + CHAT.streamed().http1() + PASSING.http1() + CHAT.http1())
        answers = [await raw.response() for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 404, 200]
    assert [answer.whole for answer in answers] == [True] * 4
    assert [seen.trailers for seen in road.sim.seen] == [(("X", "1"),), (), (), ()]
    assert len({seen.connection.number for seen in road.sim.seen}) == 1
    assert [record.usage.output_tokens for record in await road.calls(3)] == [33, 33, 33]


RESPONSES = {
    "by length": Scenario(framing="length"),
    "chunked": Scenario(framing="chunked"),
    "until the end": Scenario(framing="eof"),
    "http/1.0": Scenario(http10=True),
    "trailers": Scenario(framing="chunked", trailers=(("x-sum", "1"), ("server-timing", "a;dur=1"))),
    "in slices": Scenario(slices=7),
    "chunks in slices": Scenario(framing="chunked", slices=7),
    "of another type": Scenario(content_type="text/plain"),
    "of no type": Scenario(content_type=""),
    "no JSON": Scenario(body=b"<html>it is \xff not"),
    "empty": Scenario(body=b""),
    "no coding that it claims": Scenario(content_encoding="gzip"),
    "an unknown coding": Scenario(content_encoding="made-up"),
    "a lie about zstd": Scenario(content_encoding="zstd"),
    "an error": Scenario(
        status=429, headers=(("retry-after", "3"), ("set-cookie", "a=b"), ("set-cookie", "c"))
    ),
    "no content": Scenario(status=204, body=b""),
    "not modified": Scenario(status=304, body=b""),
    "a redirect": Scenario(status=307, headers=(("location", "https://api.openai.com/v2"),)),
    "too long a length": Scenario(framing="length", length_error=10, body=b'{"usage": 1}'),
    "too short a length": Scenario(framing="length", length_error=-5, body=b'{"usage": 1}'),
    "whole in its framing, and half": Scenario(cut=Cut(how="end", after_bytes=50), framing="chunked"),
    "broken off": Scenario(cut=Cut(how="close", after_bytes=50)),
    "broken off by length": Scenario(cut=Cut(how="close", after_bytes=50), framing="length", body=b"x" * 999),
    "broken off in chunks": Scenario(cut=Cut(how="close", after_bytes=50), framing="chunked"),
    "reset": Scenario(cut=Cut(how="reset", after_bytes=50)),
    "died": Scenario(cut=Cut(how="abrupt", after_bytes=50)),
    "broken off after its head": Scenario(cut=Cut(how="close", after_bytes=0)),
}


@pytest.mark.parametrize("form", RESPONSES)
@EACH
async def test_an_answer_reaches_the_client_as_it_was_sent(road: Road, call: Call, form: str) -> None:
    """Wrong ones too: what breaks off, breaks off at the same byte."""
    scenario = RESPONSES[form]
    if scenario.framing == "length" and (call.body.get("stream") or call is GEMINI_SSE):
        pytest.skip("a stream has no length")

    pair = await both_http1(
        road, replace(scenario, number=7, usage=USAGE), call.host, call.http1("Accept-Encoding: identity")
    )

    if scenario.cut is not None and scenario.cut.how == "reset":  # what had arrived by then is chance
        assert not pair.proxied.whole
        assert (pair.proxied.status, pair.direct.body[: len(pair.proxied.body)]) in (
            (200, pair.proxied.body),
            (404, pair.proxied.body),
            (502, pair.proxied.body),
            (0, b""),
        )
    else:
        assert told(pair.proxied) == told(pair.direct)
        assert pair.proxied.version == pair.direct.version
    assert await road.proxy.steps.drain.stop(10)
    rows = await road.rows()
    assert [row.state for row in rows] == ["done"] * (call is not PASSING)
    assert nothing_left(road)


@pytest.mark.parametrize("statuses", [(100,), (103,), (102, 103, 103), (100, 103)])
@EACH
async def test_informational_answers_are_no_answers(
    road: Road, call: Call, statuses: tuple[int, ...]
) -> None:
    """They are kept from the client, as mitmproxy keeps HTTP/2's: hints are only hints."""
    pair = await both_http1(
        road, Scenario(informational=statuses, number=7, usage=USAGE), call.host, call.http1()
    )

    assert pair.direct.informational == statuses
    assert pair.proxied.informational == ()
    assert told(pair.proxied) == told(pair.direct)


async def test_an_informational_answer_may_come_in_pieces(road: Road) -> None:
    for raw in (
        b"HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n",
        b"HTTP/1.1 100\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
    ):
        road.sim.reset()
        road.sim.scenario = Scenario(raw=raw + b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        async with await road.raw() as client:
            await client.send(PASSING.http1())
            answer = await client.response()

        assert (answer.status, answer.body, answer.whole) == (200, b"ok", True)


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbad name: 1\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: made-up\r\n\r\n",
        b"HTTP/1.1 20",
        b"",
    ],
    ids=["nonsense", "two lengths", "negative", "both framings", "bad name", "bad framing", "cut", "nothing"],
)
@pytest.mark.parametrize("call", [CHAT, CLAUDE.streamed(), PASSING], ids=["json", "stream", "passing"])
async def test_what_is_no_answer_is_told_in_the_providers_shape(road: Road, call: Call, raw: bytes) -> None:
    road.sim.scenario = Scenario(raw=raw)

    async with await road.raw(call.host) as client:
        await client.send(call.http1())
        answer = await client.response()
        again = call.http1()
        road.sim.scenario = Scenario()
        await client.send(again)
        second = await client.response()

    assert (answer.status, answer.whole) == (502, True)
    assert "gave no answer" in refusal(call, answer.body)[1]
    assert second.status in (200, 404)
    if call is not PASSING:
        first, _ = await road.calls(2)
        assert (first.error, first.status, first.cost.source) == ("cut", None, Source.ESTIMATED)
        assert first.cost.nano == first.cost.input_nano > 0
    assert nothing_left(road)


async def test_chunks_that_are_none_break_the_answer_off(road: Road) -> None:
    """What was read before them is passed on."""
    road.sim.scenario = Scenario(
        raw=b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\nzz\r\n"
    )

    async with await road.raw() as client:
        await client.send(CHAT.streamed().http1())
        answer = await client.response()
    record = await road.call()

    assert (answer.status, answer.body, answer.whole) == (200, b"abc", False)
    assert (record.error, record.status, record.cost.source) == ("cut", 200, Source.ESTIMATED)


BAD_REQUESTS = {
    "nonsense": b"nonsense\r\n\r\n",
    "no target": b"GET nowhere HTTP/1.1\r\nHost: api.openai.com\r\n\r\n",
    "no colon": b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    "negative length": b"POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
    "two lengths": CHAT.http1("Content-Length: 5", "Content-Length: 6"),
    "both framings": CHAT.http1("Content-Length: 5", "Transfer-Encoding: chunked"),
    "no chunks": CHAT.http1("Transfer-Encoding: chunked", content=b"xyz\r\n"),
    "bad chunk": CHAT.http1("Transfer-Encoding: chunked", content=b"1\r\nab\r\n"),
    "bad name": CHAT.http1("Bad Name: 1"),
}


@pytest.mark.parametrize("form", BAD_REQUESTS)
@pytest.mark.parametrize("path", [CHAT.path, UNKNOWN.path, PASSING.path], ids=["chat", "unknown", "passing"])
async def test_what_is_no_request_ends_the_connection_and_costs_nothing(
    road: Road, form: str, path: str
) -> None:
    """A direct connection refuses it, too; whatever it is, it is refused before it can be misunderstood."""
    request = BAD_REQUESTS[form].replace(CHAT.path.encode(), path.encode())

    async with await road.raw() as client:
        await client.send(request)
        answer = await client.response()
        ended = await client.receive()

    assert answer.status in (400, 0)
    assert ended == b""
    assert await road.proxy.steps.drain.stop(10)
    assert not any(seen.complete for seen in road.sim.seen)
    assert all((row.state, row.cost.nano) == ("done", 0) for row in await road.rows())
    assert nothing_left(road)


async def test_a_client_that_sends_half_a_body_and_closes_leaves_nothing(road: Road) -> None:
    for call in (CHAT, UNKNOWN, PASSING):
        raw = await road.raw()
        await raw.send(call.http1()[:-5])
        if call is not CHAT:
            await road.sim.wait_for(lambda seen, call=call: seen.path == call.path)  # type: ignore[misc]
        raw.close()
    assert await road.proxy.steps.drain.stop(10)

    assert [seen.complete for seen in road.sim.seen] == [False, False]
    assert [(row.operation, row.state) for row in await road.rows()] == [("video", "done")]


ABSOLUTE = CHAT.http1().replace(b"POST ", b"POST http://api.openai.com")


async def test_a_plain_request_in_absolute_form_is_metered(road: Road) -> None:
    """As HTTP_PROXY makes clients send it, to hosts that speak without TLS; the provider gets a path."""
    road.sim.scenario = Scenario(usage=USAGE)

    async with await road.plain() as raw:
        await raw.send(ABSOLUTE + ABSOLUTE)
        answers = [await raw.response(), await raw.response()]

    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].header("x-tollway-cost") is not None
    assert {(seen.target, seen.host) for seen in road.sim.seen} == {(CHAT.path, CHAT.host)}
    assert road.sim.seen[0].raw == CHAT.content
    assert [record.usage.output_tokens for record in await road.calls(2)] == [33, 33]


async def test_a_plain_request_to_another_host_passes_streamed(road: Road) -> None:
    """Nothing is recorded, and nothing of ours is added."""
    road.sim.scenario = Scenario(usage=USAGE)
    request = CHAT.http1("x-tollway-tags: a=b").replace(CHAT.host.encode(), b"example.com")

    async with await road.plain() as raw:
        await raw.send(request.replace(b"POST /", b"POST http://example.com/"))
        answer = await raw.response()

    assert answer.status == 200
    assert not [name for name, _ in answer.headers if name.lower().startswith("x-tollway")]
    assert road.sim.seen[0].header("x-tollway-tags") == "a=b"
    assert await road.rows() == []


async def test_a_plain_request_to_a_dead_host_is_told_so(road: Road) -> None:
    async with await road.plain() as raw:
        await raw.send(b"GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n")
        answer = await raw.response("GET")

    assert answer.status == 502
    assert b"can't reach 127.0.0.1" in answer.body


async def test_a_request_without_a_host_goes_where_the_connection_does(road: Road) -> None:
    """HTTP/1.0 clients need not send one."""
    async with await road.raw() as raw:
        await raw.send(b"GET /v1/models HTTP/1.0\r\n\r\n")
        answer = await raw.response("GET")

    assert answer.status == 200
    assert road.sim.seen[0].path == "/v1/models"


def test_the_end_of_a_chunked_body_carries_its_trailers() -> None:
    assert last_chunk(None) == b"0\r\n\r\n"
    assert last_chunk(Headers([(b"A", b"1"), (b"b", b"2")])) == b"0\r\nA: 1\r\nb: 2\r\n\r\n"
    assert not is_chunked(None)
