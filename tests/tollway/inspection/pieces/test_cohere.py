"""`tollway.inspection.pieces.cohere`: Cohere's chat, of both versions."""

from typing import Any

from tests.tollway.inspection.drafted import blocks_of
from tollway.inspection.conversation import Text, Thinking, ToolCall
from tollway.inspection.pieces.cohere import pieces


def event(kind: str, index: int = 0, **message: Any) -> dict[str, Any]:
    return {"type": kind, "index": index, "delta": {"message": message}}


def test_a_stream_is_put_together() -> None:
    """Of the second version."""
    call = {"id": "c1", "type": "function", "function": {"name": "toll", "arguments": ""}}

    assert blocks_of(
        pieces,
        event("message-start", role="assistant", content=[]),
        event("tool-plan-delta", tool_plan="I ask."),
        event("content-start", content={"type": "text", "text": ""}),
        event("content-delta", content={"thinking": "Hm"}),
        event("content-delta", content={"text": "Mile nine."}),
        event("citation-start", citations={"text": "nine"}),
        event("tool-call-start", tool_calls=call),
        event("tool-call-delta", tool_calls={"function": {"arguments": '{"a":1}'}}),
        {"type": "message-end", "delta": {"finish_reason": "COMPLETE"}},
    ) == (Thinking("I ask."), Thinking("Hm"), Text("Mile nine."), ToolCall("toll", '{"a":1}', "c1"))


def test_a_stream_of_the_first_version() -> None:
    """Its last event repeats the text, which is shown once."""
    assert blocks_of(
        pieces,
        {"event_type": "stream-start", "generation_id": "g"},
        {"event_type": "text-generation", "text": "Mile "},
        {"event_type": "text-generation", "text": "nine."},
        {"event_type": "tool-calls-generation", "tool_calls": [{"name": "toll", "parameters": {"a": 1}}]},
        {"event_type": "stream-end", "response": {"text": "Mile nine."}},
    ) == (Text("Mile nine."), ToolCall("toll", '{"a":1}'))


def test_whole_answers() -> None:
    """Of both versions, and of generate."""
    message = {"content": [{"type": "text", "text": "Nine."}], "tool_plan": "I ask."}

    assert blocks_of(pieces, {"message": message}) == (Thinking("I ask."), Text("Nine."))
    assert blocks_of(pieces, {"text": "Nine."}) == (Text("Nine."),)
    assert blocks_of(pieces, {"generations": [{"text": "Nine."}, {"text": ""}]}) == (Text("Nine."),)
