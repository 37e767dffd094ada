"""A request's body as a mapping, whichever format its dialect sends it in."""

from collections.abc import Mapping
from typing import Any

import orjson

from tollway.wire.form import form, is_form

LARGEST = 64 * 2**20
"""Bytes of a decoded body that are read; providers take up to 50 MB."""

FREE, RATIO = 4 * 2**20, 200
"""Bytes that a body may always decode to, and how many times its own size: what people send shrinks to a
tenth, and a hundred kilobytes of zstd can be a gigabyte."""


def most(raw: int, largest: int = LARGEST) -> int:
    """Bytes that a body of so many may decode to."""
    return min(largest, max(FREE, RATIO * raw))


def parsed(body: bytes | None, media_type: str = "", largest: int = LARGEST) -> Mapping[str, Any] | None:
    """The members of a JSON object, or the fields of a form (see `form`).

    None for all else: too large, no JSON, nested too deep, not an object, a form without parts.
    """
    if not body or len(body) > largest:
        return None
    if is_form(media_type):
        return form(body, media_type)
    try:
        value = orjson.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
