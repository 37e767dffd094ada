"""A message of JSON: read once, and written anew only where it changes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from tollway.guardrails.answers.said import Message, Path
from tollway.guardrails.escapes import KEPT
from tollway.guardrails.layers import Edit
from tollway.guardrails.leaves import rewritten
from tollway.wire.members import elements, members

_Values = list[tuple[Path, object]]


def loaded(data: bytes) -> dict[str, Any] | None:
    """The object; None if it is none. What only lenient readers take, such as half of a surrogate pair, is
    taken."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        try:
            value = json.loads(data.decode("utf-8", KEPT), strict=False)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def dumped(value: object) -> bytes:
    """The value as JSON, any text included."""
    try:
        return orjson.dumps(value)
    except TypeError:  # half of a surrogate pair
        return json.dumps(value, separators=(",", ":")).encode()


def at(message: Message, path: Path) -> object:
    """The value at a path; None if there is none."""
    value: Any = message
    for step in path:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return None
    return value


def edited(data: bytes, message: Message, values: Mapping[Path, object]) -> bytes:
    """The data of a message with other values at these paths, which it has; every other byte as it was.

    What `members` does not take is written anew as a whole, as is a message that hides a key in escapes.
    """
    try:
        edits = [*_edits(data, 0, [*values.items()])]
    except ValueError:
        edits = []
    if len(edits) < len(values):
        return dumped(_with(message, [*values.items()]))
    return rewritten(data, edits)


def _edits(data: bytes, start: int, values: _Values) -> Iterator[Edit]:
    """Of a member that is there twice each is changed: readers differ in which they go by."""
    if not values[0][0]:
        yield Edit(start, start + len(data), dumped(values[0][1]).decode("utf-8", KEPT))
        return
    inside = dict[str | int, _Values]()
    for path, value in values:
        inside.setdefault(path[0], []).append((path[1:], value))
    for step, first, last in _children(data):
        if step in inside:
            yield from _edits(data[first:last], start + first, inside[step])


def _children(data: bytes) -> Iterator[tuple[str | int, int, int]]:
    if data.lstrip()[:1] == b"{":
        yield from ((member.key, member.value, member.end) for member in members(data))
    else:
        yield from ((number, *place) for number, place in enumerate(elements(data)))


def _with(value: Any, values: _Values) -> Any:
    """A copy with other values at these paths."""
    if not values[0][0]:
        return values[0][1]
    copy = value.copy()
    for step in {path[0] for path, _ in values}:
        inside = value.get(step) if isinstance(value, dict) else value[step]
        copy[step] = _with(inside, [(path[1:], new) for path, new in values if path[0] == step])
    return copy
