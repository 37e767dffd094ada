"""`tollway.inspection.pieces.invoke`: models' own formats at Bedrock."""

from typing import Any

import pytest

from tests.tollway.inspection.drafted import blocks_of
from tollway.inspection.conversation import Attachment, Block, Other, Text
from tollway.inspection.pieces.invoke import pieces


@pytest.mark.parametrize(
    ("message", "block"),
    [
        ({"choices": [{"index": 0, "message": {"content": "Nine."}}]}, Text("Nine.")),
        ({"type": "message", "content": [{"type": "text", "text": "Nine."}]}, Text("Nine.")),
        ({"content": [{"type": "text", "text": "Nine."}]}, Text("Nine.")),
        ({"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "Nine."}}}, Text("Nine.")),
        ({"output": {"message": {"content": [{"text": "Nine."}]}}}, Text("Nine.")),
        ({"generation": "Nine.", "stop_reason": "stop"}, Text("Nine.")),
        ({"results": [{"outputText": "Nine."}]}, Text("Nine.")),
        ({"outputText": "Nine.", "index": 0}, Text("Nine.")),
        ({"outputs": [{"text": "Nine."}]}, Text("Nine.")),
        ({"generations": [{"text": "Nine."}]}, Text("Nine.")),
        ({"completion": "Nine."}, Text("Nine.")),
        ({"message": {"content": [{"type": "text", "text": "Nine."}]}}, Text("Nine.")),
        ({"images": ["aW0="], "seeds": [1]}, Attachment("image", size=2)),
        ({"embedding": [0.1, 0.2]}, Text("[vectors: 1, numbers in each: 2]")),
        ({"results": [{"index": 0}]}, Other("results", '[{"index":0}]')),
    ],
)
def test_each_model_in_its_own_format(message: dict[str, Any], block: Block) -> None:
    """Known by what the message has."""
    assert blocks_of(pieces, message) == (block,)


def test_a_stream_is_put_together() -> None:
    """Llama's, say."""
    assert blocks_of(pieces, {"generation": "Mile "}, {"generation": "nine."}) == (Text("Mile nine."),)
