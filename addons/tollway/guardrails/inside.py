"""What a text has inside: JSON, as tool calls have it, or a file in base64."""

import base64
import binascii
import codecs
import json
import re

import orjson

from tollway.guardrails.escapes import KEPT

NESTED = 4
"""Levels of JSON in strings of JSON that are followed."""
SHORTEST = 4
"""Bytes of what is looked at: nothing that is looked for is shorter."""
LONGEST_KEY = 200
"""Characters, of which a key that looks like base64 has fewer, and what a provider made has more."""
OPAQUE = frozenset({"signature", "thoughtSignature", "thought_signature", "encrypted_content"})
"""Members that providers made, and take back only as they are."""
FILES = frozenset({"data", "bytes", "file_data", "b64_json"})
"""Members that are a file in base64, as dialects name them."""
_DATA_URI = re.compile(r"data:[^,;]{0,100}(?:;[^,;]{0,100}){0,5};base64,", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]++={0,2}")
_LINES = re.compile(r"(?:[A-Za-z0-9+/_-]{60,76}\r?\n)++(?:[A-Za-z0-9+/_-]{1,76}+={0,2}\s*+)?")
"""Base64 in lines, as mail has it: texts of words have none that are so long."""
_OTHERS = re.compile("[\udc80-\udcff]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SPACE = " \t\r\n"
_BEGINS, _ENDS = frozenset("{[" + _SPACE), frozenset("}]" + _SPACE)
_BOM = b"\xef\xbb\xbf"


def is_json(body: bytes) -> bool:
    """By any reader: some take a byte order mark, what is no UTF-8, and halves of surrogate pairs."""
    body = body.removeprefix(_BOM)
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            json.loads(body.decode("utf-8", KEPT), strict=False)
        except (ValueError, RecursionError):
            return False
    return True


def is_opaque(text: str, key: str | int) -> bool:
    """Whether it is what a provider made. Callers' own members have such names, too, for what they like."""
    return key in OPAQUE and len(text) >= LONGEST_KEY and _BASE64.fullmatch(text) is not None


def json_in(text: str, level: int) -> bytes | None:
    """The JSON that a text is, at this level of such texts; None: it is none, or is not followed."""
    if level >= NESTED or not (text[:1] in _BEGINS and text[-1:] in _ENDS):
        return None
    if text[0] in _SPACE or text[-1] in _SPACE:  # as what a command printed ends in a line
        inside = text.strip(_SPACE)
        if inside[:1] not in ("{", "[") or inside[-1:] not in ("}", "]"):
            return None
    try:
        inner = text.encode("utf-8", KEPT)
    except UnicodeEncodeError:  # half of a surrogate pair: no bytes are its
        return None
    return inner if is_json(inner) else None


def file_from(text: str, key: str | int) -> int | None:
    """Where base64 begins, of a text at this key that is a file; None: it is none. What is short and no text
    when it is decoded is none: a key or any word looks like base64, too."""
    if text[:5].lower() == "data:" and (uri := _DATA_URI.match(text)) is not None:
        return uri.end()
    if key not in FILES or not (_BASE64.fullmatch(text) or _LINES.fullmatch(text)):
        return None
    return 0 if len(text) >= LONGEST_KEY or text_of(text) is not None else None


def text_of(coded: str) -> str | None:
    """What is written in base64 (RFC 4648, of either alphabet); None: it is no text. Of one that is not in
    UTF-8 the bytes beyond ASCII are kept as they are."""
    plain = "".join(coded.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        raw = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        text = raw.decode("utf-16" if raw.startswith(_UTF16) else "utf-8", KEPT)
    except (binascii.Error, UnicodeDecodeError):
        return None
    others = 0 if text.isascii() else len(_OTHERS.findall(text))
    return None if "\0" in text or others * 10 > len(text) else text
