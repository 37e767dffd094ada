"""`tollway.inspection.pieces.chat`: OpenAI's chat and completions."""

from typing import Any

from tests.tollway.inspection.drafted import blocks_of, drafted
from tollway.inspection.conversation import Attachment, Refusal, Text, Thinking, ToolCall, Turn
from tollway.inspection.pieces.chat import pieces


def chunk(index: int = 0, **delta: Any) -> dict[str, Any]:
    return {"choices": [{"index": index, "delta": delta}]}


def call(index: int | None, id: str, name: str, arguments: str) -> dict[str, Any]:
    """One of a provider that leaves out what it has said, or that numbers no calls."""
    said = {"index": index, "id": id, "function": {"name": name, "arguments": arguments}}
    return {key: value for key, value in said.items() if value not in (None, "")}


def test_a_stream_is_put_together() -> None:
    """Thoughts, text and the arguments of calls."""
    assert blocks_of(
        pieces,
        chunk(role="assistant", content=""),
        chunk(reasoning_content="H"),
        chunk(reasoning="m"),
        chunk(content="Mile "),
        chunk(content="nine."),
        chunk(tool_calls=[call(0, "c1", "toll", ""), call(1, "c2", "map", "")]),
        chunk(tool_calls=[call(1, "", "", "{}"), call(0, "", "", '{"a":1}')]),
        {"choices": [], "usage": {}},
    ) == (Text("Mile nine."), Thinking("Hm"), ToolCall("toll", '{"a":1}', "c1"), ToolCall("map", "{}", "c2"))


def test_a_whole_answer() -> None:
    """Its message is what deltas come to."""
    message = {
        "content": "Nine.",
        "refusal": "No.",
        "tool_calls": [call(None, "c1", "a", "1"), call(None, "c2", "b", "2")],
    }

    assert blocks_of(pieces, {"choices": [{"index": 0, "message": message}]}) == (
        Text("Nine."),
        Refusal("No."),
        ToolCall("a", "1", "c1"),
        ToolCall("b", "2", "c2"),
    )


def test_several_answers_are_turns() -> None:
    """Completions have theirs as text."""
    assert drafted(pieces, {"choices": [{"index": 1, "text": "b"}, {"index": 0, "text": "a"}]}) == (
        Turn("assistant", (Text("a"),)),
        Turn("assistant", (Text("b"),)),
    )


def test_what_others_put_there() -> None:
    """Mistral's thoughts, OpenRouter's images, functions of old, custom tools, a spoken answer."""
    assert blocks_of(
        pieces,
        chunk(
            content=[
                {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]},
                {"type": "text", "text": "A"},
            ]
        ),
        chunk(images=[{"type": "image_url", "image_url": {"url": "data:image/png;base64,aW0="}}]),
        chunk(function_call={"name": "old", "arguments": "{}"}),
        chunk(tool_calls=[{"index": 0, "id": "c1", "custom": {"name": "run", "input": "1 + 1"}}]),
        chunk(audio={"id": "a1", "transcript": "Pay."}),
        chunk(audio={"data": "UklGRg=="}),
    ) == (
        Thinking("Hm"),
        Text("A"),
        Attachment("image", "image/png", 2),
        ToolCall("old", "{}"),
        ToolCall("run", "1 + 1", "c1"),
        Text("Pay."),
        Attachment("audio", size=4),
    )
