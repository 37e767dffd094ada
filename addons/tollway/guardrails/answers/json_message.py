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
    """The value as JSON, any text included. What is nested too deep for any writer is left out."""
    try:
        return orjson.dumps(value)
    except TypeError:  # half of a surrogate pair, or nested deep
        try:
            return json.dumps(value, separators=(",", ":")).encode()
        except RecursionError:
            return b"{}"


def at(message: Message, path: Path) -> object:
    """The value at a path; None if there is none."""
    value: Any = message
    for step in path:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return None
    return value


def instead(message: Message, path: Path, text: str) -> object:
    """What takes the place of the value at a path: the text, or where no text can be, a number."""
    return text if isinstance(at(message, path), str) else 0


def edited(data: bytes, message: Message, values: Mapping[Path, object]) -> bytes:
    """The data of a message with other values at these paths; every other byte as it was.

    What `members` does not take is written anew as a whole, as is a message that hides a key in escapes or
    lacks one: so `message` may be changed.
    """
    if len(values) == 1 and (changed := swapped(data, message, *next(iter(values.items())))) is not None:
        return changed
    try:
        edits = _edits(data, [*values.items()])
    except ValueError:
        edits = []
    if len(edits) >= len(values):
        return rewritten(data, edits)
    for path, value in values.items():
        owner: Any = at(message, path[:-1])
        owner[path[-1]] = value
    return dumped(message)


def swapped(data: bytes, message: Message, path: Path, value: object) -> bytes | None:
    """The same for one text, where a look is enough: it is written nowhere else, and neither are the keys on
    the way to it. None: it is not. Nearly all messages of a stream are so, and it takes a tenth of the time.

    Without escapes that a writer may choose, each text has one form: what is found once is the text itself.
    """
    old = at(message, path)
    if not isinstance(old, str) or b"\\u" in data or b"\\/" in data:
        return None
    names = [step for step in path if isinstance(step, str)]
    if any(data.count(dumped(name)) != 1 for name in names):
        return None
    was = dumped(old)
    start = data.find(was)
    if start < 0 or data.find(was, start + 1) >= 0:  # they may share a quote
        return None
    return data[:start] + dumped(value) + data[start + len(was) :]


def _edits(data: bytes, values: _Values) -> list[Edit]:
    """Of a member that is there twice each is changed: readers differ in which they go by."""
    found = list[Edit]()
    stack = [(0, len(data), values)]
    while stack:
        start, end, wanted = stack.pop()
        if not wanted[0][0]:
            found.append(Edit(start, end, dumped(wanted[0][1]).decode("utf-8", KEPT)))
            continue
        inside = dict[str | int, _Values]()
        for path, value in wanted:
            inside.setdefault(path[0], []).append((path[1:], value))
        for step, first, last in _children(data[start:end]):
            if step in inside:
                stack.append((start + first, start + last, inside[step]))
    return found


def _children(data: bytes) -> Iterator[tuple[str | int, int, int]]:
    """The members or elements of a value, and where theirs are."""
    if data.lstrip()[:1] == b"{":
        yield from ((member.key, member.value, member.end) for member in members(data))
    else:
        yield from ((number, *place) for number, place in enumerate(elements(data)))
