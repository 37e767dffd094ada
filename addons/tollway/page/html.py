"""HTML, element by element: whatever a text says, it is shown, and never read as a part of the page."""

from collections.abc import Iterable
from html import escape

from msgspec import Struct

VOID = frozenset({"meta", "link", "br"})
"""Elements that have no end."""


class Markup(Struct, frozen=True):
    """What is HTML already, made here of texts of our own, or escaped."""

    text: str


type Child = Markup | str | Iterable["Child"] | None
"""A text, which is escaped; None: nothing."""


def element(name: str, /, *children: Child, **attributes: str | int | None) -> Markup:
    """`<name attribute="value">children</name>`.

    An attribute is named as in HTML, with `_` for `-` and maybe one more `_` at its end (`class_`); one that
    is None is left out, an empty one is written bare.
    """
    head = name + "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    return Markup(f"<{head}>" if name in VOID else f"<{head}>{written(children)}</{name}>")


def written(children: Child) -> str:
    """All of it as HTML."""
    if children is None:
        return ""
    if isinstance(children, Markup):
        return children.text
    if isinstance(children, str):
        return escape(plain(children))
    return "".join(map(written, children))


def plain(text: str) -> str:
    """A text without what no font shows, and what would turn the order of others' letters around.

    Clients choose many of them: control characters, lone surrogates and marks of direction go.
    """
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _attribute(name: str, value: str | int) -> str:
    name = name.removesuffix("_").replace("_", "-")
    return f' {name}="{escape(plain(str(value)))}"' if value != "" else f" {name}"
