"""The top-level members of a JSON object, or elements of an array, and where they are."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import orjson

from tollway.wire.spans import element_spans, member_spans

DEEPEST = 100_000
"""Levels that are followed; each may cost a microsecond, and parsers stop long before."""


def _skipping(depth: int) -> bytes:
    """A pattern of one piece: bytes without brackets, a string, a container of at most this depth."""
    piece = rb'[^"{}\[\]]++|"[^"]*+"'
    return piece + rb"|[{\[](?:" + _skipping(depth - 1) + rb")*+[}\]]" if depth else piece


# All possessive, so a body costs linear time. To skip containers of the usual depth in one match makes the
# scan three times as fast; below a deeper one the bytes are read once per level, seven times at most.
_SPACE = rb"[ \t\r\n]*+"
_OPENING = re.compile(_SPACE + rb"\{" + _SPACE)
_KEY = re.compile(rb'("[^"]*+")' + _SPACE + rb":" + _SPACE)
_SCALAR = re.compile(rb'"[^"]*+"|-?(?:0|[1-9]\d*+)(?:\.\d++)?+(?:[eE][+-]?\d++)?+|true|false|null')
_TO_BRACKET = re.compile(rb"(?:" + _skipping(6) + rb")*+")
_SEPARATOR = re.compile(_SPACE + rb"([,}])" + _SPACE)
_ARRAY = re.compile(_SPACE + rb"\[" + _SPACE)
_BETWEEN = re.compile(_SPACE + rb"([,\]])" + _SPACE)

_BRACKETS = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1}


class Member(NamedTuple):
    """Where one member is: `body[start:end]` is `"key": value`, `body[value:end]` its value."""

    key: str
    start: int
    value: int
    end: int


def members(body: bytes) -> Iterator[Member]:
    """The members of the object that `body` is, duplicates included, in their order.

    Raises ValueError where the body stops being a JSON object: one that is cut off yields its whole
    members first. Containers are skipped, whatever their depth; what is inside them is not checked.
    """
    if (spans := member_spans(body)) is not None:
        yield from [Member(*span) for span in spans]
        return
    text = _masked(body)
    at = opening(text)
    if text.startswith(b"}", at):
        return _check_end(text, at + 1)
    while True:
        match = _KEY.match(text, at)
        if match is None:
            raise ValueError(f"no JSON object: byte {at} opens no member")
        end = _value_end(text, match.end())
        separator = _SEPARATOR.match(text, end)
        if separator is None:
            raise ValueError(f"no JSON object: byte {end} ends no value")
        yield Member(orjson.loads(body[at : match.end(1)]), at, match.end(), end)
        at = separator.end()
        if separator[1] == b"}":
            return _check_end(text, at)


def elements(body: bytes) -> Iterator[tuple[int, int]]:
    """Where each element of the array that `body` is begins and ends. Raises ValueError as `members` does."""
    if (spans := element_spans(body)) is not None:
        yield from spans
        return
    text = _masked(body)
    match = _ARRAY.match(text)
    if match is None:
        raise ValueError("no JSON array: it does not open with a bracket")
    at = match.end()
    if text.startswith(b"]", at):
        return _check_end(text, at + 1)
    while True:
        end = _value_end(text, at)
        between = _BETWEEN.match(text, end)
        if between is None:
            raise ValueError(f"no JSON array: byte {end} ends no value")
        yield at, end
        at = between.end()
        if between[1] == b"]":
            return _check_end(text, at)


def opening(body: bytes) -> int:
    """Where the first member starts, if there is one; raises ValueError if no object opens here."""
    match = _OPENING.match(body)
    if match is None:
        raise ValueError("no JSON object: it does not open with a brace")
    return match.end()


def _masked(body: bytes) -> bytes:
    """The body with escaped quotes blotted out, so that each quote left opens or closes a string."""
    if b"\\" not in body:
        return body
    return body.replace(b"\\\\", b"..").replace(b'\\"', b"..")


def _value_end(text: bytes, at: int) -> int:
    if text[at : at + 1] in (b"{", b"["):
        return _container_end(text, at)
    match = _SCALAR.match(text, at)
    if match is None:
        raise ValueError(f"no JSON object: byte {at} starts no value")
    return match.end()


def _container_end(text: bytes, at: int) -> int:
    depth = 1
    while depth:
        match = _TO_BRACKET.match(text, at + 1)
        assert match is not None  # it matches nothing, too
        at = match.end()
        step = _BRACKETS.get(text[at]) if at < len(text) else None
        if step is None:
            raise ValueError("no JSON object: it is cut off")
        depth += step
        if depth > DEEPEST:
            raise ValueError(f"no JSON object that anyone reads: it is nested more than {DEEPEST} deep")
    return at + 1


def _check_end(text: bytes, at: int) -> None:
    if text[at:].strip(b" \t\r\n"):
        raise ValueError(f"no JSON object: byte {at} is behind its end")
