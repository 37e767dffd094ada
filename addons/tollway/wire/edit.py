"""Least edits of a JSON object: one member changes, every other byte stays."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence

import orjson

from tollway.wire.members import Member, members, opening


def set_member(body: bytes, key: str, value: object) -> bytes:
    """The body with the member `key` set to `value`, or put first where there was none.

    Duplicates are all set: which of them a reader goes by must make no difference. Raises ValueError if
    the body is no JSON object, TypeError if the value is nothing that JSON can say.
    """
    text = orjson.dumps(value)
    return change_members(body, (key,), lambda _: text, add=key)


def replace_member(body: bytes, key: str, value: object) -> bytes:
    """As `set_member`, of an object that is known to have the member, whose key is of ASCII letters and `_`.

    Where its name stands in the body but once, and no letter of any key is written as an escape, that is
    where it is: a long body need not be gone through.
    """
    name = orjson.dumps(key)
    at = body.find(name)
    plain = _PLAIN.match(body, at + len(name)) if at >= 0 else None
    if plain is None or body.find(name, plain.end()) >= 0 or ESCAPED in body:
        return set_member(body, key, value)
    return body[: plain.start(1)] + orjson.dumps(value) + body[plain.end(1) :]


ESCAPED = b"u00"
"""Is in each escape of a letter that names are made of."""
_PLAIN = re.compile(rb'[ \t\r\n]*+:[ \t\r\n]*+("[^"\\]*+")')

Path = Sequence[str | tuple[str, ...]]
"""Keys from the outermost object on; a key that has several spellings is a tuple of them."""


def set_path(body: bytes, path: Path, value: object) -> bytes:
    """The body with the member at the end of a path set to `value`, as `set_member` does it.

    Objects on the way are put where there are none, or null, by the first spelling. Raises ValueError if
    another value is there, in any of the duplicates and spellings of a member.
    """
    key, *rest = path
    keys = _spellings(key)
    if not rest:
        text = orjson.dumps(value)
        return change_members(body, keys, lambda _: text, add=keys[0])
    return change_members(body, keys, lambda inner: set_path(or_empty(inner), rest, value), add=keys[0])


def remove_path(body: bytes, path: Path) -> bytes:
    """The body without the member at the end of a path, in any of its spellings; objects around it stay.

    Raises ValueError if what is to have it is no object.
    """
    key, *rest = path
    keys = _spellings(key)
    if rest:
        return change_members(body, keys, lambda inner: inner if inner == NULL else remove_path(inner, rest))
    for each in keys:
        body = remove_member(body, each)
    return body


def _spellings(key: str | tuple[str, ...]) -> tuple[str, ...]:
    return (key,) if isinstance(key, str) else key


def change_members(
    body: bytes, keys: Collection[str], change: Callable[[bytes], bytes], add: str | None = None
) -> bytes:
    """The body with what `change` makes of the value of each member that has one of these keys.

    Where there is none, a member `add` is put first, with what `change` makes of null. Raises ValueError if
    the body is no JSON object.
    """
    every = list(members(body))
    found = [m for m in every if m.key in keys]
    if found:
        return _replaced(body, [(m.value, m.end, change(body[m.value : m.end])) for m in found])
    if add is None:
        return body
    at = opening(body)
    comma = b"," if every else b""
    return body[:at] + orjson.dumps(add) + b":" + change(NULL) + comma + body[at:]


NULL = b"null"


def or_empty(value: bytes) -> bytes:
    """The bytes of a value, null taken for an object without members."""
    return b"{}" if value == NULL else value


def remove_member(body: bytes, key: str) -> bytes:
    """The body without the member `key`, however often it was there.

    Raises ValueError if the body is no JSON object.
    """
    return _replaced(body, [(start, end, b"") for start, end in _spans(list(members(body)), key)])


def _spans(every: list[Member], key: str) -> Iterable[tuple[int, int]]:
    """What to cut: each run of such members with the commas that it leaves useless."""
    kept_end: int | None = None  # of the last member that stays, up to which a run's cut goes back
    for i, member in enumerate(every):
        if member.key != key:
            kept_end = member.end
        elif kept_end is not None:
            yield kept_end, member.end
            kept_end = member.end
        else:
            yield member.start, every[i + 1].start if i + 1 < len(every) else member.end


def _replaced(body: bytes, spans: Iterable[tuple[int, int, bytes]]) -> bytes:
    pieces, at = [], 0
    for start, end, text in spans:
        pieces += [body[at:start], text]
        at = end
    return b"".join([*pieces, body[at:]])
