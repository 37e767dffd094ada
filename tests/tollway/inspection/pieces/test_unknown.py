"""`tollway.inspection.pieces.unknown`: answers whose dialect nobody told."""

from typing import Any

import pytest

from tests.tollway.inspection.drafted import blocks_of
from tollway.inspection.conversation import Text
from tollway.inspection.pieces.unknown import pieces

OUTPUT = [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Nine."}]}]
GEMINI = {"candidates": [{"content": {"parts": [{"text": "Nine."}]}}]}


@pytest.mark.parametrize(
    "message",
    [
        {"choices": [{"message": {"content": "Nine."}}]},
        GEMINI,
        {"response": GEMINI},
        {"output": OUTPUT},
        {"type": "response.completed", "response": {"output": OUTPUT}},
        {"steps": [{"type": "text", "text": "Nine."}]},
        {"event_type": "step.delta", "index": 0, "delta": {"type": "text", "text": "Nine."}},
        {"response": "Nine.", "done": True},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Nine."}},
        {"completion": "Nine."},
    ],
)
def test_by_what_a_message_has(message: dict[str, Any]) -> None:
    """The families have members of their own."""
    assert blocks_of(pieces, message) == (Text("Nine."),)
