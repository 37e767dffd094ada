"""The texts of an answer that came as a whole."""

from collections.abc import Sequence

import pytest

from tollway.guardrails.answers.chat import Chat
from tollway.guardrails.answers.gemini import Gemini
from tollway.guardrails.answers.responses import Responses
from tollway.guardrails.answers.said import Message, Reading
from tollway.guardrails.answers.texts import texts


def gemini(*parts: object) -> Message:
    return {"candidates": [{"content": {"parts": list(parts)}}]}


@pytest.mark.parametrize(
    ("reading", "message", "said"),
    [
        (Chat(), {"choices": [{"message": {"content": "one", "refusal": None}}]}, ["one"]),
        (
            Chat(),
            {"choices": [{"message": {"content": "one"}}, {"index": 1, "message": {"content": "two"}}]},
            ["one", "two"],
        ),
        (Chat(), {"error": {"message": "no text"}}, []),
        (Gemini(), gemini({"text": "one "}, {"text": "text"}), ["one text"]),
        (Responses(), {"output": [{"type": "message", "content": [
            {"type": "output_text", "text": "one"}, {"type": "output_text", "text": "two"}
        ]}]}, ["one", "two"]),
    ],
)  # fmt: skip
def test_each_text_is_told_whole(reading: Reading, message: Message, said: Sequence[str]) -> None:
    assert texts(reading, message) == said


def test_a_text_that_goes_on_behind_another_is_not_put_together_here() -> None:
    parts = ({"text": "one "}, {"text": "thinks", "thought": True}, {"text": "text"})
    assert texts(Gemini(), gemini(*parts)) is None


def test_texts_on_either_side_of_an_end_are_not_put_together() -> None:
    ended = {"message": {"content": "one"}, "finish_reason": "stop"}
    assert texts(Chat(), {"choices": [ended, ended | {"index": 0}]}) is None
