"""A request's maximum and its conversation, in whichever model's format."""

from typing import Any

import pytest

from tollway.wire.bedrock_request import CONVERSE, INVOKE, max_output, session


@pytest.mark.parametrize(
    "body",
    [
        {"inferenceConfig": {"maxTokens": 10}},
        {"inferenceConfig": {"max_new_tokens": 10}},
        {"textGenerationConfig": {"maxTokenCount": 10}},
        {"max_tokens": 10},
        {"max_tokens_to_sample": 10},
        {"max_gen_len": 10},
        {"max_completion_tokens": 10},
        {"maxTokens": 10},
        {"maxOutputTokens": 10},
        {"parameters": {"max_new_tokens": 10}},
        {"additionalModelRequestFields": {"max_tokens": 10}},
        {"inferenceConfig": {"maxTokens": 4}, "additionalModelRequestFields": {"max_tokens": 10}},
        {"max_tokens": 10, "inferenceConfig": 5},
    ],
)
def test_every_name_of_the_maximum_is_known(body: dict[str, Any]) -> None:
    """Where there are two, the larger holds."""
    assert max_output(body, INVOKE) == 10


@pytest.mark.parametrize("body", [{}, {"max_tokens": -1}, {"inferenceConfig": {"maxTokens": "10"}}])
def test_what_is_no_maximum_is_absent(body: dict[str, Any]) -> None:
    assert max_output(body, INVOKE) is None


@pytest.mark.parametrize(
    "body",
    [
        {"requestMetadata": {"session_id": "s-1"}},
        {"requestMetadata": {"conversationId": "s-1"}, "metadata": {"user_id": "who"}},
        {"metadata": {"user_id": '{"session_id": "s-1"}'}},
        {"additionalModelRequestFields": {"metadata": {"user_id": '{"session_id": "s-1"}'}}},
    ],
)
def test_a_conversation_is_hinted_at_in_the_metadata(body: dict[str, Any]) -> None:
    assert session(body) == "s-1"


@pytest.mark.parametrize("body", [{}, {"requestMetadata": {"session_id": 5}}, {"metadata": 5}])
def test_most_requests_have_no_hint(body: dict[str, Any]) -> None:
    assert session(body) is None


def test_converse_has_no_maximum_at_the_top() -> None:
    """A clamp would not be heeded there."""
    body = {"max_tokens": 9000, "inferenceConfig": {"maxTokens": 5}}
    assert max_output(body, CONVERSE) == 5
    assert max_output(body, INVOKE) == 9000
