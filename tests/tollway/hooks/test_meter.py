"""The tap relays every byte, whatever the reader makes of it; only JSON of a bearable size is held back."""

import zlib

import httpx
import pytest
from mitmproxy.http import Response

from tests.simulator import Scenario, Usage
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, GEMINI_SSE, PASSING, UNKNOWN, Call
from tests.tollway.road import Road
from tollway.engine.http_stream import BUFFERED
from tollway.exchange import Exchange
from tollway.hooks.meter import count_only, cutting, is_buffered, reading
from tollway.model import Endpoint, Kind, Report, Source
from tollway.wire.coding import decoder


class Broken:
    """A reader that does what no reader may."""

    def feed(self, data: bytes) -> None:
        raise ValueError("a prompt")

    def report(self) -> Report:
        return Report()

    def delivered(self) -> bytes:
        return b""


def call(stream: bool | None = None) -> Exchange:
    endpoint = Endpoint(kind=Kind.INFERENCE, provider="p", host="h", stream=stream)
    return Exchange(id="c", started_us=1, endpoint=endpoint)


@pytest.mark.parametrize("make", [reading, cutting])
def test_a_reader_that_raises_loses_no_byte(make: object) -> None:
    known, decoding = call(), decoder("", 1000)
    assert decoding is not None

    tap = make(known, Broken(), decoding)  # type: ignore[operator]

    assert [tap(b"one"), tap(b"two")] == [b"one", b"two"]
    assert known.error == "reader_failed"
    assert known.response_bytes == 6


def test_a_coding_that_nobody_knows_is_relayed_unread() -> None:
    known = call()

    assert reading(known, Broken(), None)(b"x") == b"x"
    assert known.error is None


def test_what_is_coded_is_read_decoded_and_relayed_coded() -> None:
    seen: list[bytes] = []

    class Noting(Broken):
        def feed(self, data: bytes) -> None:
            seen.append(data)

    body = zlib.compress(b"{}")

    assert reading(call(), Noting(), decoder("deflate", 100))(body) == body
    assert b"".join(seen) == b"{}"


def test_a_stream_that_can_not_be_decoded_ends_as_one_that_was_cut() -> None:
    """The chunk that we asked for has to be taken out of it; a clean end would pass it off as whole."""
    decoding = decoder("deflate", 100)
    assert decoding is not None

    with pytest.raises(ValueError, match="not coded as it says"):
        cutting(call(), Broken(), decoding)(b"no deflate")


def test_counting_changes_nothing() -> None:
    known = call()

    assert count_only(known)(b"abc") == b"abc"
    assert known.response_bytes == 3


@pytest.mark.parametrize(
    ("kind", "length", "stream", "status", "buffered"),
    [
        ("application/json", "10", None, 200, True),
        ("application/json", None, None, 200, True),
        ("application/json", str(BUFFERED + 1), None, 200, False),
        ("application/json", "ten", None, 200, True),
        ("text/event-stream", None, None, 200, False),
        ("application/json", None, True, 200, False),
        ("application/json", None, True, 400, True),
    ],
)
def test_what_is_held_back(
    kind: str, length: str | None, stream: bool | None, status: int, buffered: bool
) -> None:
    response = Response.make(status, b"", {"content-type": kind})
    response.headers.pop("content-length")
    if length is not None:
        response.headers["content-length"] = length

    assert is_buffered(call(stream), response) is buffered


USAGE = Usage(input_tokens=70, output_tokens=33)
CALLS = [CHAT, CHAT.streamed(), CLAUDE, CLAUDE.streamed(), GEMINI, GEMINI_SSE]


@pytest.mark.parametrize("call", CALLS)
async def test_what_the_provider_says_it_used_is_read_as_it_comes_by(road: Road, call: Call) -> None:
    """With when its first byte came, and how many there were."""
    road.sim.scenario = Scenario(usage=USAGE)

    async with road.client() as client:
        answer = await client.post(call.url, json=call.body, headers={"accept-encoding": "identity"})
    record = await road.call()

    assert (record.usage.input_tokens, record.usage.output_tokens) == (70, 33)
    assert record.response_bytes == len(answer.content) > 0
    assert record.first_byte_us is not None
    assert record.ended_us is not None
    assert record.started_us <= record.first_byte_us <= record.ended_us
    assert answer.headers["x-tollway-call"] == record.id


async def test_usage_that_only_we_asked_for_is_read_and_kept_from_the_client(road: Road) -> None:
    """In a stream that is whole all the same."""
    road.sim.scenario = Scenario(usage=USAGE)
    plain = Call(CHAT.host, CHAT.path, {**CHAT.body, "stream": True})

    async with road.client() as client:
        answer = await client.post(plain.url, json=plain.body)
    record = await road.call()

    assert record.usage.output_tokens == 33
    assert b'"usage":{' not in answer.content.replace(b" ", b"")
    assert answer.content.endswith(b"data: [DONE]\n\n")


async def test_what_nothing_reads_is_counted(road: Road) -> None:
    async with road.client() as client:
        answer = await client.post(UNKNOWN.url, json=UNKNOWN.body, headers={"accept-encoding": "identity"})
    record = await road.call()

    assert record.response_bytes == len(answer.content) > 0
    assert record.status == answer.status_code


async def test_what_passes_is_not_touched(road: Road) -> None:
    async with road.client() as client:
        answer = await client.post(PASSING.url, json=PASSING.body)

    assert not [name for name in answer.headers if name.startswith("x-tollway")]
    assert await road.rows() == []


async def test_an_answer_whose_coding_is_a_lie_reaches_the_client_as_it_came(road: Road) -> None:
    """Unread, it is estimated."""
    body = b"this is no gzip"
    road.sim.scenario = Scenario(body=body, content_encoding="gzip")

    async with await road.raw() as raw:
        await raw.send(CHAT.http1())
        answer = await raw.response()
    record = await road.call()

    assert answer.body == body
    assert record.cost.source is Source.ESTIMATED
    assert record.cost.nano > 0


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_a_client_sees_that_a_stream_which_lies_about_its_coding_broke_off(
    road: Road, http2: bool
) -> None:
    """And the call is charged: its request left."""
    road.sim.scenario = Scenario(content_encoding="gzip")
    async with road.client(http2) as client:
        with pytest.raises(httpx.HTTPError):
            await client.post(CHAT.url, json={**CHAT.body, "stream": True})

    record = await road.call()
    assert record.error is not None
    assert record.cost.nano > 0
