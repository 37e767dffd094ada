"""The messages of a WebSocket in a HAR, as Chrome writes them, and Playwright and mitmproxy after it."""

from collections.abc import Mapping
from typing import Any

from tollway.recorded.bodies import as_bytes, unbase64
from tollway.recorded.exchange import LATEST_US, Message
from tollway.recorded.fields import Fields

KEY = "_webSocketMessages"
_SIDES = {"send": True, "receive": False}
"""Whether the client sent it."""
_TEXT, _BINARY = 1, 2
_CONTROL = (8, 9, 10)
"""Opcodes of frames that say nothing: close, ping, pong."""


def messages(entry: Fields) -> tuple[tuple[Message, ...] | None, int]:
    """The messages, None if none were recorded; and how many are there that can't be read. Raises Flaw."""
    if entry.any(KEY) is None:
        return None, 0
    found = [_message(one) for one in entry.list(KEY) if not _is_nothing(one)]
    read = tuple(one for one in found if one is not None)
    return read, len(found) - len(read)


def _is_nothing(one: Any) -> bool:
    """Chrome notes errors among the messages, too."""
    return isinstance(one, Mapping) and (one.get("opcode") in _CONTROL or one.get("type") == "error")


def _message(one: Any) -> Message | None:
    if not isinstance(one, Mapping) or not isinstance(data := one.get("data"), str):
        return None
    opcode, from_client = one.get("opcode", _TEXT), _SIDES.get(str(one.get("type")))
    if from_client is None or opcode not in (_TEXT, _BINARY):
        return None
    try:
        content = unbase64(data) if opcode == _BINARY else as_bytes(data)
    except ValueError:
        return None
    return Message(from_client=from_client, content=content, at_us=_moment(one.get("time")))


def _moment(seconds: Any) -> int | None:
    """Microseconds since the epoch of a number of seconds; of what can't be a moment, nothing."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    at = seconds * 1_000_000
    return int(at) if 0 < at < LATEST_US else None
