"""Writes a cap on the calls of tools that the provider runs into a request: the least edit."""

from fnmatch import fnmatchcase

import orjson

from tollway.wire.edit import NULL, change_members
from tollway.wire.members import elements

TOGETHER = {"openai_responses": "max_tool_calls"}
"""By dialect: the member of the request that caps the calls of all such tools."""
EACH = {"anthropic_messages": ("max_uses", ("web_search_2*", "web_fetch_2*"))}
"""By dialect: the member of a tool that caps its calls, and the types of tools that have it."""


def capped(dialect: str, body: bytes, calls: int) -> bytes:
    """The body with a cap of so many calls wherever it has none; what has one keeps it.

    Raises ValueError if the body is no JSON object, or its tools are no list.
    """
    text = str(calls).encode()
    if dialect in TOGETHER:
        return _put(body, TOGETHER[dialect], text)
    member, types = EACH.get(dialect, ("", ()))
    return change_members(body, ("tools",), lambda tools: _each(tools, member, types, text))


def _each(tools: bytes, member: str, types: tuple[str, ...], text: bytes) -> bytes:
    pieces, at = [], 0
    for start, end in elements(tools):
        kind = orjson.loads(tools[start:end])
        kind = kind.get("type") if isinstance(kind, dict) else None
        if isinstance(kind, str) and any(fnmatchcase(kind, glob) for glob in types):
            pieces += [tools[at:start], _put(tools[start:end], member, text)]
            at = end
    return b"".join([*pieces, tools[at:]])


def _put(body: bytes, member: str, text: bytes) -> bytes:
    return change_members(body, (member,), lambda value: text if value == NULL else value, add=member)
