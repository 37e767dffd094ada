"""`tollway.inspection.typed_part`: parts that say their type."""

from typing import Any

import pytest

from tollway.inspection.content import blocks
from tollway.inspection.conversation import (
    Attachment,
    Block,
    Other,
    Refusal,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)

CASES: list[tuple[dict[str, Any], list[Block]]] = [
    ({"type": "text", "text": "Hi"}, [Text("Hi")]),
    ({"type": "input_text", "text": 7}, [Text("")]),
    ({"type": "thinking", "thinking": "Hm"}, [Thinking("Hm")]),
    ({"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}, [Thinking("Hm")]),
    ({"type": "redacted_thinking", "data": "xx"}, [Thinking("[not shown]")]),
    (
        {
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": "A"}, {"type": "summary_text", "text": "B"}],
        },
        [Thinking("A\n\nB")],
    ),
    ({"type": "message", "role": "user", "content": [{"type": "output_text", "text": "Hi"}]}, [Text("Hi")]),
    (
        {"type": "image_url", "image_url": {"url": "https://a.example/i"}},
        [Attachment("image", place="https://a.example/i")],
    ),
    ({"type": "refusal", "refusal": "No."}, [Refusal("No.")]),
    (
        {"type": "tool_use", "id": "t1", "name": "toll", "input": {"axles": 5}},
        [ToolCall("toll", '{"axles":5}', "t1")],
    ),
    (
        {"type": "function_call", "call_id": "c1", "name": "toll", "arguments": '{"a": 1}'},
        [ToolCall("toll", '{"a": 1}', "c1")],
    ),
    (
        {"type": "function", "id": "c1", "function": {"name": "toll", "arguments": ""}},
        [ToolCall("toll", "", "c1")],
    ),
    (
        {"type": "web_search_call", "id": "w1", "action": {"query": "q"}},
        [ToolCall("web_search", '{"query":"q"}', "w1")],
    ),
    (
        {
            "type": "mcp_call",
            "id": "m1",
            "name": "ask",
            "arguments": "{}",
            "output": "Nine.",
            "error": "late",
        },
        [
            ToolCall("ask", "{}", "m1"),
            ToolResult("m1", (Text("Nine."),)),
            ToolResult("m1", (Text("late"),), True),
        ],
    ),
    (
        {"type": "image_generation_call", "id": "i1", "result": "aW0="},
        [ToolCall("image_generation", "", "i1"), Attachment("image", size=2)],
    ),
    ({"type": "image_generation_call", "id": "i1"}, [ToolCall("image_generation", "", "i1")]),
    (
        {
            "type": "tool_result",
            "tool_use_id": "t1",
            "is_error": True,
            "content": [{"type": "text", "text": "late"}],
        },
        [ToolResult("t1", (Text("late"),), True)],
    ),
    (
        {"type": "function_call_output", "call_id": "c1", "output": "5 USD"},
        [ToolResult("c1", (Text("5 USD"),))],
    ),
    ({"type": "tool_result", "tool_use_id": "t1"}, [ToolResult("t1", ())]),
    (
        {"type": "web_search_result", "title": "Gate", "url": "https://a.example", "encrypted_content": "xx"},
        [Other("web_search_result", "Gate https://a.example")],
    ),
    (
        {"type": "bash_code_execution_result", "content": [], "stdout": "1", "stderr": "2"},
        [Other("bash_code_execution_result", "1\n2")],
    ),
    (
        {"type": "web_fetch_result", "url": "https://a.example", "content": {"type": "text", "text": "Gate"}},
        [Other("web_fetch_result", "https://a.example"), Text("Gate")],
    ),
    ({"type": "create_result", "is": 1}, [Other("create_result", '{"type":"create_result","is":1}')]),
    ({"type": "tool_reference", "tool_name": "toll"}, [Other("tool_reference", "toll")]),
    ({"type": "mcp_list_tools", "a": 1}, [Other("mcp_list_tools", '{"type":"mcp_list_tools","a":1}')]),
    ({"type": "compaction", "content": "so far"}, [Thinking("so far")]),
    ({"type": "compaction", "encrypted_content": "xx"}, [Thinking("[not shown]")]),
    ({"type": "logs", "logs": "1"}, [Text("1")]),
    ({"type": "document", "source": {"type": "text", "data": "The gate."}}, [Text("The gate.")]),
    ({"type": "document", "source": {"type": "content", "content": "Nine."}}, [Text("Nine.")]),
    (
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "aW0="}},
        [Attachment("file", "application/pdf", 2)],
    ),
    ({"type": "document", "document": {"data": {"text": "x"}}}, [Other("document", '{"data":{"text":"x"}}')]),
    ({"type": "document", "uri": "gs://b/o"}, [Attachment("file", place="gs://b/o")]),
]


@pytest.mark.parametrize(("part", "said"), CASES)
def test_what_a_part_says(part: dict[str, Any], said: list[Block]) -> None:
    """What nothing knows is shown as JSON rather than hidden."""
    assert blocks(part) == tuple(said)
