"""What was heard is billed by tokens or seconds, as the answer says, or by the length of the file."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.dialect import Reader
from tollway.wire.openai_transcriptions import OpenAITranscriptions

HEARS = OpenAITranscriptions()
HERE = Endpoint(kind=Kind.INFERENCE, provider="openai", host="h", dialect="openai_transcriptions")
GROQ = Endpoint(kind=Kind.INFERENCE, provider="groq", host="h", habits=frozenset({"ten_seconds_least"}))
SOUND = bytes(12_000)
"""Three seconds, as it does not say its length."""
FILE = Usage(seconds=3)
HEARING = Asked(billed=FILE)
TOKENS = {
    "type": "tokens",
    "input_tokens": 14,
    "input_token_details": {"text_tokens": 4, "audio_tokens": 10},
    "output_tokens": 45,
    "total_tokens": 59,
}
USED = Usage(input_tokens=14, input_audio_tokens=10, output_tokens=45)


def read(body: bytes, asked: Asked = HEARING, places: list[int] | None = None, at: Endpoint = HERE) -> Reader:
    reader = HEARS.reader(at, asked, {})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


def said(**more: Any) -> bytes:
    return json.dumps({"text": "Hello.", **more}).encode()


@pytest.mark.parametrize(
    ("body", "asked"),
    [
        ({"model": "whisper-1", "file": SOUND}, Asked(model="whisper-1", billed=FILE)),
        ({"model": "m", "file": SOUND, "stream": "true"}, Asked(model="m", stream=True, billed=FILE)),
        ({"model": "m", "url": "https://sounds.example/1.mp3"}, Asked(model="m")),
        ({"model": "m", "input_audio": {"data": "AAAA", "format": "wav"}, "stream": False}, Asked(model="m")),
        ({"file": "no file"}, Asked()),
    ],
)
def test_a_request_is_read(body: dict[str, Any], asked: Asked) -> None:
    """A form with a file, or JSON of a router."""
    assert HEARS.read_request(HERE, body) == asked


def test_on_azure_the_path_names_the_model() -> None:
    azure = Endpoint(kind=Kind.INFERENCE, provider="azure", host="h", model="ears")

    assert HEARS.read_request(azure, {"file": SOUND}).model == "ears"


def test_the_prompt_is_the_text() -> None:
    assert list(HEARS.texts({"prompt": "Tollway", "file": SOUND})) == ["Tollway"]
    assert list(HEARS.texts({"file": SOUND})) == []


@pytest.mark.parametrize(
    ("answer", "usage"),
    [
        ({"usage": TOKENS}, USED),
        ({"usage": {"type": "duration", "seconds": 9}}, Usage(seconds=9)),
        ({"usage": {"type": "duration", "seconds": 8.47}, "duration": 8.47}, Usage(seconds=9)),
        ({"usage": TOKENS, "duration": 60.0, "task": "transcribe", "segments": []}, USED),
        ({"duration": 8.0, "language": "english"}, Usage(seconds=8)),
        ({"duration": "8.470000267028809"}, Usage(seconds=9)),
        ({"duration": 0}, Usage(seconds=0)),
        ({"usage": {"prompt_audio_seconds": 7, "prompt_tokens": 3, "completion_tokens": 5}},
         Usage(input_tokens=3, output_tokens=5, seconds=7)),
        ({"usage": {"seconds": 9.2, "input_tokens": 0, "output_tokens": 4}},
         Usage(input_tokens=0, output_tokens=4, seconds=10)),
    ],
)  # fmt: skip
def test_an_answer_says_what_it_took(answer: dict[str, Any], usage: Usage) -> None:
    """A begun second is billed whole: OpenAI's own usage makes 9 of 8.47."""
    reader = read(said(**answer))

    assert reader.report() == Report(usage=usage, complete=True)
    assert reader.delivered() == b"Hello."


