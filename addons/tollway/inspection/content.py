"""Contents: a text, a part, or a list of them, in whichever dialect."""

from tollway.inspection.as_json import as_json
from tollway.inspection.conversation import Block, Other, Text, clipped
from tollway.inspection.keyed_part import keyed_part
from tollway.inspection.typed_part import document, typed_part

DEEPEST = 8
"""Contents within contents that are read: tools' results may have contents, and what they have may."""
MOST = 5000
"""Parts of one content that are read."""


def blocks(content: object, depth: int = DEEPEST) -> tuple[Block, ...]:
    """What the content says, in its order."""
    if content is None:
        return ()
    if isinstance(content, str):
        return (Text(clipped(content)),)
    if not depth:
        return (Other("nested", as_json(content)),)
    if isinstance(content, list):
        return _listed(content, depth)
    if isinstance(content, dict):
        kind = content.get("type")
        if kind == "document":
            return document(content, lambda inner: blocks(inner, depth - 1))
        if isinstance(kind, str):
            return typed_part(kind[:64], content, lambda inner: blocks(inner, depth - 1))
        return keyed_part(content, lambda inner: blocks(inner, depth - 1))
    return (Text(as_json(content)),)


def _listed(content: list[object], depth: int) -> tuple[Block, ...]:
    if content and all(isinstance(value, int | float) for value in content):
        return (Text(f"[{len(content):,} numbers]"),)
    found: list[Block] = []
    for value in content[:MOST]:
        found += blocks(value, depth - 1)
    if len(content) > MOST:
        found.append(Text(f"[... {len(content) - MOST:,} more]"))
    return tuple(found)
