"""Images and sound on the road: every byte goes and comes as it did, and each call is metered and priced."""

import io
import wave
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator import Cut, Scenario, Simulator, Usage
from tests.simulator.dialects.openai_speech import SOUND
from tests.tollway.calls import Call
from tests.tollway.direct import asked, both_http1, both_http2, told
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway.hooks.drain import Bounds
from tollway.model import CallRecord, Source
from tollway.model import Usage as Used

OPENAI, GROQ = "api.openai.com", "api.groq.com"
DRAW = Call(OPENAI, "/v1/images/generations", {"model": "gpt-image-2", "prompt": "a toll road"})
SAY = Call(OPENAI, "/v1/audio/speech", {"model": "tts-1", "input": "Pay here. " * 100, "voice": "alloy"})
HEAR = "/v1/audio/transcriptions"
DRAWN = Usage(input_tokens=50, input_image_tokens=10, output_tokens=4160)
HEARD = Usage(input_tokens=14, input_audio_tokens=10, output_tokens=45)


def sound(seconds: int, size: int = 0) -> bytes:
    """A WAV of this length, or of at least this many bytes."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setparams((1, 2, 16_000, 0, "NONE", "not compressed"))
        written.writeframes(bytes(max(seconds * 32_000, size)))
    return file.getvalue()


def upload(host: str, path: str, file: bytes, **fields: str) -> bytes:
    """A request with a file as SDKs send it, as bytes of HTTP/1."""
    made = httpx.Request("POST", f"https://{host}{path}", data=fields, files={"file": ("a.wav", file)})
    body = made.read()
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        f"Content-Type: {made.headers['content-type']}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def passes(road: Road, host: str, request: bytes, scenario: Scenario) -> CallRecord:
    """The call's row, in the ledger; nothing of the request or the answer differs from those without us."""
    pair = await both_http1(road, scenario, host, request)

    assert asked(pair.seen_proxied[0]) == asked(pair.seen_direct[0])
    assert pair.seen_proxied[0].raw == request.partition(b"\r\n\r\n")[2]
    assert told(pair.proxied) == told(pair.direct)
    record = await road.call()
    assert await road.rows() == [record]
    return record


def cost(record: CallRecord) -> tuple[int, Source, tuple[str, ...]]:
    return record.cost.nano, record.cost.source, record.cost.flags


async def test_an_image_is_billed_by_its_tokens(road: Road) -> None:
    """Text 40 * 5,000, image 10 * 8,000, output 4,160 * 30,000 nano-dollars."""
    record = await passes(road, OPENAI, DRAW.http1(), Scenario(usage=DRAWN, number=7))

    assert record.usage == Used(
        input_tokens=50, input_image_tokens=10, output_tokens=4160, output_image_tokens=4160
    )
    assert cost(record) == (125_080_000, Source.COMPUTED, ())
    assert (record.operation, record.model, record.model_served) == ("images", "gpt-image-2", None)


async def test_images_of_megabytes_are_passed_on_and_counted(road: Road) -> None:
    """xAI's have no tokens, but a bill: $0.06."""
    body = {"model": "grok-imagine-image", "prompt": "a toll road", "n": 3}
    billed = Usage(raw='{"cost_in_usd_ticks":600000000}')
    road.sim.scenario = Scenario(usage=billed, text="A" * 3_000_000)

    async with road.client() as client:
        answer = await client.post(DRAW.url, json=body)
    record = await road.call()

    assert [len(image["b64_json"]) for image in answer.json()["data"]] == [3_000_000] * 3
    assert record.usage == Used(images=3)
    assert cost(record) == (60_000_000, Source.PROVIDER, ())


