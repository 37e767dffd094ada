"""Hints and bounds of a request are taken where they are sound."""

from typing import Any

import pytest

from tollway.model import Endpoint, Kind
from tollway.wire.openai_request import max_output, model, session, streams

HERE = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com")
DEPLOYED = Endpoint(
    kind=Kind.INFERENCE, provider="azure", host="x.openai.azure.com", model="mine", stream=True
)


def test_the_path_s_model_goes_before_the_body_s() -> None:
    assert model(HERE, {"model": "gpt-5"}) == "gpt-5"
    assert model(HERE, {"model": 5}) is None
    assert model(HERE, {"model_id": "ibm/granite-4"}) == "ibm/granite-4"
    assert model(DEPLOYED, {"model": "gpt-5"}) == "mine"


@pytest.mark.parametrize(
    ("body", "expected"), [({}, False), ({"stream": True}, True), ({"stream": "yes"}, False)]
)
def test_a_stream_is_asked_for_with_true(body: dict[str, Any], expected: bool) -> None:
    assert streams(HERE, body) is expected
    assert streams(DEPLOYED, body) is True


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, None),
        ({"max_tokens": 5}, 5),
        ({"max_completion_tokens": 6, "max_tokens": 5}, 6),
        ({"max_output_tokens": 7}, 7),
        ({"max_tokens": 0}, 0),
        ({"max_tokens": "5", "max_completion_tokens": True, "max_output_tokens": -1}, None),
    ],
)
def test_the_output_maximum_is_the_larger_of_two(body: dict[str, Any], expected: int | None) -> None:
    assert max_output(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, None),
        ({"prompt_cache_key": "k", "user": "u"}, "k"),
        ({"conversation": "conv_1"}, "conv_1"),
        ({"conversation": {"id": "conv_1"}}, "conv_1"),
        ({"session_id": "s"}, "s"),
        ({"metadata": {"session_id": "s"}}, "s"),
        ({"metadata": {"thread_id": "t", "conversation_id": "c"}}, "c"),
        ({"prompt_cache_key": 5, "conversation": [], "metadata": "x", "user": 7}, None),
    ],
)
def test_the_conversation_is_what_the_request_hints_at(body: dict[str, Any], expected: str | None) -> None:
    assert session(body) == expected


@pytest.mark.parametrize("name", ["user", "safety_identifier"])
def test_of_who_the_user_is_only_a_hash_is_kept(name: str) -> None:
    hint = session({name: "jane@example.com"})

    assert hint is not None
    assert "jane" not in hint
    assert hint == session({name: "jane@example.com"}) != session({name: "joe@example.com"})
