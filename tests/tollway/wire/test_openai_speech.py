"""Speech is billed by its characters, unless a stream ends with its tokens."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.settlement import Verdict, verdict
from tollway.wire.openai_speech import OpenAISpeech

SPEECH = OpenAISpeech()
HERE = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com", dialect="openai_speech")
SPOKEN = Usage(characters=11)
TOKENS = Usage(input_tokens=6, output_tokens=72)
DELTA = b'event: speech.audio.delta\ndata: {"type":"speech.audio.delta","audio":"AAAA"}\n\n'
DONE = (
    b'data: {"type":"speech.audio.done","usage":{"input_tokens":6,"output_tokens":72,"total_tokens":78}}\n\n'
)


def read(body: bytes, kind: str, billed: Usage | None = SPOKEN, places: list[int] | None = None) -> Report:
    reader = SPEECH.reader(HERE, Asked(billed=billed), {"content-type": kind} if kind else {})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    assert reader.delivered() == b""
    return reader.report()


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ({"model": "tts-1", "input": "Hello wörld", "voice": "alloy"}, Asked(model="tts-1", billed=SPOKEN)),
        (
            {"model": "gpt-4o-mini-tts", "input": "Hi", "stream_format": "sse"},
            Asked(model="gpt-4o-mini-tts", stream=True, billed=Usage(characters=2)),
        ),
        ({"input": "Hi", "stream_format": "audio"}, Asked(billed=Usage(characters=2))),
        ({"input": "Hi", "stream": True}, Asked(stream=True, billed=Usage(characters=2))),
        (
            {"input": [{"text": "Hi", "voice": "alloy"}, {"text": "you"}, "!", {"voice": "v"}, None]},
            Asked(billed=Usage(characters=6)),
        ),
        ({"input": ""}, Asked()),
        ({"input": 5, "model": None}, Asked()),
    ],
)
def test_a_request_is_read(body: dict[str, Any], asked: Asked) -> None:
    """A character is a code point; a conversation has those of its turns."""
    assert SPEECH.read_request(HERE, body) == asked


def test_texts_are_what_is_said_and_how() -> None:
    assert list(SPEECH.texts({"input": "Hi", "instructions": "slowly", "voice": "alloy"})) == ["Hi", "slowly"]


@pytest.mark.parametrize(
    "kind", ["audio/mpeg", "audio/wav", "application/octet-stream", "Audio/PCM; rate=24000"]
)
@pytest.mark.parametrize("body", [b"", b"ID3" + bytes(5000), b"{"])
def test_a_sound_costs_the_characters_that_were_asked_for(kind: str, body: bytes) -> None:
    """However much of it came: they are billed once it begins."""
    assert read(body, kind) == Report(usage=SPOKEN, complete=True)


def test_a_sound_of_a_request_that_was_not_read_is_estimated() -> None:
    assert read(b"ID3", "audio/mpeg", billed=None) == Report(complete=True)


@given(st.lists(st.integers(0, 1000), max_size=6))
def test_a_stream_ends_with_its_tokens(places: list[int]) -> None:
    """Which are billed in place of the characters, wherever it is cut."""
    assert read(DELTA * 5 + DONE, "text/event-stream", places=places) == Report(usage=TOKENS, complete=True)


@pytest.mark.parametrize(
    ("body", "report"),
    [
        (b'event: speech.audio.done\ndata: {"usage":{"input_tokens":6,"output_tokens":72}}\n\n',
         Report(usage=TOKENS, complete=True)),
        (DELTA + DONE[:-2], Report(usage=TOKENS, complete=True)),
        (DELTA + b'data: {"type":"speech.audio.done"}\n\n', Report(usage=SPOKEN, complete=True)),
        (DELTA * 3, Report()),
        (DELTA + b'data: {"type":"error","error":{"type":"server_error"}}\n\n',
         Report(error="server_error", complete=True)),
    ],
    ids=["no type", "no blank line", "no usage", "cut", "error"],
)  # fmt: skip
def test_a_stream_may_end_otherwise(body: bytes, report: Report) -> None:
    assert read(body, "text/event-stream; charset=utf-8") == report


@pytest.mark.parametrize(
    "kind", ["application/json", "", "text/plain", "text/html", "application/problem+json"]
)
@pytest.mark.parametrize(
    "body",
    [
        b'{"error":{"type":"invalid_request_error"}}',
        b'{"detail":"Not Found"}',
        b"upstream connect error",
        b"",
    ],
)
def test_an_error_is_free_whatever_its_shape(kind: str, body: bytes) -> None:
    report = read(body, kind)

    assert verdict(left=True, status=503, report=report, operation="speech", counted=False) is Verdict.NOTHING


def test_a_sound_within_json_costs_its_tokens_or_the_characters() -> None:
    """Some send it so."""
    usage = b'"usage":{"prompt_tokens":6,"completion_tokens":72}'
    sound = b'{"audio":"' + b"A" * 100_000 + b'"'

    assert read(sound + b"," + usage + b"}", "application/json") == Report(usage=TOKENS, complete=True)
    assert read(sound + b"}", "application/json") == Report(usage=SPOKEN)


def test_an_error_is_written_as_the_sdk_reads_it() -> None:
    assert json.loads(SPEECH.error(403, "no", "limit_reached"))["error"]["code"] == "limit_reached"
