"""`tollway.inspection.pieces.ollama`: Ollama's chat and generate."""

from tests.tollway.inspection.drafted import blocks_of
from tollway.inspection.conversation import Text, Thinking, ToolCall
from tollway.inspection.pieces.ollama import pieces


def test_a_chat_is_put_together() -> None:
    """A call comes in one line."""
    call = {"function": {"name": "toll", "arguments": {"a": 1}}}

    assert blocks_of(
        pieces,
        {"message": {"role": "assistant", "content": "", "thinking": "H"}},
        {"message": {"role": "assistant", "content": "", "thinking": "m"}},
        {"message": {"role": "assistant", "content": "Mile "}},
        {"message": {"role": "assistant", "content": "nine.", "tool_calls": [call]}},
        {"message": {"role": "assistant", "content": ""}, "done": True},
    ) == (Thinking("Hm"), Text("Mile nine."), ToolCall("toll", '{"a":1}'))


def test_a_generation_is_put_together() -> None:
    """It has no message."""
    assert blocks_of(pieces, {"response": "Mile "}, {"response": "nine.", "done": True}) == (
        Text("Mile nine."),
    )
