"""`tollway.inspection.opening`: blocks whose inside comes by and by."""

import pytest

from tollway.inspection.conversation import Block, Text, Thinking, ToolCall
from tollway.inspection.opening import opened


@pytest.mark.parametrize(
    ("block", "opening"),
    [
        (ToolCall("toll", "{}", "t1"), ToolCall("toll", "", "t1")),
        (ToolCall("toll", '{"a":1}'), ToolCall("toll", '{"a":1}')),
        (Thinking("[not shown]"), Thinking("")),
        (Text("Hi"), Text("Hi")),
    ],
)
def test_what_will_come_is_left_out(block: Block, opening: Block) -> None:
    """Arguments that are empty so far would else stand before those that come."""
    assert opened(block) == opening
