"""Bodies that are none: the provider sees what the client sent, the client what the provider says of it."""

import gzip
import zlib

import orjson
import pytest
import zstandard

from tests.simulator import Scenario, Usage
from tests.tollway.calls import CHAT, CLAUDE, GEMINI_SSE, MISTRAL, RESPONSES, Call
from tests.tollway.direct import direct_client, told
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import Road
from tollway.model import Source

USAGE = Usage(input_tokens=70, output_tokens=33)
BOMB = zstandard.compress(bytes(2**30))
HTTP = pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
CALLS = [CHAT, MISTRAL.streamed(), CLAUDE, RESPONSES.streamed(), GEMINI_SSE]

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"model=gpt-4o&stream=true",
    "binary": bytes(range(256)),
    "truncated": CHAT.content[:-7],
    "a list": b"[1, 2]",
    "null": b"null",
    "deep": b'{"model":"m","messages":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "deep and cut": b'{"a":' * 10_000,
    "wrong types": b'{"model":7,"messages":"x","stream":"yes","max_tokens":[],"stream_options":3}',
    "null members": b'{"model":null,"messages":null,"stream":null,"stream_options":null,"max_tokens":null}',
    "duplicate keys": b'{"stream":true,"model":"a","stream":false,"model":"b","messages":[],"messages":[]}',
    "huge numbers": b'{"model":"m","max_tokens":1e999,"n":' + b"9" * 5000 + b"}",
    "odd text": '{"model":"\u2028\\ud800","messages":[{"content":"\\u0000"}]}'.encode(),
    "not UTF-8": b'{"model":"\xff\xfe"}',
    "a mark before": b"\xef\xbb\xbf" + CHAT.content,
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.path)
async def test_a_body_that_is_none_reaches_the_provider_as_it_is(road: Road, call: Call, name: str) -> None:
    """And the answer to it the client; the ledger has a row, whatever came of it."""
    body = BODIES[name]
    answers = []
    for opened in (await direct_client(road, call.host), await road.raw(call.host)):
        road.sim.reset()
        road.sim.scenario = Scenario(usage=USAGE, number=7)
        async with opened as raw:
            await raw.send(call.http1(content=body))
            answers.append(await raw.response())
        (seen,) = road.sim.seen
        asks = name in ("duplicate keys", "wrong types", "null members") and call.host == MISTRAL.host
        assert seen.raw == body or asks

    assert told(answers[1]) == told(answers[0])
    await road.calls(1)
    assert [row.state for row in await road.rows()] == ["done"]
    assert nothing_left(road)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", CHAT.content),
        ("gzip", gzip.compress(CHAT.content)[:-10]),
        ("zstd", b"\x28\xb5\x2f\xfd nothing of the kind"),
        ("br", b"\x00\x01\x02"),
        ("made-up", CHAT.content),
        ("deflate, gzip", gzip.compress(zlib.compress(CHAT.content))),
        ("zstd", BOMB),
        ("gzip", gzip.compress(bytes(2**28))),
    ],
    ids=["not gzip", "cut gzip", "not zstd", "not br", "unknown", "two", "zstd bomb", "gzip bomb"],
)
@HTTP
async def test_a_body_in_a_coding_that_lies_passes_as_it_is(
    road: Road, coding: str, body: bytes, http2: bool
) -> None:
    road.sim.scenario = Scenario(body=b"{}", status=400)

    async with road.client(http2) as client:
        answer = await client.post(CHAT.url, content=body, headers={"content-encoding": coding})
    record = await road.call()

    assert (answer.status_code, answer.content) == (400, b"{}")
    assert road.sim.seen[0].raw == body
    assert road.sim.seen[0].header("content-encoding") == coding
    assert (record.status, record.cost.nano, record.request_bytes) == (400, 0, len(body))
    assert (record.error == "unreadable") is (coding != "deflate, gzip")


@pytest.mark.parametrize("text", [b"x", b"\\u00e9"], ids=["plain", "escaped"])
@pytest.mark.parametrize("http2", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["http1", "http2"])
async def test_a_body_of_100_mb_passes_as_it_is(road: Road, text: bytes, http2: bool) -> None:
    """Larger than any provider takes: it is not read, and its answer still is."""
    body = b'{"model":"gpt-4o","messages":[{"role":"user","content":"%b"}]}' % (text * (10**8 // len(text)))
    road.sim.scenario = Scenario(usage=USAGE, early=True)

    async with road.client(http2) as client:
        answer = await client.post(CHAT.url, content=body, timeout=None)
    record = await road.call()

    assert answer.status_code == 200
    assert record.request_bytes == len(body)
    assert (record.usage.output_tokens, record.error) == (33, "unreadable")


async def test_a_request_of_the_wrong_types_is_metered_by_its_answer(road: Road) -> None:
    """What the provider makes of it counts."""
    road.sim.scenario = Scenario(usage=USAGE)
    body = {"model": ["gpt-4o"], "messages": {"a": 1}, "max_tokens": "many", "stream": 0}

    async with road.client() as client:
        await client.post(CHAT.url, json=body)
    record = await road.call()

    assert (record.usage.input_tokens, record.cost.source) == (70, Source.COMPUTED)
    assert record.max_output_tokens is None


async def test_an_answer_shown_again_is_billed_once(road: Road) -> None:
    """OpenAI: GET /v1/responses/{id}, as often as one likes; one made in the background is billed by it."""
    usage = {"input_tokens": 70, "output_tokens": 33, "total_tokens": 103}
    shown = {"id": "resp_1", "object": "response", "status": "completed", "model": "gpt-5", "usage": usage}

    async with road.client() as client:
        for id in ("resp_1", "resp_1", "resp_2", "resp_1"):
            body = orjson.dumps({**shown, "id": id})
            head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(
                body
            )
            road.sim.scenario = Scenario(raw=head + body)
            answer = await client.get(f"https://api.openai.com/v1/responses/{id}")
            assert answer.json()["id"] == id
    records = await road.calls(4)

    assert [record.operation for record in records] == ["retrieve"] * 4
    assert [record.usage.output_tokens for record in records] == [33, None, 33, None]
    assert [record.cost.nano > 0 for record in records] == [True, False, True, False]
