"""`tollway.inspection.pieces.interactions`: Gemini's interactions."""

from typing import Any

from tests.tollway.inspection.drafted import blocks_of, drafted
from tollway.inspection.conversation import Text, Thinking, ToolCall, Turn
from tollway.inspection.pieces.interactions import pieces

TEXT = {"type": "model_output", "content": [{"type": "text", "text": "Mile nine."}]}


def delta(index: int, **delta: Any) -> dict[str, Any]:
    return {"event_type": "step.delta", "index": index, "delta": delta}


def start(index: int, **step: Any) -> dict[str, Any]:
    return {"event_type": "step.start", "index": index, "step": step}


def test_a_stream_is_put_together() -> None:
    """Signatures and annotations say nothing to a reader."""
    assert blocks_of(
        pieces,
        {"event_type": "interaction.created", "interaction": {"id": "int-1"}},
        start(0, type="thought"),
        delta(0, type="thought_summary", content={"type": "text", "text": "Hm"}),
        delta(0, type="thought_signature", signature="xx"),
        start(1, type="model_output", content=[]),
        delta(1, type="text", text="Mile "),
        delta(1, type="text", text="nine."),
        delta(1, type="text_annotation_delta", annotations=[]),
        start(2, type="function_call", id="f1", name="toll", arguments={}),
        delta(2, type="arguments_delta", arguments='{"a":1}'),
        {"event_type": "interaction.completed", "interaction": {"id": "int-1"}},
    ) == (Thinking("Hm"), Text("Mile nine."), ToolCall("toll", '{"a":1}', "f1"))


def test_older_streams_call_a_step_content() -> None:
    """And have no step around it."""
    opening = {"event_type": "content.start", "index": 0, "content": {"type": "text", "text": "Mile "}}

    assert blocks_of(pieces, opening, delta(0, type="text", text="nine.")) == (Text("Mile nine."),)


def test_a_whole_interaction() -> None:
    """What the user said is not said again; older ones call steps outputs."""
    asked = {"type": "user_input", "content": "Where?"}
    said = (Turn("model", (Text("Mile nine."),)),)

    assert drafted(pieces, {"steps": [asked, TEXT]}) == said
    assert drafted(pieces, {"outputs": [{"type": "text", "text": "Mile nine."}]}) == said
    assert drafted(pieces, {"event_type": "interaction.completed", "interaction": {"steps": [TEXT]}}) == said
