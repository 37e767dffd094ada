"""`tollway.inspection.turns`: messages, and parts that stand without one."""

import pytest

from tollway.inspection.content import MOST
from tollway.inspection.conversation import Text, Thinking, ToolCall, ToolResult, Turn
from tollway.inspection.turns import turns

QUESTION = {"role": "user", "content": "Where?"}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Where?", [Turn("me", (Text("Where?"),))]),
        (QUESTION, [Turn("user", (Text("Where?"),))]),
        (["a", "b"], [Turn("me", (Text("a"), Text("b")))]),
        ([1, 2, 3], [Turn("me", (Text("[3 numbers]"),))]),
        ([[1, 2], [3]], [Turn("me", (Text("[2 numbers]"), Text("[1 numbers]")))]),
        ([], []),
        (None, []),
        (
            [
                "Hi",
                QUESTION,
                {"type": "reasoning", "summary": []},
                {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
                {"type": "function_call_output", "call_id": "c", "output": "5"},
                {"type": "user_input", "content": "And?"},
            ],
            [
                Turn("me", (Text("Hi"),)),
                Turn("user", (Text("Where?"),)),
                Turn("assistant", (Thinking("[not shown]"), ToolCall("f", "{}", "c"))),
                Turn("tool", (ToolResult("c", (Text("5"),)),)),
                Turn("user", (Text("And?"),)),
            ],
        ),
    ],
)
def test_turns(value: object, said: list[Turn]) -> None:
    """Parts of one role that follow each other are one turn."""
    assert turns(value, "me") == tuple(said)


def test_no_more_than_so_many_are_read() -> None:
    """And it is said how many are left out."""
    said = turns([QUESTION] * (MOST + 3), "me")

    assert len(said) == MOST + 1
    assert said[-1] == Turn("me", (Text("[... 3 more]"),))
