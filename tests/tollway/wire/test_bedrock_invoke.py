"""InvokeModel's dialect reads requests in every model's format."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.event_stream import event
from tollway.model import Asked, Endpoint, Kind, Usage
from tollway.wire.bedrock_invoke import BedrockInvoke
from tollway.wire.bedrock_invoke_answer import InvokeStream, InvokeWhole
from tollway.wire.openai_answer import Answer

DIALECT = BedrockInvoke()
CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"


def endpoint(operation: str = "chat", stream: bool = False) -> Endpoint:
    return Endpoint(
        kind=Kind.INFERENCE, provider="bedrock", host="h", operation=operation, model=CLAUDE, stream=stream
    )


def test_path_and_body_say_what_is_asked_for() -> None:
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 1024,
        "metadata": {"user_id": "user_ab_account_cd_session_01234567-89ab"},
        "messages": [],
    }

    assert DIALECT.read_request(endpoint(stream=True), body) == Asked(
        model=CLAUDE, stream=True, max_output_tokens=1024, session="01234567-89ab"
    )
    assert DIALECT.read_request(endpoint(), {"service_tier": "flex"}) == Asked(model=CLAUDE, tier="flex")


@pytest.mark.parametrize(
    ("operation", "body", "billed"),
    [
        (
            "images",
            {"taskType": "TEXT_IMAGE", "imageGenerationConfig": {"numberOfImages": 3}},
            Usage(images=3),
        ),
        ("images", {"text_prompts": [{"text": "x"}], "samples": 2}, Usage(images=2)),
        ("images", {"prompt": "x"}, Usage(images=1)),
        ("rerank", {"query": "q", "documents": ["d"] * 100}, Usage(requests=1)),
        ("rerank", {"query": "q", "documents": ["d"] * 101}, Usage(requests=2)),
        ("rerank", {"query": "q", "documents": 5}, Usage(requests=1)),
        ("chat", {"documents": ["d"]}, None),
        ("embeddings", {"texts": ["t"]}, None),
    ],
)
def test_images_and_rankings_are_billed_as_asked(
    operation: str, body: dict[str, Any], billed: Usage | None
) -> None:
    assert DIALECT.read_request(endpoint(operation), body).billed == billed


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ({"system": "s", "messages": [{"role": "user", "content": "hi"}]}, ["s", "hi"]),
        ({"messages": [{"content": [{"text": "hi"}, {"image": {"source": {"bytes": "aGk="}}}]}]}, ["hi"]),
        ({"inputText": "hi", "inputImage": "aGk=", "normalize": True}, ["hi"]),
        ({"prompt": "hi", "image": "aGk="}, ["hi"]),
        ({"message": "hi", "chat_history": [{"role": "USER", "message": "before"}]}, ["hi", "before"]),
        ({"query": "q", "documents": ["a", "b"], "top_n": 1}, ["a", "b", "q"]),
        ({"texts": ["a", "b"], "input_type": "search_query", "images": ["data:,"]}, ["a", "b"]),
        ({"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "a", "negativeText": "b"}}, ["a", "b"]),
        ({"text_prompts": [{"text": "a", "weight": 1.0}]}, ["a"]),
        ({"body": 5}, []),
    ],
)
def test_texts_are_what_the_model_reads(body: dict[str, Any], texts: list[str]) -> None:
    assert list(DIALECT.texts(body)) == texts


def test_the_text_of_an_embedding_is_found() -> None:
    body = {"taskType": "SINGLE_EMBEDDING", "singleEmbeddingParams": {"text": {"value": "hi"}}}

    assert "hi" in list(DIALECT.texts(body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
NAMES = ["messages", "inferenceConfig", "imageGenerationConfig", "samples", "documents", "metadata", "prompt"]


@given(st.dictionaries(st.sampled_from(NAMES), JSON), st.sampled_from(["chat", "images", "rerank"]))
def test_no_request_makes_it_raise(body: dict[str, Any], operation: str) -> None:
    DIALECT.read_request(endpoint(operation), body)
    list(DIALECT.texts(body))


@pytest.mark.parametrize(("data", "kind"), [(b"{}", InvokeWhole), (event("chunk", {}), InvokeStream)])
def test_the_answer_itself_says_what_it_is(data: bytes, kind: type) -> None:
    reader = DIALECT.reader(endpoint(stream=True), Asked(stream=True), {})

    reader.feed(data)

    assert isinstance(reader, Answer)
    assert type(reader._reader) is kind


def test_an_error_has_the_shape_of_awss() -> None:
    assert json.loads(DIALECT.error(402, "Limit reached", "limit"))["message"] == "Limit reached"
