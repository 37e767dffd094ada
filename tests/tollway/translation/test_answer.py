"""A Chat answer in one piece becomes a message."""

import json
from typing import Any

import pytest
from anthropic.types import Message

from tests.tollway.translation.chats import BACK, SAID, USAGE, cut
from tollway.translation.answer import LIMIT, ChatWhole
from tollway.translation.thoughts import MARK
from tollway.translation.way_back import WayBack


def translated(body: object, back: WayBack = BACK) -> dict[str, Any]:
    """What an answer comes to, however it is cut."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    said = cut(ChatWhole(back), data)
    assert said == cut(ChatWhole(back), data, range(0, len(data), 3))
    value: dict[str, Any] = json.loads(said)
    if value["type"] == "message":
        Message.model_validate(value)
    return value


def answer(message: dict[str, Any], finish: str | None = "stop", **more: Any) -> dict[str, Any]:
    """One with this message."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return {"id": "chatcmpl-1", "model": "served", "choices": [choice], "usage": USAGE, **more}


def call(name: str = "read", arguments: object = '{"path": "a"}', id: object = "call_1") -> dict[str, Any]:
    """A call of a function."""
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def test_thoughts_texts_and_calls_are_its_content() -> None:
    said = {"content": "Well", "reasoning": "hm", "tool_calls": [call(), call("list", "", None)]}

    assert translated(answer(said, "tool_calls")) == {
        "id": "msg_c1",
        "type": "message",
        "role": "assistant",
        "model": "served",
        "content": [
            {"type": "thinking", "thinking": "hm", "signature": MARK},
            {"type": "text", "text": "Well"},
            {"type": "tool_use", "id": "call_1", "name": "read", "input": {"path": "a"}},
            {"type": "tool_use", "id": "toolu_c13", "name": "list", "input": {}},
        ],
        "stop_reason": "tool_use",
        "stop_sequence": None,
        "usage": SAID,
    }


def test_what_snowflake_leaves_empty_says_nothing() -> None:
    """No reason to stop, a function that is none, and no model."""
    said = {"content": "4", "function_call": {"name": "", "arguments": ""}, "refusal": "", "tool_calls": None}
    found = translated(answer(said, "", model=""))

    assert (found["content"], found["stop_reason"]) == ([{"type": "text", "text": "4"}], "end_turn")
    assert found["model"] == "asked"


def test_parts_of_a_kind_are_one_block() -> None:
    thinking = {
        "type": "thinking",
        "thinking": [{"type": "text", "text": "h"}, {"type": "text", "text": "m"}],
    }
    said = {"content": [thinking, {"type": "text", "text": "We"}, {"type": "text", "text": "ll"}]}

    assert translated(answer(said))["content"] == [
        {"type": "thinking", "thinking": "hm", "signature": MARK},
        {"type": "text", "text": "Well"},
    ]


def test_a_refusal_is_a_text_and_a_reason_to_stop() -> None:
    found = translated(answer({"content": None, "refusal": "No."}))

    assert (found["content"], found["stop_reason"]) == ([{"type": "text", "text": "No."}], "refusal")


def test_names_that_were_shortened_are_the_callers_again() -> None:
    back = WayBack(id="c1", model="asked", tools={"short": "the_long_one"})

    (use,) = translated(answer({"tool_calls": [call("short")]}), back)["content"]
    assert use["name"] == "the_long_one"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no JSON"),
        (b"<html>", "no JSON"),
        (b"[]", "no object"),
        ({}, "no choice"),
        ({"choices": []}, "no choice"),
        (answer({"content": "half"}, "error"), "failed before its answer was whole (error)"),
        (answer({"tool_calls": [call(arguments='{"path": ')]}), "arguments of a call that are no object"),
        (answer({"tool_calls": [call(arguments="[]")]}), "arguments of a call that are no object"),
        (answer({"tool_calls": [call(name="")]}), "without a name"),
        (answer({"tool_calls": [{"id": "a", "custom": {}}]}), "something else than a function"),
        ({"error": {"message": "no room", "code": 429}}, "no room"),
    ],
)
def test_what_is_no_answer_is_an_error(body: object, says: str) -> None:
    found = translated(body)

    assert found["type"] == "error"
    assert says in found["error"]["message"]


def test_what_is_kept_of_an_answer_is_bounded() -> None:
    """What is too long is none."""
    whole = ChatWhole(BACK)
    for _ in range(3):
        assert whole.feed(b" " * (LIMIT // 2)) == b""

    assert json.loads(whole.flush())["type"] == "error"
