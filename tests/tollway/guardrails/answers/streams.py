"""Streams as tests write and read them."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from tollway.guardrails.answers.events import Events

SSE, NDJSON, JSON = "text/event-stream; charset=utf-8", "application/x-ndjson", "application/json"
DONE = b"data: [DONE]\n\n"


def sse(*messages: Mapping[str, Any], named: bool = False) -> bytes:
    """Messages as events; with their types as names, where they are `named`."""
    return b"".join(
        (b"event: " + message["type"].encode() + b"\n" if named else b"") + b"data: " + orjson.dumps(message)
        + b"\n\n" for message in messages
    )  # fmt: skip


def messages(body: bytes) -> list[Any]:
    """The messages of a stream of events; marks are texts."""
    units = Events().feed(body)
    assert b"".join(unit.raw for unit in units) == body
    data = [unit.data for unit in units if unit.data]
    return [orjson.loads(one) if one[:1] == b"{" else one.decode() for one in data]


def lines(*given: Mapping[str, Any]) -> bytes:
    """Messages as lines."""
    return b"".join(orjson.dumps(message) + b"\n" for message in given)


def read_lines(body: bytes) -> list[Any]:
    """The messages of lines."""
    return [orjson.loads(line) for line in body.splitlines()]


def dumps(value: object) -> bytes:
    """A value as an answer that is no stream."""
    return orjson.dumps(value)


def told(messages: Iterable[Mapping[str, Any]], *path: str | int) -> list[Any]:
    """What stands at a path in those messages that have it."""
    found = []
    for message in messages:
        value: Any = message
        try:
            for step in path:
                value = value[step]
        except (LookupError, TypeError):
            continue
        found.append(value)
    return found
