"""Cohere's chat requests are read, of both versions."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind
from tollway.wire.cohere_chat import CohereChat

HERE = Endpoint(kind=Kind.INFERENCE, provider="cohere", host="api.cohere.com", dialect="cohere_chat")
CHAT = CohereChat()


def test_a_request_is_read() -> None:
    """Its model stands nowhere else: no answer names it."""
    body = {"model": "command-a-plus", "stream": True, "max_tokens": 90, "conversation_id": "c-1"}

    assert CHAT.read_request(HERE, body) == Asked(
        model="command-a-plus", stream=True, max_output_tokens=90, session="c-1"
    )
    assert CHAT.read_request(HERE, {"message": "Hi"}) == Asked()


def test_the_texts_are_what_the_model_reads() -> None:
    """Messages of the second version; preamble, history and message of the first; a prompt before it."""
    second = {
        "model": "m",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
        "documents": [{"id": "1", "data": {"text": "D"}}, "E", {"title": "F"}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    }
    first = {"preamble": "P", "chat_history": [{"role": "USER", "message": "H"}], "message": "M"}

    assert list(CHAT.texts(second)) == ["Hi", "f", '{"type":"object"}', "D", "E", "F"]
    assert list(CHAT.texts(first)) == ["P", "H", "M"]
    assert list(CHAT.texts({"prompt": "Once", "model": "m"})) == ["Once"]


@pytest.mark.parametrize("value", [None, 1, -1, True, [], {}, 1.5])
def test_wrong_types_are_absent(value: Any) -> None:
    """They are the provider's to refuse."""
    asked = CHAT.read_request(
        HERE, dict.fromkeys(["model", "stream", "max_tokens", "conversation_id"], value)
    )

    assert asked == Asked(
        stream=value is True, max_output_tokens=1 if value == 1 and value is not True else None
    )


@given(st.dictionaries(st.sampled_from(["message", "documents", "tools"]), st.none() | st.integers()))
def test_whatever_is_asked_its_texts_are_texts(body: dict[str, Any]) -> None:
    """Nothing is raised."""
    assert list(CHAT.texts(body)) == []


def test_a_refusal_is_in_cohere_s_shape() -> None:
    """A message alone."""
    assert json.loads(CHAT.error(403, "no", "limit_reached"))["message"] == "no"
