"""Mistral's transcriptions report the seconds heard; its speech costs the characters asked for."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.dialect import Reader
from tollway.wire.mistral_audio import MistralSpeech, MistralTranscription

HERE = Endpoint(
    kind=Kind.INFERENCE, provider="mistral", host="api.mistral.ai", dialect="mistral_transcription"
)
HEAR, SPEAK = MistralTranscription(), MistralSpeech()
USAGE = {
    "prompt_audio_seconds": 12, "prompt_tokens": 3, "completion_tokens": 41, "total_tokens": 419,
    "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 375}, "service_tier": "standard",
}  # fmt: skip
HEARD = Usage(input_tokens=3, cache_read_tokens=0, output_tokens=41, seconds=12)


def events(*messages: dict[str, Any]) -> bytes:
    return "".join(f"event: {m['type']}\ndata: {json.dumps(m)}\n\n" for m in messages).encode()


def read(reader: Reader, body: bytes, places: list[int] | None = None) -> Reader:
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


STREAM = events(
    {"type": "transcription.language", "audio_language": "en"},
    {"type": "transcription.text.delta", "text": "Two"},
    {"type": "transcription.text.delta", "text": " birds."},
    {"type": "transcription.segment", "text": "Two birds.", "start": 0.0, "end": 1.5},
    {"type": "transcription.done", "model": "voxtral-mini-2602", "text": "Two birds.", "usage": USAGE},
)


@given(st.lists(st.integers(0, 900), max_size=6))
def test_a_transcription_s_stream_reports_at_its_end(places: list[int]) -> None:
    """What was said is delivered once, though segments and end repeat it."""
    reader = read(
        HEAR.reader(HERE, Asked(stream=True), {"content-type": "text/event-stream"}), STREAM, places
    )

    assert reader.report() == Report(usage=HEARD, model="voxtral-mini-2602", tier="standard", complete=True)
    assert reader.delivered() == b"Two birds."


def test_a_transcription_in_one_piece_reports() -> None:
    """Its seconds, and the tokens of its text."""
    body = {"model": "voxtral-mini-2602", "text": "Two birds.", "segments": [], "usage": USAGE}

    reader = read(HEAR.reader(HERE, Asked(), {}), json.dumps(body).encode())

    assert reader.report() == Report(usage=HEARD, model="voxtral-mini-2602", tier="standard", complete=True)
    assert reader.delivered() == b"Two birds."


@pytest.mark.parametrize("dialect", [HEAR, SPEAK])
def test_a_refused_stream_is_an_object(dialect: MistralTranscription) -> None:
    """An error is told by its type."""
    asked = Asked(stream=True, billed=Usage(characters=9))
    reader = dialect.reader(HERE, asked, {"content-type": "application/json"})
    read(reader, b'{"object":"error","message":"secret","type":"rate_limited","code":"1300"}')

    assert reader.report() == Report(error="rate_limited", complete=True)


def test_an_error_ends_a_stream() -> None:
    """One that stands where the end should."""
    reader = read(HEAR.reader(HERE, Asked(stream=True), {}), b'data: {"error":{"type":"server_error"}}\n\n')

    assert reader.report() == Report(error="server_error", complete=True)


def test_speech_costs_its_characters_once_it_is_there() -> None:
    """A stream also reports tokens."""
    asked = SPEAK.read_request(HERE, {"model": "voxtral-tts", "input": "Zwölf.", "stream": True})
    usage = {"prompt_tokens": 4, "completion_tokens": 20, "total_tokens": 24}
    audio = {"type": "speech.audio.delta", "audio_data": "//uQ"}
    body = events(audio, audio, {"type": "speech.audio.done", "usage": usage})

    whole = read(
        SPEAK.reader(HERE, Asked(billed=asked.billed), {}), b'{"audio_data":"' + b"AAAA" * 200_000 + b'"}'
    )
    streamed = read(SPEAK.reader(HERE, asked, {}), body)
    cut = read(SPEAK.reader(HERE, asked, {}), body[:-9])

    assert asked == Asked(model="voxtral-tts", stream=True, billed=Usage(characters=6))
    assert whole.report() == Report(usage=Usage(characters=6), complete=True)
    assert streamed.report() == Report(
        usage=Usage(characters=6, input_tokens=4, output_tokens=20), complete=True
    )
    assert cut.report() == Report()
    assert whole.delivered() == streamed.delivered() == b""


@pytest.mark.parametrize(
    ("stream", "streams"),
    [
        ("true", True),
        (True, True),
        ("True", True),
        ("false", False),
        (False, False),
        (None, False),
        ([], False),
    ],
)
def test_a_form_says_in_words_whether_it_streams(stream: Any, streams: bool) -> None:
    """A transcription's request is a form mostly."""
    form = {"model": "voxtral-mini-latest", "file": b"RIFF", "stream": stream}

    assert HEAR.read_request(HERE, form) == Asked(model="voxtral-mini-latest", stream=streams)
    assert list(HEAR.texts(form)) == []


def test_the_text_to_speak_is_what_is_read() -> None:
    """And what is not a text has no characters."""
    assert list(SPEAK.texts({"input": "Hi.", "voice_id": "v"})) == ["Hi."]
    assert SPEAK.read_request(HERE, {"input": 5}) == Asked()


def test_an_error_is_written_in_mistral_s_shape() -> None:
    """As its other operations."""
    assert json.loads(HEAR.error(403, "no", "limit_reached"))["object"] == "error"


@given(st.binary(max_size=99), st.booleans())
def test_whatever_comes_nothing_is_raised(body: bytes, stream: bool) -> None:
    """Bytes are a stranger's."""
    for dialect in (HEAR, SPEAK):
        for opening in (b"", b"{", b'data: {"type":"transcription.done","usage":', b'{"usage":'):
            reader = read(dialect.reader(HERE, Asked(stream=stream), {}), opening + body + b"\n\n")
            assert isinstance(reader.report(), Report)
            assert isinstance(reader.delivered(), bytes)


@pytest.mark.parametrize("kind", ["[]", "{}", "5", "null"])
def test_an_event_that_says_its_type_twice_ends_nothing_if_one_is_no_text(kind: str) -> None:
    """Of members of one name the last holds."""
    odd = f'data: {{"type": "transcription.done", "type": {kind}}}\n\n'.encode()

    assert read(MistralTranscription().reader(HERE, Asked(stream=True), {}), odd).report() == Report()
