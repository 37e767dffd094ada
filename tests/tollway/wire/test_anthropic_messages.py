"""Anthropic's dialect reads requests of any shape and writes errors that its SDKs raise."""

import json
from typing import Any

import httpx2
import pytest
from anthropic import Anthropic, APIStatusError
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind
from tollway.wire.anthropic_answer import MessageStream, MessageWhole
from tollway.wire.anthropic_messages import AnthropicMessages

DIALECT = AnthropicMessages()


def endpoint(model: str | None = None, stream: bool | None = None) -> Endpoint:
    return Endpoint(
        kind=Kind.INFERENCE, provider="anthropic", host="api.anthropic.com", model=model, stream=stream
    )


def test_the_body_says_what_is_asked_for() -> None:
    body = {
        "model": "claude-x",
        "stream": True,
        "max_tokens": 1024,
        "service_tier": "auto",
        "metadata": {"user_id": "user_ab_account_cd_session_01234567-89ab"},
    }

    assert DIALECT.read_request(endpoint(), body) == Asked(
        model="claude-x",
        stream=True,
        max_output_tokens=1024,
        tier="auto",
        session="01234567-89ab",
    )


def test_on_vertex_the_path_says_it() -> None:
    asked = DIALECT.read_request(endpoint("claude-v", True), {"anthropic_version": "vertex-2023-10-16"})

    assert (asked.model, asked.stream) == ("claude-v", True)


@pytest.mark.parametrize("value", [None, [], {}, 5, -1, True, "", "x"])
def test_wrong_types_are_taken_as_absent(value: Any) -> None:
    body = {"stream": value, "max_tokens": value, "metadata": value, "service_tier": value, "model": value}

    asked = DIALECT.read_request(endpoint(), body)

    assert asked.stream is (value is True)
    assert asked.max_output_tokens == (5 if value == 5 else None)
    assert asked.session is None
    assert asked.model == (value if value == "x" else None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["system", "messages", "tools", "metadata", "model", "stream"]), JSON))
def test_no_request_makes_it_raise(body: dict[str, Any]) -> None:
    DIALECT.read_request(endpoint(), body)
    list(DIALECT.texts(body))


def test_texts_are_what_the_model_reads() -> None:
    body = {
        "system": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
        "tools": [{"name": "look", "description": "Looks.", "input_schema": {"type": "object"}}],
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": [
                {"type": "tool_use", "id": "t", "name": "look", "input": {"a": 1}},
            ]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "seen"}]},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}},
                {"type": "document", "source": {"type": "text", "data": "A page."}},
            ]},
        ],
    }  # fmt: skip

    assert list(DIALECT.texts(body)) == [
        "Be brief.", "look", "Looks.", '{"type":"object"}', "Hi", "look", '{"a":1}', "seen", "A page.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content_type", "asked_to_stream", "reader"),
    [
        ("text/event-stream; charset=utf-8", True, MessageStream),
        ("Text/Event-Stream", False, MessageStream),
        ("application/json", True, MessageWhole),
        ("Application/JSON", False, MessageWhole),
        ("", True, MessageStream),
        ("", False, MessageWhole),
    ],
)
def test_the_answer_says_which_reader_it_needs(
    content_type: str, asked_to_stream: bool, reader: type
) -> None:
    asked = Asked(stream=asked_to_stream)

    assert type(DIALECT.reader(endpoint(), asked, {"content-type": content_type})) is reader


@pytest.mark.parametrize(
    ("status", "kind"),
    [(402, "billing_error"), (426, "invalid_request_error"), (429, "rate_limit_error"), (503, "api_error")],
)
def test_an_error_has_the_shape_of_anthropics(status: int, kind: str) -> None:
    assert json.loads(DIALECT.error(status, "Limit reached", "limit")) == {
        "type": "error",
        "error": {"type": kind, "message": "Limit reached", "code": "limit"},
    }


def test_the_sdk_raises_an_error_of_ours_with_its_message() -> None:
    body = DIALECT.error(402, "limit team-month: 0.00 USD left", "limit")
    response = httpx2.Response(402, content=body, headers={"content-type": "application/json"})
    transport = httpx2.Client(transport=httpx2.MockTransport(lambda request: response))
    client = Anthropic(api_key="x", max_retries=0, http_client=transport)

    with pytest.raises(APIStatusError, match="limit team-month") as raised:
        client.messages.create(model="m", max_tokens=1, messages=[{"role": "user", "content": "hi"}])

    assert raised.value.status_code == 402
