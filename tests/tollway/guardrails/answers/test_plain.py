"""Answers that are a text and little else go through filters."""

from typing import Any

import pytest

from tests.tollway.guardrails.answers.filtering import Heard, holding, stopping, whole_through
from tests.tollway.guardrails.answers.streams import dumps
from tollway.guardrails.answers.flow import Flow
from tollway.guardrails.answers.plain import Plain


@pytest.mark.parametrize(
    "message",
    [
        {"generation": "se", "stop_reason": "stop"},
        {"outputText": "se", "index": 0, "completionReason": "FINISH"},
        {"completion": "se", "stop_reason": "stop_sequence"},
        {"text": "se", "is_finished": True, "finish_reason": "COMPLETE"},
        {"outputs": [{"text": "se", "stop_reason": "stop"}]},
        {"results": [{"outputText": "se", "completionReason": "FINISH"}]},
        {"generations": [{"text": "se", "finish_reason": "COMPLETE"}]},
    ],
)
def test_a_text_is_changed_wherever_it_stands(message: dict[str, Any]) -> None:
    """And its end is told of as it is there."""
    body = dumps(message)

    out = whole_through("bedrock_invoke", body, holding(Heard(), (9,), True))

    assert out == body.replace(b'"se"', b'"\\n\\""')
    assert b'"content_filtered"' in whole_through("bedrock_invoke", body, stopping("s"))


def test_what_was_held_back_comes_where_the_text_stood() -> None:
    """Alone, in a message of its own."""
    flow = Flow(Plain(), holding(Heard(), (9,)))
    flow.take({"outputs": [{"text": "se", "stop_reason": None}]})

    assert flow.take({"outputs": [{"text": "", "stop_reason": "stop"}]}).before == [
        {"outputs": [{"text": "se"}]}
    ]


def test_the_end_is_told_once() -> None:
    """Where it was not told before."""
    open, over = Plain(), Plain()
    [*open.read({"outputs": [{"text": ""}]})]
    [*over.read({"outputs": [{"text": "", "stop_reason": "stop"}]})]

    assert open.closing() == [{"outputs": [{"text": "", "stop_reason": "content_filtered"}]}]
    assert over.closing() == []
