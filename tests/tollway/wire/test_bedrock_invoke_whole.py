"""A whole answer of a model within Bedrock: its own counts, and the headers beside it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.wire.invoked import CLAUDE_USED, END, START, endpoint, whole
from tollway.model import Asked, Portion, Report, Usage
from tollway.wire.bedrock_invoke_answer import InvokeWhole

HEADERS = {"x-amzn-bedrock-input-token-count": "6", "x-amzn-bedrock-output-token-count": "10"}


@pytest.mark.parametrize(
    ("body", "usage", "said"),
    [
        ({"outputs": [{"text": "out"}]}, Usage(input_tokens=6, output_tokens=10), "out"),
        ({"text": "This", "finish_reason": "MAX_TOKENS"}, Usage(input_tokens=6, output_tokens=10), "This"),
        (
            {"generation": "x", "prompt_token_count": 5, "generation_token_count": 9},
            Usage(input_tokens=5, output_tokens=9),
            "x",
        ),
        (
            {"output": {"message": {"content": [{"text": "x"}]}}, "usage": {"inputTokens": 4}},
            Usage(input_tokens=4, output_tokens=10),
            "x",
        ),
    ],
)
def test_headers_fill_what_the_body_leaves_out(body: dict[str, Any], usage: Usage, said: str) -> None:
    reader = whole(body, HEADERS)

    assert reader.report() == Report(usage=usage, complete=True)
    assert reader.delivered().decode() == said


def test_claudes_message_has_more_than_the_headers() -> None:
    headers = {
        "x-amzn-bedrock-input-token-count": "3",
        "x-amzn-bedrock-output-token-count": "12",
        "x-amzn-bedrock-cache-read-input-token-count": "500",
        "x-amzn-bedrock-cache-write-input-token-count": "90",
        "x-amzn-bedrock-service-tier": "default",
        "x-amzn-bedrock-performanceconfig-latency": "optimized",
        "x-amzn-requestid": "f00d",
    }
    usage = START["message"]["usage"] | END["usage"] | {"service_tier": "standard"}  # type: ignore[index]
    body = {**START["message"], "content": [{"type": "text", "text": "Hi"}], "usage": usage}  # type: ignore[dict-item]

    assert whole(body, headers).report() == Report(
        usage=CLAUDE_USED, tier="default", speed="optimized", id="f00d", complete=True
    )
    assert whole(body).report() == Report(usage=CLAUDE_USED, tier="standard", id="msg_bdrk_01", complete=True)


def test_a_message_of_several_models_is_billed_in_portions() -> None:
    """The headers count only one of them."""
    advisor = {"type": "advisor_message", "model": "claude-a", "input_tokens": 4, "output_tokens": 2}
    body = {"model": "claude-b", "usage": {"input_tokens": 10, "output_tokens": 7, "iterations": [advisor]}}

    assert whole(body, {"x-amzn-bedrock-cache-read-input-token-count": "500"}).report() == Report(
        usage=Usage(input_tokens=14, output_tokens=9),
        portions=(
            Portion(model=None, usage=Usage(input_tokens=10, output_tokens=7)),
            Portion(model="claude-a", usage=Usage(input_tokens=4, output_tokens=2)),
        ),
        complete=True,
    )


def test_embeddings_of_any_length_are_counted_by_their_end_or_the_headers() -> None:
    vectors = [0.015625] * 20_000
    titan = whole({"embedding": vectors, "inputTextTokenCount": 9}, operation="embeddings")
    cohere = whole({"embeddings": [vectors], "texts": ["t"]}, HEADERS, operation="embeddings")

    assert titan.report() == Report(usage=Usage(input_tokens=9), complete=True)
    assert cohere.report() == Report(usage=Usage(input_tokens=6, output_tokens=10), complete=True)


@pytest.mark.parametrize(
    ("images", "number"), [(["aGk="], 1), ([], 0), (["aGk=" * 400_000] * 3, 3)], ids=["one", "none", "huge"]
)
def test_images_are_counted_or_where_they_are_too_large_taken_as_asked(
    images: list[str], number: int
) -> None:
    asked = Asked(billed=Usage(images=3))
    reader = whole({"images": images}, operation="images", asked=asked)

    assert reader.report() == Report(usage=Usage(images=number), complete=True)


def test_an_error_draws_no_images() -> None:
    asked = Asked(billed=Usage(images=3))
    named = {"x-amzn-errortype": "ValidationException:"}

    report = whole({"message": "Filtered."}, named, operation="images", asked=asked).report()

    assert report == Report(error="ValidationException", complete=True)


@given(st.binary(max_size=200), st.sampled_from(["chat", "images", "embeddings"]))
def test_nothing_makes_a_whole_answer_raise(data: bytes, operation: str) -> None:
    reader = InvokeWhole(endpoint(operation=operation), Asked(), {})

    reader.feed(data)

    assert reader.report().usage is None
    assert reader.delivered() == b""
