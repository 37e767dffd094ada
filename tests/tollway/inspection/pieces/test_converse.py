"""`tollway.inspection.pieces.converse`: Bedrock's Converse."""

from typing import Any

from tests.tollway.inspection.drafted import blocks_of
from tollway.inspection.conversation import Text, Thinking, ToolCall
from tollway.inspection.pieces.converse import pieces


def delta(index: int, **delta: Any) -> dict[str, Any]:
    return {"contentBlockDelta": {"contentBlockIndex": index, "delta": delta}}


def test_a_stream_is_put_together() -> None:
    """Only calls have an opening; a signature says nothing to a reader."""
    opening = {"toolUse": {"toolUseId": "t1", "name": "toll"}}

    assert blocks_of(
        pieces,
        {"messageStart": {"role": "assistant"}},
        delta(0, reasoningContent={"text": "Hm"}),
        delta(0, reasoningContent={"signature": "xx"}),
        {"contentBlockStart": {"contentBlockIndex": 1, "start": {}}},
        delta(1, text="Mile "),
        delta(1, text="nine."),
        delta(1, citation={"title": "Gate"}),
        {"contentBlockStart": {"contentBlockIndex": 2, "start": opening}},
        delta(2, toolUse={"input": '{"a":1}'}),
        {"contentBlockStop": {"contentBlockIndex": 2}},
    ) == (Thinking("Hm"), Text("Mile nine."), ToolCall("toll", '{"a":1}', "t1"))


def test_a_whole_answer() -> None:
    """Its message, block by block."""
    message = {"role": "assistant", "content": [{"text": "A"}, {"text": "B"}]}

    assert blocks_of(pieces, {"output": {"message": message}}) == (Text("A"), Text("B"))
