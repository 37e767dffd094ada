"""A whole text, as it went over the wire, without its credentials: JSON, a stream of it, or anything else.

What a model says comes in pieces, an event each, and a key that it repeats may be cut anywhere. So all texts
of one member are read as one over the events of a stream: what is said at a path, with the numbers and the
types that stand beside it. What changes is written anew; all else stays byte for byte.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import orjson
from msgspec import Struct

from tollway.redaction.redacted import GIVEN, SHORTEST, Span, mark, possible, redacted, spans
from tollway.redaction.shapes import SECRET_NAMES, SHAPES, Shape

type Channel = tuple[str | int, ...]
"""What the pieces of one text have in common."""

DATA, ESCAPE = b"data:", b"\\u"
TOKENS = ("logprobs", "logprobsResult")
"""Members that say the same again, token by token."""
APART = ("index", "output_index", "content_index", "summary_index", "item_id")
"""Members that tell the texts of several at one path apart; so does the type of the event."""


class Event(Struct):
    """A value of JSON within a text."""

    start: int
    end: int
    value: Any
    changed: bool = False


class Piece(Struct, frozen=True):
    """A text within an event."""

    event: Event
    holder: Any
    """The object or the list that has it."""
    key: Any
    text: bytes
    channel: Channel


def redacted_document(body: bytes, secrets: Collection[bytes] = ()) -> bytes:
    """The text without what looks like a credential, and without these. The same again changes nothing.

    Raises ValueError where it would have to write JSON anew that is nested deeper than any is sent.
    """
    events = list(_events(body))
    channels: dict[Channel, list[Piece]] = defaultdict(list)
    for piece in (piece for event in events for piece in _pieces(event)):
        channels[piece.channel].append(piece)
    whole = len(events) == 1 and isinstance(events[0].value, dict) and ESCAPE not in body
    shapes = possible(body) if whole else SHAPES
    for pieces in channels.values():
        _redact(pieces, secrets, shapes)
    if any(event.changed for event in events):
        for event in events:
            _leave_out_tokens(event)
    return redacted(_written(body, events), secrets)


def _events(body: bytes) -> Iterator[Event]:
    """All values: the whole, the members of a list as which a stream may come, or those of its lines."""
    try:
        yield Event(0, len(body), orjson.loads(body))
        return
    except ValueError:
        pass
    at = 0
    while at < len(body):
        end = body.find(b"\n", at)
        end = len(body) if end < 0 else end
        start = at + len(DATA) if body.startswith(DATA, at) else at
        line = body[start:end].strip()
        if line[:1] in (b"{", b"["):
            try:
                yield Event(start, end, orjson.loads(line))
            except ValueError:
                pass
        at = end + 1


def _pieces(event: Event) -> Iterator[Piece]:
    """The texts of an event, in their order. The members of a list may be a stream: each is as an event."""
    roots = event.value if isinstance(event.value, list) else [event.value]
    todo: list[tuple[Any, Channel]] = [(root, _type(root)) for root in reversed(roots)]
    while todo:
        holder, path = todo.pop()
        inner: list[tuple[Any, Channel]] = []
        for key, each in _members(holder):
            if isinstance(each, str):
                yield Piece(event, holder, key, each.encode(), (*path, *_apart(holder), key))
            elif isinstance(each, dict | list):
                inner.append((each, (*path, *_apart(holder), key)))
        todo += reversed(inner)


def _members(holder: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(holder, dict):
        return iter(list(holder.items()))
    return iter(list(enumerate(holder))) if isinstance(holder, list) else iter(())


def _type(root: Any) -> Channel:
    kind = root.get("type") if isinstance(root, dict) else None
    return (kind,) if isinstance(kind, str) else ()


def _apart(holder: Any) -> Channel:
    if not isinstance(holder, dict):
        return ()
    return tuple(each for name in APART if isinstance(each := holder.get(name), str | int))


def _redact(pieces: Sequence[Piece], secrets: Collection[bytes], shapes: Collection[Shape]) -> None:
    """Take the credentials out of the pieces of one text."""
    if _is_secret(pieces[0]):
        for piece in pieces:
            if len(piece.text) >= SHORTEST and piece.text != mark(GIVEN):
                _put(piece, mark(GIVEN))
        return
    found = spans(b"".join(piece.text for piece in pieces), secrets, shapes)
    at = 0
    for piece in pieces if found else ():
        end = at + len(piece.text)
        touched = [span for span in found if span[0] < end and span[1] > at]
        if touched:
            _put(piece, _left(piece.text, at, touched))
        at = end


def _leave_out_tokens(event: Event) -> None:
    """What was taken out of a text is not to stand beside it in pieces."""
    todo = [event.value]
    while todo:
        holder = todo.pop()
        for key, each in _members(holder):
            if key in TOKENS and each:
                holder[key], event.changed = None, True
            elif isinstance(each, dict | list):
                todo.append(each)


def _is_secret(piece: Piece) -> bool:
    """Whether its name says that it is one."""
    return isinstance(piece.key, str) and piece.key.lower().replace("-", "_") in SECRET_NAMES


def _left(text: bytes, at: int, touched: Sequence[Span]) -> bytes:
    """What is left of a piece that stands there: the mark is in that piece in which its credential begins."""
    parts: list[bytes] = []
    here = 0
    for start, end, kind in touched:
        parts.append(text[here : max(start - at, 0)])
        if start >= at:
            parts.append(mark(kind))
        here = end - at
    return b"".join((*parts, text[here:]))


def _put(piece: Piece, text: bytes) -> None:
    piece.holder[piece.key] = text.decode("utf-8", "replace")
    piece.event.changed = True


def _written(body: bytes, events: Sequence[Event]) -> bytes:
    """The body with what was changed written anew."""
    parts: list[bytes] = []
    at = 0
    for event in events:
        if event.changed:
            parts += (body[at : event.start], _said(body, event))
            at = event.end
    return b"".join((*parts, body[at:])) if parts else body


def _said(body: bytes, event: Event) -> bytes:
    """The event, with the blanks around it."""
    old = body[event.start : event.end]
    before, after = len(old) - len(old.lstrip()), len(old) - len(old.rstrip())
    try:
        said = orjson.dumps(event.value)
    except TypeError:
        raise ValueError("it is nested too deeply") from None
    return old[:before] + said + old[len(old) - after :]
