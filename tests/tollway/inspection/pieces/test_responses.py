"""`tollway.inspection.pieces.responses`: OpenAI's responses."""

from typing import Any

import pytest

from tests.tollway.inspection.drafted import blocks_of
from tollway.inspection.conversation import Block, Other, Refusal, Text, Thinking, ToolCall
from tollway.inspection.pieces.responses import pieces

MESSAGE = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Mile nine."}]}
CALL = {"type": "function_call", "call_id": "c1", "name": "toll", "arguments": '{"a":1}'}


def event(kind: str, place: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": f"response.{kind}", "output_index": place, **more}


def test_a_running_stream_shows_what_has_come() -> None:
    """A call tells its name first, then its arguments."""
    assert blocks_of(
        pieces,
        event("output_item.added", 0, item={"type": "reasoning", "summary": []}),
        event("reasoning_summary_text.delta", 0, summary_index=0, delta="H"),
        event("reasoning_summary_text.delta", 0, summary_index=1, delta="m"),
        event("output_item.added", 1, item={**CALL, "arguments": ""}),
        event("function_call_arguments.delta", 1, delta='{"a":'),
        event("output_text.delta", 2, content_index=0, delta="Mile "),
        event("output_text.delta", 2, content_index=0, delta="nine."),
        event("in_progress"),
    ) == (Thinking("H"), Thinking("m"), ToolCall("toll", '{"a":', "c1"), Text("Mile nine."))


def test_a_whole_item_takes_the_room_of_its_pieces() -> None:
    """And the whole response that of its items: nothing is shown twice."""
    assert blocks_of(
        pieces,
        event("output_text.delta", 0, delta="Mile"),
        event("output_item.done", 0, item=MESSAGE),
        event("output_item.added", 1, item={"type": "web_search_call", "id": "w1"}),
        {"type": "response.completed", "response": {"output": [MESSAGE, CALL]}},
    ) == (Text("Mile nine."), ToolCall("toll", '{"a":1}', "c1"))


@pytest.mark.parametrize(
    ("kind", "block"),
    [
        ("refusal", Refusal("x")),
        ("reasoning_text", Thinking("x")),
        ("mcp_call_arguments", ToolCall("", "x")),
        ("custom_tool_call_input", ToolCall("", "x")),
        ("code_interpreter_call_code", ToolCall("", "x")),
        ("audio.transcript", Text("x")),
        ("audio", None),
    ],
)
def test_deltas_of_every_kind(kind: str, block: Block | None) -> None:
    """By the event's name; sounds are left out."""
    assert blocks_of(pieces, event(f"{kind}.delta", delta="x")) == ((block,) if block else ())


def test_a_response_in_one_piece() -> None:
    """As it is fetched, or asked for without a stream."""
    assert blocks_of(pieces, {"object": "response", "output": [MESSAGE]}) == (Text("Mile nine."),)


def test_decisions() -> None:
    """Their answers are shown as they are."""
    (block,) = blocks_of(pieces, {"answers": [{"type": "predicate", "probability": 0.97}]})

    assert block == Other("predicate", '{"type":"predicate","probability":0.97}')
