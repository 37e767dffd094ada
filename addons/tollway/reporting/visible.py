"""JSON that can be looked at: callers choose texts in it, and a terminal obeys some characters."""

import json
from typing import Any


def indented(value: Any) -> str:
    """A value as JSON for whoever reads it, in several lines."""
    return visible(json.dumps(value, indent=2, ensure_ascii=False))


def visible(text: str) -> str:
    """The same JSON, with escapes in the place of what is not printable: C1 controls, marks of direction,
    line ends of Unicode's. Its own line feeds stay."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
