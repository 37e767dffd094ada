"""Gemini's dialect reads requests of any shape and writes errors that its SDK raises."""

import json
from typing import Any

import httpx
import pytest
from google.genai.errors import APIError
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind
from tollway.wire.gemini import Gemini
from tollway.wire.gemini_answer import AnswerWhole, ChunkStream

DIALECT = Gemini()


def endpoint(model: str | None = "gemini-x", stream: bool | None = False) -> Endpoint:
    return Endpoint(kind=Kind.INFERENCE, provider="gemini", host="h", model=model, stream=stream)


@pytest.mark.parametrize(
    "body",
    [
        {"generationConfig": {"maxOutputTokens": 64}, "serviceTier": "flex"},
        {"generation_config": {"max_output_tokens": 64}, "service_tier": "flex"},
    ],
)
def test_either_spelling_is_read(body: dict[str, Any]) -> None:
    assert DIALECT.read_request(endpoint(stream=True), body) == Asked(
        model="gemini-x", stream=True, max_output_tokens=64, tier="flex"
    )


def test_code_assist_wraps_the_request_and_names_the_model_in_the_body() -> None:
    body = {
        "model": "models/gemini-x",
        "project": "p",
        "user_prompt_id": "u",
        "request": {
            "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
            "generationConfig": {"maxOutputTokens": 64},
            "session_id": "01234567-89ab",
        },
    }

    asked = DIALECT.read_request(endpoint(model=None), body)

    assert asked == Asked(model="gemini-x", max_output_tokens=64, session="01234567-89ab", account="p")
    assert list(DIALECT.texts(body)) == ["Hi"]


def test_texts_are_what_the_model_reads() -> None:
    schema = {"type": "OBJECT", "properties": {"at": {"type": "STRING"}}}
    body = {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "tools": [
            {"functionDeclarations": [{"name": "look", "description": "Looks.", "parameters": schema}]}
        ],
        "contents": [
            {
                "role": "user",
                "parts": [{"text": "Hi"}, {"inlineData": {"mimeType": "image/png", "data": "aGk="}}],
            },
            {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {"at": "it"}}}]},
            {
                "role": "user",
                "parts": [{"functionResponse": {"name": "look", "response": {"seen": "a dog"}}}],
            },
        ],
    }

    assert list(DIALECT.texts(body)) == [
        "Be brief.",
        "look",
        "Looks.",
        '{"type":"OBJECT","properties":{"at":{"type":"STRING"}}}',
        "Hi",
        "look",
        '{"at":"it"}',
        "look",
        "a dog",
    ]
    assert list(DIALECT.texts({"system_instruction": "Be brief."})) == ["Be brief."]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
KEYS = st.sampled_from(["contents", "tools", "systemInstruction", "generationConfig", "request", "model"])


@given(st.dictionaries(KEYS, JSON))
def test_no_request_makes_it_raise(body: dict[str, Any]) -> None:
    DIALECT.read_request(endpoint(None), body)
    list(DIALECT.texts(body))


@pytest.mark.parametrize(
    ("content_type", "stream", "reader"),
    [
        ("text/event-stream", True, ChunkStream),
        ("Text/Event-Stream; charset=utf-8", False, ChunkStream),
        ("application/json; charset=UTF-8", True, ChunkStream),
        ("application/json; charset=UTF-8", False, AnswerWhole),
    ],
)
def test_the_answer_says_which_reader_it_needs(content_type: str, stream: bool, reader: type) -> None:
    assert type(DIALECT.reader(endpoint(), Asked(stream=stream), {"content-type": content_type})) is reader


def test_an_array_is_told_from_events_by_the_content_type() -> None:
    chunk = b'{"usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2}}'
    for content_type, data in (("text/event-stream", b"data: %b\n\n"), ("application/json", b"[%b]")):
        reader = DIALECT.reader(endpoint(), Asked(stream=True), {"content-type": content_type})
        reader.feed(data % chunk)

        usage = reader.report().usage
        assert usage is not None
        assert (usage.input_tokens, usage.output_tokens) == (1, 2)


@pytest.mark.parametrize(
    ("status", "name"),
    [(402, "FAILED_PRECONDITION"), (429, "RESOURCE_EXHAUSTED"), (500, "INTERNAL"), (503, "UNAVAILABLE")],
)
def test_an_error_has_the_shape_of_googles(status: int, name: str) -> None:
    error = json.loads(DIALECT.error(status, "Limit reached", "limit"))["error"]

    assert (error["code"], error["message"], error["status"]) == (status, "Limit reached", name)
    assert error["details"][0]["reason"] == "limit"


def test_the_sdk_raises_an_error_of_ours_with_its_message() -> None:
    response = httpx.Response(402, content=DIALECT.error(402, "limit team-month: 0.00 USD left", "limit"))

    with pytest.raises(APIError, match="limit team-month") as raised:
        APIError.raise_for_response(response)

    assert (raised.value.code, raised.value.status) == (402, "FAILED_PRECONDITION")
