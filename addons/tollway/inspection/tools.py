"""The names of the tools that a model is offered."""

from collections.abc import Iterator, Mapping
from typing import Any

from tollway.wire.counts import part, text

MOST = 200
"""Names that are kept."""


def tools(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The names, in the request's order; of a tool that its provider runs its type."""
    listed = body.get("tools")
    if not isinstance(listed, list):
        listed = part(body, "toolConfig").get("tools")
    names = [name for tool in (listed if isinstance(listed, list) else ())[:MOST] for name in _names(tool)]
    return tuple(names[:MOST])


def _names(tool: object) -> Iterator[str]:
    if not isinstance(tool, dict):
        return
    declared = tool.get("functionDeclarations", tool.get("function_declarations"))
    if isinstance(declared, list):  # Gemini's: several in one, and one that it runs as a key
        yield from (name for one in declared if isinstance(one, dict) and (name := text(one, "name")))
        return
    inner = part(tool, "function") or part(tool, "toolSpec") or part(tool, "custom") or tool
    name = text(inner, "name") or text(tool, "server_label") or text(tool, "type") or next(iter(tool), None)
    if name:
        yield name[:256]
