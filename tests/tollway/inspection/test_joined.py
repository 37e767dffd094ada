"""`tollway.inspection.joined`: the pieces of one block."""

from collections.abc import Sequence

import pytest

from tollway.inspection.conversation import (
    Attachment,
    Block,
    Other,
    Refusal,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)
from tollway.inspection.joined import grows, joined, length


@pytest.mark.parametrize(
    ("pieces", "block"),
    [
        ([Text("Mile "), Text("nine.")], Text("Mile nine.")),
        ([Text(""), Text("")], None),
        ([Thinking("Hm")], Thinking("Hm")),
        (
            [ToolCall("toll", "", "c1"), ToolCall("", '{"a":'), ToolCall("", "1}")],
            ToolCall("toll", '{"a":1}', "c1"),
        ),
        ([ToolCall("", "")], None),
        ([Attachment("audio", size=2), Attachment("audio", "wav", 3)], Attachment("audio", "wav", 5)),
        ([Attachment("image", place="f")], Attachment("image", place="f")),
        ([Other("a", "1"), Other("a", "2")], Other("a", "2")),
    ],
)
def test_pieces_make_a_block(pieces: Sequence[Block], block: Block | None) -> None:
    """Texts and arguments follow each other, sizes add up; nothing is no block."""
    assert joined(pieces) == block


def test_only_texts_go_on_without_a_place() -> None:
    """Two calls are two."""
    assert [grows(kind) for kind in (Text, Thinking, Refusal, ToolCall, Attachment, Other)] == [True] * 3 + [
        False
    ] * 3


@pytest.mark.parametrize(
    ("block", "size"),
    [
        (Text("abc"), 3),
        (Other("k", "ab"), 2),
        (ToolCall("n", "{}"), 2),
        (Attachment("a", size=9), 0),
        (ToolResult("", ()), 0),
    ],
)
def test_what_a_piece_takes(block: Block, size: int) -> None:
    """Characters."""
    assert length(block) == size
