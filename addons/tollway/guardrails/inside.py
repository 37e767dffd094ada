"""What a text has inside: JSON, as tool calls have it, or a file in base64."""

import base64
import binascii
import json
import re

import orjson

from tollway.guardrails.escapes import KEPT

NESTED = 4
"""Levels of JSON in strings of JSON that are followed."""
SHORTEST = 4
"""Bytes of what is looked at: nothing that is looked for is shorter."""
OPAQUE = frozenset({"signature", "thoughtSignature", "thought_signature", "encrypted_content"})
"""Members that providers made, and take back only as they are."""
FILES = frozenset({"data", "bytes", "file_data", "b64_json"})
"""Members that are a file in base64, as dialects name them."""
_DATA_URI = re.compile(r"data:[^,;]{0,100}(?:;[^,;]{0,100}){0,5};base64,", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]++={0,2}")


def is_json(body: bytes) -> bool:
    """By any reader: some take what is no UTF-8, and halves of surrogate pairs."""
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            json.loads(body.decode("utf-8", KEPT), strict=False)
        except (ValueError, RecursionError):
            return False
    return True


def json_in(text: str, level: int) -> bytes | None:
    """The JSON that a text is, at this level of such texts; None: it is none, or is not followed."""
    if text[:1] not in ("{", "[") or text[-1:] not in ("}", "]") or level >= NESTED:
        return None
    try:
        inner = text.encode("utf-8", KEPT)
    except UnicodeEncodeError:  # half of a surrogate pair: no bytes are its
        return None
    return inner if is_json(inner) else None


def file_from(text: str, key: str | int) -> int | None:
    """Where base64 begins, of a text at this key that is a file; None: it is none."""
    if text[:5].lower() == "data:" and (uri := _DATA_URI.match(text)) is not None:
        return uri.end()
    return 0 if key in FILES and _BASE64.fullmatch(text) else None


def text_of(coded: str) -> str | None:
    """What is written in base64 (RFC 4648, of either alphabet); None: it is no text."""
    plain = coded.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return None if "\0" in text else text
