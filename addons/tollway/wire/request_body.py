"""A request's body as a mapping, whichever format its dialect sends it in."""

from collections.abc import Mapping
from typing import Any

import orjson

from tollway.wire.form import form, is_form

LARGEST = 64 * 2**20
"""Bytes of a decoded body that are read; providers take up to 50 MB."""


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
