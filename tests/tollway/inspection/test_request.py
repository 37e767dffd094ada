"""`tollway.inspection.request`: requests of every dialect."""

import json
from typing import Any

import pytest

from tests.golden.golden import form
from tollway.inspection.conversation import Attachment, Conversation, Text, Turn
from tollway.inspection.request import CUT, READS, read_request
from tollway.wire import DIALECTS
from tollway.wire.request_body import LARGEST


def said(*turns: tuple[str, str]) -> tuple[Turn, ...]:
    return tuple(Turn(role, (Text(text),)) for role, text in turns)


def test_every_dialect_is_read() -> None:
    """A new one needs a row."""
    assert READS.keys() == DIALECTS.keys()


@pytest.mark.parametrize(
    ("dialect", "body", "turns"),
    [
        ("openai_chat", {"messages": [{"role": "user", "content": "Hi"}]}, [("user", "Hi")]),
        (
            "openai_responses",
            {"instructions": "Be short.", "input": "Hi"},
            [("system", "Be short."), ("user", "Hi")],
        ),
        (
            "anthropic_messages",
            {"messages": [{"role": "user", "content": "Hi"}], "system": [{"type": "text", "text": "S"}]},
            [("system", "S"), ("user", "Hi")],
        ),
        (
            "gemini",
            {
                "request": {
                    "systemInstruction": {"parts": [{"text": "S"}]},
                    "contents": [{"parts": [{"text": "Hi"}]}],
                }
            },
            [("system", "S"), ("user", "Hi")],
        ),
        ("gemini_embeddings", {"requests": [{"content": {"parts": [{"text": "Hi"}]}}]}, [("user", "Hi")]),
        (
            "cohere_chat",
            {"preamble": "S", "message": "Hi", "chat_history": [{"role": "USER", "message": "A"}]},
            [("system", "S"), ("user", "A"), ("user", "Hi")],
        ),
        ("voyage", {"query": "gate", "documents": ["d"]}, [("user", "gate"), ("documents", "d")]),
        (None, {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}, [("user", "Hi")]),
        ("none_such", {"inputText": "Hi"}, [("user", "Hi")]),
        ("openai_chat", {"model": "m"}, []),
    ],
)
def test_what_a_request_shows_to_the_model(
    dialect: str | None, body: dict[str, Any], turns: list[tuple[str, str]]
) -> None:
    """What its members say, in the order in which they are said; an unknown dialect by what the body has."""
    assert read_request(dialect, json.dumps(body).encode()).turns == said(*turns)


def test_the_tools_are_named() -> None:
    """Those that the model may call."""
    body = b'{"messages": [], "tools": [{"name": "toll"}]}'

    assert read_request("anthropic_messages", body).tools == ("toll",)


def test_files_of_a_form_are_told_by_their_size() -> None:
    """A sound, and images as they are sent."""
    body = form({"prompt": "Hi", "file": {"filename": "a.wav", "type": "audio/wav", "base64": "UklGRg=="}})

    read = read_request("openai_transcriptions", body, "multipart/form-data; boundary=golden-boundary")

    assert read.turns == (*said(("user", "Hi")), Turn("user", (Attachment("file", size=4),)))


def test_an_image_beside_a_text() -> None:
    """Bedrock's Titan has it as base64."""
    body = json.dumps({"inputText": "Hi", "inputImage": "aW1n" * 100})

    read = read_request("bedrock_invoke", body.encode())

    assert read.turns == (*said(("user", "Hi")), Turn("user", (Attachment("image", size=300),)))


def test_what_is_cut_off_is_read_up_to_there() -> None:
    """With a remark."""
    read = read_request("openai_chat", b'{"messages": [{"role": "user", "content": "Where is th')

    assert read.turns == said(("user", "Where is th"))
    assert read.remarks == (CUT,)


@pytest.mark.parametrize("body", [None, b""])
def test_no_body_says_nothing(body: bytes | None) -> None:
    """Not even a remark."""
    assert read_request("openai_chat", body) == Conversation()


def test_what_is_too_long_is_not_read() -> None:
    """It would take seconds."""
    read = read_request("openai_chat", bytes(LARGEST + 1))

    assert read == Conversation(remarks=("the request is too long to be shown: 67,108,865 bytes",))
