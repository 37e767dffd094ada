"""Ways in which bytes go wrong: cut, doubled, reordered, flipped, or saying what nobody says.

Each takes bytes and two numbers that say where and what, any that are not negative. The same numbers make the
same of them, so a search can find small ones, and a failure can be played again.
"""

import base64
import binascii
import json
import re
import struct
import zlib
from collections.abc import Callable

type Mutation = Callable[[bytes, int, int], bytes]

DEEP = 10_000
NUMBERS = (
    b"-1", b"1e400", b"-1e400", b"1" + b"0" * 30, b"NaN", b"true", b'"12"', b"null", b"0", b"0.5", b"1e12",
    b"1000000000001", b"-0.0", b"1e-400", b"9223372036854775808", b"18446744073709551616", b"[3]",
    b'{"a": 3}', b"9" * 5000, b"3.0", b"false", b'"NaN"', b'"-1e9"', b"999999999999", b'""',
)  # fmt: skip
"""What may stand where a count does."""
VALUES = (
    b"null", b"true", b"false", b"7", b"-1", b'""', b'"x"', b"[]", b"{}", b"[[]]", b"[null]", b'[{"a": 1}]',
    b'{"": null}', b'["x", 1]', b"[" * DEEP + b"]" * DEEP, b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b"[" * 300 + b"]" * 300, b'{"a":' * 900 + b"1" + b"}" * 900, b'"' + b"x" * 70_000 + b'"', b'"\\ud800"',
    b'"\\u0000"', b'"\\""', b'"\\', b"1.5", b'"error"', b'{"type": "error"}', b'{"error": {"type": {}}}',
    b'"\xff\xfe"', b"[1e999]",
)  # fmt: skip
"""What may stand where any value does."""
JUNK = (
    b"\x00", b"\xff", b"\n", b"\r", b"\r\n\r\n", b"\n\n", b'"', b"\\", b"{", b"}", b"[", b"]", b",",
    b"data: ", b"data:[DONE]\n\n", b"event: error\n", b": comment\n\n", b"\xef\xbb\xbf", b"data: {}\n\n",
    b"data: null\n\n", b"data: [1]\n\n", b"id: 1\nretry: x\n", b'{"usage": {"prompt_tokens": 5}}',
    b"\xf0\x9f", b"null", b"data: " + b"[" * DEEP + b"\n\n", b" " * 1000, b"<html>",
    b"\x00\x00\x00\x10\x00\x00\x00\x00", b'"usage": null, ', b"--golden-boundary\r\n",
)  # fmt: skip
"""What may come in between."""

_NUMBER = re.compile(rb"(?<=[:\[,])\s*-?\d[\d.eE+-]*")
_SCALAR = re.compile(rb'(?<=[:\[,])\s*(?:-?\d[\d.eE+-]*|true|false|null|"(?:[^"\\]|\\.)*")(?!\s*:)')
_KEY = re.compile(rb'"[\w.:@/-]{1,64}"(?=\s*:)')
_CLOSE = re.compile(rb"\}")
_OPEN = re.compile(rb"[{\[]")
_PRELUDE = struct.Struct(">III")
_INSIDE = re.compile(rb'("bytes": ?")([^"]*)(")')


def cut_short(data: bytes, a: int, b: int) -> bytes:
    """The start alone."""
    return data[: a % (len(data) + 1)]


def beheaded(data: bytes, a: int, b: int) -> bytes:
    """The end alone."""
    return data[a % (len(data) + 1) :]


def without_piece(data: bytes, a: int, b: int) -> bytes:
    """Some bytes less."""
    start, end = _span(data, a, b)
    return data[:start] + data[end:]


def with_piece_twice(data: bytes, a: int, b: int) -> bytes:
    """Some bytes said twice."""
    start, end = _span(data, a, b)
    return data[:end] + data[start:]


def with_byte_flipped(data: bytes, a: int, b: int) -> bytes:
    """One byte is another."""
    if not data:
        return data
    at = a % len(data)
    return data[:at] + bytes([data[at] ^ (1 + b % 255)]) + data[at + 1 :]


def with_junk(data: bytes, a: int, b: int) -> bytes:
    """Something in between."""
    at = a % (len(data) + 1)
    return data[:at] + JUNK[b % len(JUNK)] + data[at:]


def with_number(data: bytes, a: int, b: int) -> bytes:
    """One number of its JSON is none that anybody counts."""
    return _replaced(data, _NUMBER, a, NUMBERS[b % len(NUMBERS)])


def with_scalar(data: bytes, a: int, b: int) -> bytes:
    """One number, word or string of its JSON is of another type."""
    return _replaced(data, _SCALAR, a, VALUES[b % len(VALUES)])


def with_container(data: bytes, a: int, b: int) -> bytes:
    """One object or list of its JSON is something else."""
    opening = _picked(data, _OPEN, a)
    if opening is None:
        return data
    return data[: opening.start()] + VALUES[b % len(VALUES)] + data[_closing(data, opening.start()) :]


