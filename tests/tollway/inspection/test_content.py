"""`tollway.inspection.content`: texts, parts, and lists of them."""

from typing import Any

import pytest

from tollway.inspection.content import MOST, blocks
from tollway.inspection.conversation import Block, Other, Text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, []),
        ("Hi", [Text("Hi")]),
        ([{"text": "a"}, "b"], [Text("a"), Text("b")]),
        ([0.5, 1, 2], [Text("[3 numbers]")]),
        ([], []),
        (7, [Text("7")]),
    ],
)
def test_contents(content: object, said: list[Block]) -> None:
    """In their order; numbers are only counted."""
    assert blocks(content) == tuple(said)


def test_long_lists_are_cut() -> None:
    """And say by how much."""
    said = blocks(["x"] * (MOST + 2))

    assert len(said) == MOST + 1
    assert said[-1] == Text("[... 2 more]")


def test_deep_contents_are_shown_as_json() -> None:
    """From some level on, no body makes the reader go deeper."""
    content: Any = "inmost"
    for _ in range(300):
        content = {"type": "message", "content": content}

    (block,) = blocks(content)

    assert isinstance(block, Other)
    assert block.kind == "nested"
