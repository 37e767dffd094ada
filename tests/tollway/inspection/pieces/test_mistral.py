"""`tollway.inspection.pieces.mistral`: Mistral's conversations."""

from tests.tollway.inspection.drafted import blocks_of
from tollway.inspection.conversation import Text, ToolCall
from tollway.inspection.pieces.mistral import pieces


def test_a_stream_is_put_together() -> None:
    """Contents may be texts or parts; what a tool did is a call."""
    assert blocks_of(
        pieces,
        {"type": "conversation.response.started", "conversation_id": "c"},
        {
            "type": "tool.execution.started",
            "output_index": 0,
            "id": "t",
            "name": "web_search",
            "arguments": "",
        },
        {
            "type": "tool.execution.delta",
            "output_index": 0,
            "id": "t",
            "name": "web_search",
            "arguments": "{}",
        },
        {"type": "message.output.delta", "output_index": 1, "id": "m", "content": "Mile "},
        {
            "type": "message.output.delta",
            "output_index": 1,
            "id": "m",
            "content": {"type": "text", "text": "nine."},
        },
        {
            "type": "function.call.delta",
            "id": "f",
            "tool_call_id": "c1",
            "name": "toll",
            "arguments": '{"a":',
        },
        {"type": "function.call.delta", "id": "f", "tool_call_id": "c1", "name": "toll", "arguments": "1}"},
        {"type": "conversation.response.done", "usage": {}},
    ) == (ToolCall("web_search", "{}", "t"), Text("Mile nine."), ToolCall("toll", '{"a":1}', "c1"))


def test_a_whole_answer() -> None:
    """Its outputs in their order."""
    outputs = [
        {"type": "tool.execution", "id": "t", "name": "web_search", "arguments": "{}"},
        {"type": "message.output", "role": "assistant", "content": "Mile nine."},
    ]

    assert blocks_of(pieces, {"object": "conversation.response", "outputs": outputs}) == (
        ToolCall("web_search", "{}", "t"),
        Text("Mile nine."),
    )