@pytest.mark.parametrize("size", [1000, 1_500_000])
async def test_a_stream_of_images_is_billed_by_its_last_event(road: Road, size: int) -> None:
    """Text 40 * 5,000, image 10 * 8,000, output 4,160 * 32,000: an image's price, not a text's."""
    made = Call(
        OPENAI, DRAW.path, {**DRAW.body, "model": "gpt-image-1.5", "stream": True, "partial_images": 2}
    )

    record = await passes(road, OPENAI, made.http1(), Scenario(usage=DRAWN, text="A" * size, number=7))

    assert cost(record) == (133_400_000, Source.COMPUTED, ())
    assert (record.stream, record.usage.output_image_tokens) == (True, 4160)
    assert record.response_bytes > 3 * size


async def test_an_edit_is_a_form(road: Road) -> None:
    request = upload(
        OPENAI, "/v1/images/edits", b"\x89PNG" + bytes(9000), model="gpt-image-2", prompt="wider"
    )

    record = await passes(road, OPENAI, request, Scenario(usage=DRAWN, number=7))

    assert (record.model, record.cost.nano) == ("gpt-image-2", 125_080_000)


async def test_an_upload_is_billed_by_what_was_heard(road: Road) -> None:
    """2 MB. Text 4 * 2,500, sound 10 * 6,000, output 45 * 10,000 nano-dollars."""
    request = upload(OPENAI, HEAR, sound(0, 2 * 2**20), model="gpt-4o-transcribe")

    record = await passes(road, OPENAI, request, Scenario(usage=HEARD, number=7))

    assert record.usage == Used(input_tokens=14, input_audio_tokens=10, output_tokens=45)
    assert cost(record) == (520_000, Source.COMPUTED, ())
    assert (record.operation, record.model) == ("transcription", "gpt-4o-transcribe")
    assert record.request_bytes > 2 * 2**20


async def test_a_stream_of_what_is_heard_ends_with_its_usage(road: Road) -> None:
    request = upload(OPENAI, HEAR, sound(3), model="gpt-4o-transcribe", stream="true")

    record = await passes(road, OPENAI, request, Scenario(usage=HEARD, number=7))

    assert (record.stream, cost(record)) == (True, (520_000, Source.COMPUTED, ()))


@pytest.mark.parametrize("usage", [Usage(raw='{"type":"duration","seconds":9}'), None])
async def test_seconds_are_billed_as_reported(road: Road, usage: Usage | None) -> None:
    """9 * 100,000, though the file is longer: as a usage says, or a verbose answer's 8.47."""
    request = upload(OPENAI, HEAR, sound(20), model="whisper-1", response_format="verbose_json")

    record = await passes(road, OPENAI, request, Scenario(usage=usage, number=7))

    assert record.usage == Used(seconds=9)
    assert cost(record) == (900_000, Source.COMPUTED, ())


@pytest.mark.parametrize(
    ("host", "path", "model", "form", "seconds", "billed", "nano"),
    [
        (OPENAI, HEAR, "whisper-1", "text", 60, 60, 6_000_000),
        (OPENAI, "/v1/audio/translations", "whisper-1", "vtt", 61, 61, 6_100_000),
        (GROQ, "/openai" + HEAR, "whisper-large-v3-turbo", "json", 60, 60, 666_667),
        (GROQ, "/openai" + HEAR, "whisper-large-v3-turbo", "json", 3, 10, 111_111),
    ],
)
async def test_an_answer_that_reports_nothing_is_as_long_as_the_file(
    road: Road, host: str, path: str, model: str, form: str, seconds: int, billed: int, nano: int
) -> None:
    """An estimate: of $0.36 and $0.04 an hour; Groq bills ten seconds at least."""
    request = upload(host, path, sound(seconds), model=model, response_format=form)

    record = await passes(road, host, request, Scenario(usage=None, number=7))

    assert record.usage.seconds == billed
    assert cost(record) == (nano, Source.ESTIMATED, ())


