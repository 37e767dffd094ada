"""`tollway.inspection.keyed_part`: parts known by what they have."""

from typing import Any

import pytest

from tollway.inspection.content import blocks
from tollway.inspection.conversation import Attachment, Block, Other, Text, Thinking, ToolCall, ToolResult

CASES: list[tuple[dict[str, Any], list[Block]]] = [
    ({"text": "Hi"}, [Text("Hi")]),
    ({"text": "Hm", "thought": True}, [Thinking("Hm")]),
    ({"text": {"text": "guarded"}}, [Text("guarded")]),
    ({"functionCall": {"name": "toll", "args": {"axles": 5}}}, [ToolCall("toll", '{"axles":5}')]),
    ({"functionCall": "broken"}, [ToolCall("functionCall", "")]),
    ({"toolUse": {"toolUseId": "t1", "name": "toll", "input": {}}}, [ToolCall("toll", "{}", "t1")]),
    (
        {"functionResponse": {"name": "toll", "response": {"usd": 5}}},
        [ToolResult("toll", (Text('{"usd":5}'),))],
    ),
    (
        {"toolResult": {"toolUseId": "t1", "status": "error", "content": [{"json": {"usd": 5}}]}},
        [ToolResult("t1", (Text('{"usd":5}'),), True)],
    ),
    ({"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "s"}}}, [Thinking("Hm")]),
    ({"reasoningContent": {"redactedContent": "xx"}}, [Thinking("[not shown]")]),
    ({"executableCode": {"code": "1+1"}}, [ToolCall("executableCode", "1+1")]),
    (
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2"}},
        [ToolResult("codeExecutionResult", (Text("2"),))],
    ),
    (
        {"codeExecutionResult": {"outcome": "OUTCOME_FAILED"}},
        [ToolResult("codeExecutionResult", (Text(""),), True)],
    ),
    ({"citationsContent": {"content": [{"text": "so"}]}}, [Text("so")]),
    ({"guardContent": {"text": {"text": "so"}}}, [Text("so")]),
    ({"content": "gate"}, [Text("gate")]),
    ({"inlineData": {"mimeType": "image/png", "data": "aW0="}}, [Attachment("image", "image/png", 2)]),
    (
        {"prompt": "A gate", "image": {"bytesBase64Encoded": "aW0="}},
        [Text("A gate"), Attachment("image", size=2)],
    ),
    ({"cachePoint": {"type": "default"}}, []),
    ({"thoughtSignature": "xx"}, []),
    ({"new": 1}, [Other("", '{"new":1}')]),
    ({}, []),
]


@pytest.mark.parametrize(("part", "said"), CASES)
def test_what_a_part_says(part: dict[str, Any], said: list[Block]) -> None:
    """What nothing knows is shown as JSON rather than hidden."""
    assert set(blocks(part)) == set(said)
