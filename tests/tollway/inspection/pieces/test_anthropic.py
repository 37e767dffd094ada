"""`tollway.inspection.pieces.anthropic`: Anthropic's messages."""

from typing import Any

from tests.tollway.inspection.drafted import blocks_of
from tollway.inspection.conversation import Text, Thinking, ToolCall
from tollway.inspection.pieces.anthropic import pieces


def start(index: int, **block: Any) -> dict[str, Any]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def delta(index: int, **delta: Any) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": index, "delta": delta}


def test_a_stream_is_put_together() -> None:
    """Signatures and citations say nothing to a reader."""
    assert blocks_of(
        pieces,
        {"type": "message_start", "message": {"role": "assistant", "content": []}},
        start(0, type="thinking", thinking="", signature=""),
        delta(0, type="thinking_delta", thinking="Hm"),
        delta(0, type="signature_delta", signature="xx"),
        start(1, type="text", text=""),
        {"type": "ping"},
        delta(1, type="text_delta", text="Mile "),
        delta(1, type="text_delta", text="nine."),
        start(2, type="tool_use", id="t1", name="toll", input={}),
        delta(2, type="input_json_delta", partial_json=""),
        delta(2, type="input_json_delta", partial_json='{"a":1}'),
        {"type": "content_block_stop", "index": 2},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}},
        {"type": "message_stop"},
    ) == (Thinking("Hm"), Text("Mile nine."), ToolCall("toll", '{"a":1}', "t1"))


def test_a_whole_message() -> None:
    """Its content, block by block."""
    content = [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]

    assert blocks_of(pieces, {"type": "message", "content": content}) == (Text("A"), Text("B"))


def test_the_format_before_messages() -> None:
    """Bedrock still has it."""
    assert blocks_of(
        pieces, {"type": "completion", "completion": " Mile"}, {"type": "completion", "completion": " nine."}
    ) == (Text(" Mile nine."),)