async def test_speech_is_billed_by_its_characters(road: Road) -> None:
    """1,000 * 15,000 nano-dollars."""
    record = await passes(road, OPENAI, SAY.http1(), Scenario(number=7))

    assert record.usage == Used(characters=1000)
    assert cost(record) == (15_000_000, Source.COMPUTED, ())
    assert record.response_bytes == len(SOUND)


async def test_speech_in_events_is_billed_by_its_tokens(road: Road) -> None:
    """6 * 600 + 72 * 12,000 nano-dollars."""
    made = Call(OPENAI, SAY.path, {**SAY.body, "model": "gpt-4o-mini-tts", "stream_format": "sse"})

    record = await passes(
        road, OPENAI, made.http1(), Scenario(usage=Usage(input_tokens=6, output_tokens=72), number=7)
    )

    assert record.usage == Used(input_tokens=6, output_tokens=72)
    assert cost(record) == (867_600, Source.COMPUTED, ())
    assert record.stream


async def test_speech_comes_as_it_is_spoken(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Nothing of it waits for its end; who leaves early pays for what was to be said."""
    sim.scenario = Scenario(cut=Cut(how="hang", after_bytes=5000))

    async with running_road(tmp_path, sim, drains=Bounds(size=1000)) as road:
        async with road.client() as client, client.stream("POST", SAY.url, json=SAY.body) as answer:
            pieces, got = answer.aiter_raw(), b""
            while len(got) < 5000:
                got += await anext(pieces)
        record = await road.call()

    assert got == SOUND[:5000]
    assert (record.error, record.usage) == ("abandoned", Used(characters=1000))
    assert "x-tollway-cost" not in answer.headers


async def test_decisions_and_reranking_are_billed_by_their_tokens(road: Road) -> None:
    """Of gpt-6-luna 1,000 * 100 nano-dollars; a ranker that nobody knows costs the dearest of its kind."""
    decide: dict[str, Any] = {
        "model": "gpt-6-luna",
        "input": "It rains.",
        "questions": [{"type": "predicate"}],
    }
    rank = {"model": "ranker", "query": "rain", "documents": ["one", "two"]}
    road.sim.scenario = Scenario(usage=Usage(input_tokens=1000, output_tokens=0))

    async with road.client() as client:
        for path, body in (("decisions", decide), ("rerank", rank)):
            await client.post(f"https://{OPENAI}/v1/{path}", json=body)
    decided, ranked = await road.calls(2)

    assert (decided.operation, decided.usage.input_tokens) == ("decisions", 1000)
    assert cost(decided) == (100_000, Source.COMPUTED, ())
    assert (ranked.operation, ranked.usage) == ("rerank", Used(input_tokens=1000))
    assert ranked.cost.flags == ("unknown_price",)


@pytest.mark.parametrize("body", [b'{"detail":"Not Found"}', b"upstream connect error", b"<html>"])
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
async def test_what_is_refused_costs_nothing(road: Road, body: bytes, kind: str) -> None:
    """Whatever an error looks like, and however much was asked for."""
    road.sim.scenario = Scenario(status=503, body=body, content_type=kind)

    async with road.client() as client:
        await client.post(DRAW.url, json=DRAW.body)
        await client.post(SAY.url, json=SAY.body)
        await client.post(f"https://{OPENAI}{HEAR}", data={"model": "whisper-1"}, files={"file": sound(60)})
    records = await road.calls(3)

    assert [record.cost.nano for record in records] == [0, 0, 0]
    assert [record.status for record in records] == [503] * 3


@pytest.mark.parametrize("call", [DRAW, SAY], ids=["images", "speech"])
async def test_over_http2_it_is_the_same(road: Road, call: Call) -> None:
    pair = await both_http2(road, Scenario(usage=DRAWN, number=7), call)

    assert asked(pair.seen_proxied[0]) == asked(pair.seen_direct[0])
    assert told(pair.proxied) == told(pair.direct)
    assert (await road.call()).cost.nano == (125_080_000 if call is DRAW else 15_000_000)
