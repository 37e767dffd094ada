"""`tollway.inspection.message`: a message, with what stands beside its content."""

from typing import Any

import pytest

from tollway.inspection.conversation import (
    Attachment,
    Block,
    Refusal,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    Turn,
)
from tollway.inspection.message import is_message, turn

CASES: list[tuple[dict[str, Any], str, list[Block]]] = [
    ({"role": "user", "content": "Hi"}, "user", [Text("Hi")]),
    ({"role": "CHATBOT", "message": "Hi"}, "chatbot", [Text("Hi")]),
    ({"parts": [{"text": "Hi"}]}, "me", [Text("Hi")]),
    ({"role": "model", "content": ""}, "model", []),
    (
        {"role": "assistant", "content": "Nine.", "reasoning_content": "Hm", "reasoning": "Hm"},
        "assistant",
        [Thinking("Hm"), Text("Nine.")],
    ),
    ({"role": "assistant", "refusal": "No."}, "assistant", [Refusal("No.")]),
    (
        {
            "role": "assistant",
            "tool_calls": [{"id": "c1", "function": {"name": "toll", "arguments": {"a": 1}}}, "broken"],
        },
        "assistant",
        [ToolCall("toll", '{"a":1}', "c1")],
    ),
    (
        {"role": "assistant", "function_call": {"name": "toll", "arguments": "{}"}},
        "assistant",
        [ToolCall("toll", "{}")],
    ),
    (
        {"role": "tool", "tool_call_id": "c1", "content": "5 USD"},
        "tool",
        [ToolResult("c1", (Text("5 USD"),))],
    ),
    (
        {"role": "tool", "tool_name": "toll", "content": "5 USD"},
        "tool",
        [ToolResult("toll", (Text("5 USD"),))],
    ),
    ({"role": "function", "content": None}, "function", [ToolResult("", ())]),
    ({"role": "tool", "tool_results": [{"text": "5"}]}, "tool", [ToolResult("", (Text("5"),))]),
    (
        {"role": "user", "content": "What?", "images": ["aW0="]},
        "user",
        [Text("What?"), Attachment("image", size=2)],
    ),
    (
        {"role": "assistant", "audio": {"data": "aW0=", "transcript": "Hi"}},
        "assistant",
        [Text("Hi"), Attachment("audio", size=2)],
    ),
    ({"role": "assistant", "audio": {"id": "audio_1"}}, "assistant", [Attachment("audio")]),
]


@pytest.mark.parametrize(("message", "role", "said"), CASES)
def test_what_a_message_says(message: dict[str, Any], role: str, said: list[Block]) -> None:
    """Each dialect puts thoughts, calls and results elsewhere."""
    assert turn(message, "me") == Turn(role, tuple(said))


@pytest.mark.parametrize(
    ("value", "is_one"), [({"role": 1}, True), ({"parts": []}, True), ({"text": "x"}, False)]
)
def test_a_message_is_no_part(value: dict[str, Any], is_one: bool) -> None:
    """It has a role, or parts."""
    assert is_message(value) is is_one
