"""`tollway.inspection.pieces.vectors`: embeddings, ranks and judgements."""

from typing import Any

import pytest

from tests.tollway.inspection.drafted import blocks_of
from tollway.inspection.conversation import Block, Other, Text
from tollway.inspection.pieces.vectors import pieces


def vectors(n: int, sizes: str) -> Text:
    return Text(f"[vectors: {n}, numbers in each: {sizes}]")


@pytest.mark.parametrize(
    ("answer", "block"),
    [
        ({"data": [{"embedding": [0.1, 0.2]}, {"embedding": [0.1, 0.2]}]}, vectors(2, "2")),
        ({"data": [{"embedding": "AAAAAAAAAAAAAAAA"}]}, vectors(1, "3")),
        ({"embeddings": [[1], [1, 2, 3]]}, vectors(2, "1 to 3")),
        ({"embeddings": {"int8": [[1, 2]], "float": [[0.1, 0.2]]}}, vectors(2, "2")),
        ({"embedding": {"values": [0.1]}}, vectors(1, "1")),
        ({"predictions": [{"embeddings": {"values": [0.1]}}]}, vectors(1, "1")),
        ({"results": [{"index": 0}], "id": "r"}, Other("results", '[{"index":0}]')),
        (
            {"data": [{"index": 0, "relevance_score": 0.9}]},
            Other("data", '[{"index":0,"relevance_score":0.9}]'),
        ),
        ({"name": "operations/o1"}, Other("name", "operations/o1")),
        ({"usage": {}, "data": []}, None),
    ],
)
def test_what_is_shown(answer: dict[str, Any], block: Block | None) -> None:
    """Of vectors their number and size; the rest as it is."""
    assert blocks_of(pieces, answer) == ((block,) if block else ())


def test_deep_lists_are_not_followed_for_ever() -> None:
    """Vectors lie at most a few levels deep."""
    value: Any = [0.1]
    for _ in range(9):
        value = [value]

    assert blocks_of(pieces, {"embeddings": value, "other": 1}) == ()
