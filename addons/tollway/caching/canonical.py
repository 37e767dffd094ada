"""JSON in one form for all ways to write it: without order, white space, escapes and spellings of numbers.

What can't be told apart for sure has no such form: members that stand twice, of which readers take one or the
other; numbers that have more digits than readers keep.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
import orjson

from tollway.wire.duplicates import named_twice

Path = tuple[str, ...]
"""The names of members that lead to one; lists on the way are gone through."""

TWICE = "its body names something twice, and readers differ in which of the two counts"
NUMBERS = "its body has a number that readers round, or is nested too deep"
NO_JSON = "its body is no JSON object"

MOST_EXACT = 2**53
"""Whole numbers below it are the same to all readers, with a point or without."""
LONGEST_NUMBER = 40
"""Characters of one with a point or an exponent."""
_QUOTE_SPELLED_OUT = b"\\u0022"


def canonical(body: bytes, ignored: Sequence[Path] = ()) -> bytes | str:
    """The form of a JSON object without these members; a text: why it has none."""
    try:
        members = _decode(body)
    except (ValueError, RecursionError):
        return NO_JSON
    if not isinstance(members, dict):
        return NO_JSON
    left_out: list[dict[str, Any]] = []
    try:
        for path in ignored:
            _leave_out(members, path, left_out)
        written = orjson.dumps(members, option=orjson.OPT_SORT_KEYS)
        quotes = written.count(b'"') + sum([orjson.dumps(each).count(b'"') for each in left_out])
    except (TypeError, RecursionError):
        return NUMBERS
    return TWICE if _has_twice(body, quotes) else written


def _number(text: str) -> int | float | Decimal:
    """A number with a point or an exponent. One that readers round is a Decimal, which can't be written."""
    value = float(text)
    if len(text) > LONGEST_NUMBER or value in (float("inf"), float("-inf")):
        return Decimal(0)
    if Decimal(text) != Decimal(repr(value)):
        return Decimal(0)
    return int(value) if value.is_integer() and abs(value) < MOST_EXACT else value


_decode = msgspec.json.Decoder(float_hook=_number).decode
"""Of members that stand twice it takes the last. A whole number is taken as it is, however long."""


def _has_twice(body: bytes, quotes: int) -> bool:
    """Whether any object has two members of one name.

    `quotes`: of what was read, written anew, where each name stands once. A member that was dropped had a
    name, and so two quotes more. All others are written alike, but where the body spells one out.
    """
    if _QUOTE_SPELLED_OUT in body:
        return named_twice(body) is not None
    return body.count(b'"') != quotes


def _leave_out(value: Any, path: Path, left_out: list[dict[str, Any]]) -> None:
    """Leave a member out wherever the path leads to one, and note it with its name."""
    if isinstance(value, list):
        for each in value:
            _leave_out(each, path, left_out)
    elif isinstance(value, dict) and path[0] in value:
        if len(path) > 1:
            _leave_out(value[path[0]], path[1:], left_out)
        else:
            left_out.append({path[0]: value.pop(path[0])})
