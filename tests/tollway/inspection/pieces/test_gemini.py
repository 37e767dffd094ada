"""`tollway.inspection.pieces.gemini`: Gemini's answers."""

from typing import Any

from tests.tollway.inspection.drafted import drafted
from tollway.inspection.conversation import Refusal, Text, Thinking, ToolCall, Turn
from tollway.inspection.pieces.gemini import pieces


def chunk(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, **more}]}


def test_a_stream_is_put_together() -> None:
    """Texts and thoughts go on, calls come whole; Code Assist wraps each chunk."""
    assert drafted(
        pieces,
        chunk({"text": "H", "thought": True}),
        chunk({"text": "m", "thought": True}, {"text": "Mile "}),
        {"response": chunk({"text": "nine."})},
        chunk({"functionCall": {"name": "toll", "args": {}}}, {"functionCall": {"name": "toll", "args": {}}}),
        chunk({"text": "b"}, index=1),
    ) == (
        Turn("model", (Thinking("Hm"), Text("Mile nine."), ToolCall("toll", "{}"), ToolCall("toll", "{}"))),
        Turn("model", (Text("b"),)),
    )


def test_what_was_blocked_says_why() -> None:
    """It has no candidate."""
    assert drafted(pieces, {"promptFeedback": {"blockReason": "SAFETY"}}) == (
        Turn("model", (Refusal("SAFETY"),)),
    )
