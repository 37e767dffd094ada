"""Converse's dialect reads requests of any shape; the answer says whether it is a stream."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.event_stream import event
from tollway.model import Asked, Endpoint, Kind, Usage
from tollway.wire.bedrock_converse import BedrockConverse

DIALECT = BedrockConverse()
MODEL = "us.amazon.nova-micro-v1:0"


def endpoint(stream: bool = False) -> Endpoint:
    return Endpoint(kind=Kind.INFERENCE, provider="bedrock", host="h", model=MODEL, stream=stream)


def test_path_and_body_say_what_is_asked_for() -> None:
    body = {
        "messages": [{"role": "user", "content": [{"text": "hi"}]}],
        "inferenceConfig": {"maxTokens": 300},
        "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 100}},
        "serviceTier": {"type": "flex"},
        "requestMetadata": {"session_id": "s-1"},
    }

    assert DIALECT.read_request(endpoint(stream=True), body) == Asked(
        model=MODEL, stream=True, max_output_tokens=300, tier="flex", session="s-1"
    )
    assert DIALECT.read_request(endpoint(), {}) == Asked(model=MODEL)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
NAMES = ["system", "messages", "toolConfig", "inferenceConfig", "serviceTier", "requestMetadata", "metadata"]


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_no_request_makes_it_raise(body: dict[str, Any]) -> None:
    DIALECT.read_request(endpoint(), body)
    list(DIALECT.texts(body))


def test_texts_are_what_the_model_reads() -> None:
    """Tools with their schemas; of images, nothing."""
    body = {
        "system": [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}],
        "toolConfig": {"tools": [
            {"toolSpec": {"name": "look", "description": "Look", "inputSchema": {"json": {"a": "object"}}}},
        ]},
        "messages": [
            {"role": "user", "content": [
                {"text": "What is it?"},
                {"image": {"source": {"bytes": "aGk="}}},
            ]},
            {"role": "assistant", "content": [
                {"toolUse": {"toolUseId": "t", "name": "look", "input": {"at": "it"}}},
            ]},
            {"role": "user", "content": [
                {"toolResult": {"toolUseId": "t", "content": [{"json": {"seen": 1}}, {"text": "a cat"}]}},
            ]},
        ],
    }  # fmt: skip

    assert list(DIALECT.texts(body)) == [
        "Be brief.", "look", "Look", '{"a":"object"}', "What is it?", "look", '{"at":"it"}', '{"seen":1}',
        "a cat",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        b'{"output":{},"usage":{"inputTokens":3,"outputTokens":4}}',
        event("messageStart", {}) + event("metadata", {"usage": {"inputTokens": 3, "outputTokens": 4}}),
    ],
    ids=["whole", "stream"],
)
@pytest.mark.parametrize("stream", [True, False])
def test_the_answer_itself_says_what_it_is(answer: bytes, stream: bool) -> None:
    """A refused stream is JSON, whatever was asked for."""
    reader = DIALECT.reader(endpoint(stream), Asked(stream=stream), {})

    reader.feed(answer)

    assert reader.report().usage == Usage(input_tokens=3, output_tokens=4)
    assert reader.report().complete


def test_an_error_has_the_shape_of_awss() -> None:
    assert json.loads(DIALECT.error(402, "Limit reached", "limit"))["message"] == "Limit reached"
