"""Embeddings, ranks and judgements: of vectors only the number, of the rest all that is said."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tollway.inspection.as_json import as_json
from tollway.inspection.conversation import Other, Text
from tollway.inspection.draft import Piece

_VECTORS = ("data", "embeddings", "embedding", "predictions")
_LISTS = ("results", "data", "classifications", "labels", "answers", "name")


def pieces(answer: Mapping[str, Any]) -> Iterable[Piece]:
    """What the answer holds."""
    found = [size for name in _VECTORS for size in _sizes(answer.get(name), 5)]
    if found:
        sizes = f"{found[0]:,}" if min(found) == max(found) else f"{min(found):,} to {max(found):,}"
        yield Piece("vectors", Text(f"[vectors: {len(found):,}, numbers in each: {sizes}]"))
        return
    for name in _LISTS:
        if answer.get(name):
            yield Piece(name, Other(name, as_json(answer[name])))


def _sizes(value: object, depth: int) -> Iterator[int]:
    """The numbers in each vector: a list of numbers, by itself, in a list, by its type, or as base64."""
    if isinstance(value, list) and value and all(isinstance(n, int | float) for n in value):
        yield len(value)
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from _sizes(inner, depth - 1)
    elif isinstance(value, dict) and depth:
        inner = value.get("embedding", value.get("values", value.get("embeddings")))
        if isinstance(inner, str):
            yield len(inner) * 3 // 16  # four bytes a number
        elif inner is not None:
            yield from _sizes(inner, depth - 1)
        else:
            for kind in ("float", "int8", "uint8", "binary", "ubinary"):
                yield from _sizes(value.get(kind), depth - 1)