@pytest.mark.parametrize("seconds", [-1, True, None, "soon", 1e30, 10**400, float("inf"), float("nan"), [8]])
def test_what_is_no_length_of_time_is_none(seconds: object) -> None:
    """Python's JSON reads numbers that orjson does not: both must end well."""
    assert read(said(duration=seconds)).report().usage == FILE


def test_openrouter_says_what_it_billed() -> None:
    report = read(said(usage={"seconds": 9.2, "total_tokens": 0, "cost": 0.0009})).report()

    assert (report.cost_nano, report.usage) == (900_000, Usage(seconds=10))


@pytest.mark.parametrize(("seconds", "billed"), [(0.5, 10), (9.9, 10), (10, 10), (10.1, 11), (60, 60)])
def test_groq_bills_ten_seconds_at_least(seconds: float, billed: int) -> None:
    """Of what it heard, and so of a file that it says nothing about."""
    assert read(said(duration=seconds), at=GROQ).report().usage == Usage(seconds=billed)
    assert HEARS.read_request(GROQ, {"file": bytes(int(seconds * 4000))}).billed == Usage(seconds=billed)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (said(x_groq={"id": "req_1"}), b"Hello."),
        (b"Hello.\n", b"Hello.\n"),
        (
            b"WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHello.\n",
            b"WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHello.\n",
        ),
        (b'{"text":"Hel', b""),
        (b"", b""),
    ],
    ids=["groq", "text", "subtitles", "cut", "nothing"],
)
def test_an_answer_that_says_nothing_is_as_long_as_the_file(body: bytes, text: bytes) -> None:
    """Which no provider reported: it is not taken for complete, and so is an estimate."""
    reader = read(body)

    assert reader.report() == Report(usage=FILE)
    assert reader.delivered() == text


def test_an_error_is_not_as_long_as_the_file() -> None:
    report = read(b'{"error":{"type":"invalid_request_error","message":"no"}}').report()

    assert report == Report(error="invalid_request_error", complete=True)


def event(kind: str, **more: Any) -> bytes:
    return f"data: {json.dumps({'type': kind, **more})}\n\n".encode()


STREAM = event("transcript.text.delta", delta="Hel") + event("transcript.text.delta", delta="lo.")
ASKED = Asked(stream=True, billed=FILE)


@given(st.lists(st.integers(0, 400), max_size=8))
def test_a_stream_ends_with_its_usage(places: list[int]) -> None:
    """Wherever it is cut."""
    reader = read(STREAM + event("transcript.text.done", text="Hello.", usage=TOKENS), ASKED, places)

    assert reader.report() == Report(usage=USED, complete=True)
    assert reader.delivered() == b"Hello."


@pytest.mark.parametrize("end", [b"", event("transcript.text.done", text="Hello.")], ids=["cut", "no usage"])
def test_a_stream_that_says_nothing_is_as_long_as_the_file(end: bytes) -> None:
    assert read(STREAM + end, ASKED).report() == Report(usage=FILE)


def test_a_stream_of_seconds_ends_with_them() -> None:
    body = STREAM + event("transcript.text.done", text="Hello.", usage={"type": "duration", "seconds": 7.1})

    assert read(body, ASKED).report() == Report(usage=Usage(seconds=8), complete=True)


def test_an_error_ends_a_stream() -> None:
    body = STREAM + event("error", error={"type": "server_error", "message": "no"})

    assert read(body, ASKED).report() == Report(error="server_error", complete=True)


def test_events_are_read_though_none_were_asked_for() -> None:
    """The answer's head says what it is."""
    reader = HEARS.reader(HERE, Asked(), {"content-type": "text/event-stream"})
    reader.feed(event("transcript.text.done", usage=TOKENS))

    assert reader.report().usage == USED


def test_an_error_is_written_as_the_sdk_reads_it() -> None:
    assert json.loads(HEARS.error(403, "no", "limit_reached"))["error"]["code"] == "limit_reached"
