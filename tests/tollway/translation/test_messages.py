"""The conversation in the order in which Chat wants it."""

from typing import Any

import pytest

from tollway.translation.messages import OF_A_TOOL, messages
from tollway.translation.refused import Refused

THOUGHT = {"type": "thinking", "thinking": "hm", "signature": "of-anthropic"}
URL = {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}
PICTURE = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}


def text(said: str) -> dict[str, Any]:
    return {"type": "text", "text": said}


def use(id: str) -> dict[str, Any]:
    return {"type": "tool_use", "id": id, "name": "read", "input": {}}


def found(id: str, content: Any = "x") -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": id, "content": content}


def called(*ids: str) -> list[dict[str, Any]]:
    return [{"id": id, "type": "function", "function": {"name": "read", "arguments": "{}"}} for id in ids]


def said(*spoken: tuple[str, Any], system: Any = None) -> list[dict[str, Any]]:
    """What a conversation becomes."""
    talk = [{"role": role, "content": content} for role, content in spoken]
    return messages({"system": system, "messages": talk}, nine=False)


def test_the_system_s_texts_are_one_message_in_front() -> None:
    marked = text("b") | {"cache_control": {"type": "ephemeral"}}
    header = text("x-anthropic-billing-header: cc_version=1; cch=abc;")

    for system in ("a\n\nb", [text("a"), marked], [header, text("a"), marked]):
        assert said(("user", "hi"), system=system)[0] == {"role": "system", "content": "a\n\nb"}
    for nothing in (None, "", [], [header]):
        assert said(("user", "hi"), system=nothing) == [{"role": "user", "content": "hi"}]


def test_what_one_role_says_in_a_row_is_one_message() -> None:
    """Messages of the system amid the others are the user's."""
    talk = said(("user", [text("a"), text("b")]), ("system", "c"), ("assistant", "d"), ("user", "e"))

    assert talk == [
        {"role": "user", "content": "a\n\nb\n\nc"},
        {"role": "assistant", "content": "d"},
        {"role": "user", "content": "e"},
    ]


def test_pictures_make_a_message_a_list_of_parts() -> None:
    assert said(("user", [text("a"), URL])) == [
        {"role": "user", "content": [{"type": "text", "text": "a"}, PICTURE]}
    ]


def test_thoughts_stay_behind_and_calls_go_along() -> None:
    talk = said(
        ("user", "hi"),
        ("assistant", [THOUGHT, text("a"), use("t1"), use("t2")]),
        ("user", [found("t1"), found("t2"), text("go on")]),
        ("assistant", [THOUGHT]),
        ("assistant", [use("t3")]),
        ("user", [found("t3")]),
    )

    assert talk == [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": "a", "tool_calls": called("t1", "t2")},
        {"role": "tool", "tool_call_id": "t1", "content": "x"},
        {"role": "tool", "tool_call_id": "t2", "content": "x"},
        {"role": "user", "content": "go on"},
        {"role": "assistant", "content": None, "tool_calls": called("t3")},
        {"role": "tool", "tool_call_id": "t3", "content": "x"},
    ]


def test_a_picture_that_a_tool_found_is_shown_by_the_user_behind_all_results() -> None:
    """No message of a tool may have one, and none may stand between results."""
    talk = said(
        ("user", "hi"),
        ("assistant", [use("t1"), use("t2")]),
        ("user", [found("t1", [text("this"), URL]), found("t2"), text("go on")]),
    )

    assert [message["role"] for message in talk] == ["user", "assistant", "tool", "tool", "user"]
    assert talk[2]["content"] == "this"
    assert talk[4]["content"] == [text(OF_A_TOOL), PICTURE, text("go on")]


@pytest.mark.parametrize(
    ("talk", "says"),
    [
        ([("user", "hi"), ("assistant", "I")], "the last one is the model's"),
        ([("tool", "hi")], "tool is nobody's role"),
        ([("user", [use("t1")])], "tool_use can't stand here"),
        ([("user", [THOUGHT])], "thinking can't stand here"),
        ([("assistant", [URL])], "image can't stand here"),
        ([("assistant", [found("t1")])], "tool_result can't stand here"),
        ([("user", [{"type": "document"}])], "document has no counterpart"),
    ],
)
def test_what_can_not_be_said_is_refused(talk: list[tuple[str, Any]], says: str) -> None:
    with pytest.raises(Refused, match=says):
        said(*talk)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"messages": {}}, "messages: it is no list"),
        ({"messages": ["hi"]}, "messages: it is no object"),
        ({"messages": [{"role": "user", "content": "a", "name": "b"}]}, "messages: name"),
        ({"system": [URL], "messages": []}, "system: image can't stand here"),
    ],
)
def test_what_is_no_conversation_is_refused(body: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says):
        messages(body, nine=False)


def test_without_messages_there_is_nothing_to_say() -> None:
    assert messages({}, nine=False) == []
