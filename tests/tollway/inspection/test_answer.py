"""`tollway.inspection.answer`: answers of every dialect, as they come."""

import json

import pytest

from tollway.inspection import answer as module
from tollway.inspection import draft
from tollway.inspection.answer import Answer, read_answer
from tollway.inspection.conversation import Attachment, Conversation, Text, Turn
from tollway.inspection.pieces import PIECES
from tollway.wire import DIALECTS

CHUNKS = b"".join(
    b"data: %s\n\n" % json.dumps({"choices": [{"delta": {"content": text}}]}).encode()
    for text in ("Mile ", "nine", ".")
)


def said(text: str) -> tuple[Turn, ...]:
    return (Turn("assistant", (Text(text),)),)


def test_every_dialect_is_read() -> None:
    """A new one needs a row."""
    assert PIECES.keys() == DIALECTS.keys()


def test_a_running_stream_shows_what_has_come() -> None:
    """Asking changes nothing of what comes."""
    answer = Answer("openai_chat", "text/event-stream")

    answer.feed(CHUNKS[:-20])
    midway = answer.conversation()
    answer.feed(CHUNKS[-20:])

    assert midway.turns == said("Mile nine")
    assert answer.conversation() == answer.conversation() == Conversation(said("Mile nine."))


def test_a_last_event_counts_though_nothing_closed_it() -> None:
    """It is shown once, however often one asks."""
    answer = Answer("openai_chat", "text/event-stream")
    answer.feed(CHUNKS[:-2])

    assert [answer.conversation().turns for _ in range(2)] == [said("Mile nine.")] * 2


def test_errors_are_remarks() -> None:
    """Each once, and not too many."""
    events = [{"error": {"message": f"no {n % 30}"}} for n in range(60)]
    body = b"".join(b"data: %s\n\n" % json.dumps(event).encode() for event in events)

    read = read_answer("openai_chat", body, "text/event-stream")

    assert read.remarks[:2] == ("error: no 0", "error: no 1")
    assert len(read.remarks) == module._FAILURES


def test_texts_and_bytes_are_shown() -> None:
    """A transcription may be plain text, a speech is bytes."""
    assert read_answer("openai_transcriptions", b"Pay.", "text/plain").turns == said("Pay.")
    assert read_answer("openai_speech", b"ID3", "audio/mpeg").turns == (
        Turn("assistant", (Attachment("audio", "audio/mpeg", 3),)),
    )


def test_what_is_cut_off_says_so() -> None:
    """With what of it could be read."""
    read = read_answer("openai_chat", b'{"choices": [{"message": {"content": "Mile', "application/json")

    assert read == Conversation(
        said("Mile"), (), ("the answer is no whole JSON: this is what of it could be read",)
    )


def test_what_is_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its beginning is shown."""
    monkeypatch.setattr(draft, "LARGEST", 9)

    read = read_answer("openai_chat", CHUNKS, "text/event-stream")

    assert read == Conversation(
        said("Mile nine"), (), ("only the beginning of the answer is shown: it is very long",)
    )


def test_no_body_says_nothing() -> None:
    """As where none has come yet."""
    assert read_answer("openai_chat", None) == Conversation()


def test_an_unknown_dialect_is_read_by_what_it_has() -> None:
    """As a flow has whose host no row names any more."""
    assert read_answer(None, b'{"choices": [{"message": {"content": "Nine."}}]}').turns == said("Nine.")
