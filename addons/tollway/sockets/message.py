"""One message of a socket, opened only as far as it is looked at: most are sound, and are not looked at."""

from collections.abc import Mapping
from typing import Any

import msgspec
import orjson

from tollway.wire.members import members

Members = Mapping[str, msgspec.Raw]
"""The members of an object, their values not read; of duplicates the last."""

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NOT_TAKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_NOTHING: Members = {}
_NULL = msgspec.Raw(b"null")
_MOST = 16 * 1024
"""Bytes of metadata: OpenAI takes 16 keys of 64 characters, with values of 512."""


def opened(content: bytes) -> Members | None:
    """What the message says; None: it is no JSON object. Binary ones may be one: Google's are."""
    try:
        return _OBJECT.decode(content)
    except _NOT_TAKEN:
        return _walked(content)


def _walked(content: bytes) -> Members | None:
    """The same of what the strict parser refuses and others may not: half a surrogate pair, deep nesting."""
    try:
        return {m.key: msgspec.Raw(content[m.value : m.end]) for m in members(content)}
    except ValueError:
        return None


def inside(found: Members, *keys: str) -> Members:
    """The members of the object at the end of these keys; none if it is none."""
    for key in keys:
        found = (opened(bytes(found[key])) or _NOTHING) if key in found else _NOTHING
    return found


def value(found: Members, key: str) -> Any:
    """The member's value; None if there is none, or it can't be read."""
    if key not in found:
        return None
    try:
        return orjson.loads(memoryview(found[key]))
    except orjson.JSONDecodeError:  # half a surrogate pair, nested too deep
        return None


def word(found: Members, key: str, most: int = 256) -> str | None:
    """The member if it is a string that says something, its first `most` characters."""
    said = value(found, key)
    return said[:most] if isinstance(said, str) and said else None


def metadata(found: Members) -> object:
    """What the client puts on a call, and the provider repeats; None where there is nothing, or more than
    any provider takes."""
    return (
        value(found, "metadata") or None if len(memoryview(found.get("metadata", _NULL))) <= _MOST else None
    )


def read(found: Members) -> dict[str, Any]:
    """All values."""
    return {key: value(found, key) for key in found}


UNTOLD = "?"
"""The type of a message that can't be told."""


def types(content: bytes, found: Members) -> frozenset[str]:
    """What the message says it is: of two members that say it, readers differ in which they go by."""
    if content.count(b'"type"') < 2 and b"\\u" not in content:
        return frozenset((word(found, "type") or UNTOLD,))
    try:
        each = [b"{%s}" % content[m.start : m.end] for m in members(content) if m.key == "type"]
    except ValueError:
        return frozenset((word(found, "type") or UNTOLD, UNTOLD))
    return frozenset(word(opened(one) or _NOTHING, "type") or UNTOLD for one in each) or frozenset((UNTOLD,))