def with_key(data: bytes, a: int, b: int) -> bytes:
    """One member has the name of another."""
    other = _picked(data, _KEY, b)
    return data if other is None else _replaced(data, _KEY, a, other[0])


def with_member_more(data: bytes, a: int, b: int) -> bytes:
    """One object has a member more, maybe one that it has already: then the last one holds."""
    closing, key = _picked(data, _CLOSE, a), _picked(data, _KEY, b)
    if closing is None or key is None:
        return data
    at, value = closing.start(), VALUES[b // 7 % len(VALUES)]
    return data[:at] + b"," + key[0] + b":" + value + data[at:]


def without_event(data: bytes, a: int, b: int) -> bytes:
    """One event less."""
    found = events(data)
    del found[a % len(found)]
    return b"".join(found)


def with_event_twice(data: bytes, a: int, b: int) -> bytes:
    """One event comes once more, somewhere."""
    found = events(data)
    found.insert(b % (len(found) + 1), found[a % len(found)])
    return b"".join(found)


def with_events_swapped(data: bytes, a: int, b: int) -> bytes:
    """Two events have changed places."""
    found = events(data)
    one, two = a % len(found), b % len(found)
    found[one], found[two] = found[two], found[one]
    return b"".join(found)


TEXTUAL: tuple[Mutation, ...] = (
    cut_short, beheaded, without_piece, with_piece_twice, with_byte_flipped, with_junk, with_number,
    with_number, with_scalar, with_container, with_key, with_member_more, with_member_more,
)  # fmt: skip
"""What may happen to any bytes; the likelier ones stand here twice."""


def within_frame(data: bytes, a: int, b: int) -> bytes:
    """One frame of an event stream has another payload, and sums that fit it; other bytes are as they were.

    Of a payload that holds a model's own event, that one is changed.
    """
    found = events(data)
    frame = found[a % len(found)]
    if _framed(frame) is None:
        return data
    change = TEXTUAL[b % len(TEXTUAL)]
    found[a % len(found)] = _reframed(frame, lambda text: change(text, a // len(found), b // len(TEXTUAL)))
    return b"".join(found)


MUTATIONS: tuple[Mutation, ...] = (
    *TEXTUAL, without_event, with_event_twice, with_events_swapped, within_frame, within_frame, within_frame,
)  # fmt: skip
"""All of them."""


def events(data: bytes) -> list[bytes]:
    """The pieces that a stream is made of, of whichever framing it is; together they are the stream.

    Never empty: what is no stream is one piece.
    """
    found, rest = [], data
    while (size := _framed(rest)) is not None:
        found.append(rest[:size])
        rest = rest[size:]
    if not found:
        mark = b"\n\n" if b"\n\n" in data else b"\n"
        found, rest = [piece + mark for piece in data.split(mark)[:-1]], data.split(mark)[-1]
    return [*found, rest] if rest or not found else found


def _framed(data: bytes) -> int | None:
    """How long the event-stream frame is that the bytes begin with; None if there is no whole one."""
    if len(data) < _PRELUDE.size:
        return None
    total, headers, check = _PRELUDE.unpack_from(data)
    sound = zlib.crc32(data[:8]) == check and headers + 16 <= total <= len(data)
    return total if sound else None


def _reframed(frame: bytes, change: Callable[[bytes], bytes]) -> bytes:
    head = _PRELUDE.size + _PRELUDE.unpack_from(frame)[1]
    headers, payload = frame[_PRELUDE.size : head], frame[head:-4]
    inside = _INSIDE.search(payload)
    try:
        event = base64.b64decode(inside[2]) if inside else b""
    except binascii.Error:  # changed before
        inside = None
    if inside is None:
        payload = change(payload)
    else:
        payload = payload[: inside.start(2)] + base64.b64encode(change(event)) + payload[inside.end(2) :]
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    text = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + payload
    return text + struct.pack(">I", zlib.crc32(text))


def _span(data: bytes, a: int, b: int) -> tuple[int, int]:
    one, two = a % (len(data) + 1), b % (len(data) + 1)
    return min(one, two), max(one, two)


def _picked(data: bytes, pattern: re.Pattern[bytes], a: int) -> re.Match[bytes] | None:
    found = list(pattern.finditer(data))
    return found[a % len(found)] if found else None


def _replaced(data: bytes, pattern: re.Pattern[bytes], a: int, by: bytes) -> bytes:
    match = _picked(data, pattern, a)
    return data if match is None else data[: match.start()] + by + data[match.end() :]


def _closing(data: bytes, at: int) -> int:
    """Behind the bracket that closes the one at `at`, as JSON has it; the end if none does."""
    try:
        return at + json.JSONDecoder().raw_decode(data[at:].decode("latin-1"))[1]
    except (ValueError, RecursionError):
        return len(data)
