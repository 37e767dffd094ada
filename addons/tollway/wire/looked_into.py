"""What of a request's body can be looked through, and how much of it can't."""

import codecs
from collections.abc import Iterator
from json import detect_encoding

import orjson

from tollway.guardrails.escapes import KEPT
from tollway.guardrails.inside import is_json
from tollway.guardrails.plainly import plain
from tollway.wire.form import stretches
from tollway.wire.query_text import query_text

BINARY = 8_000
"""Bytes at the beginning of a body that is no text in UTF-8 if one of them is zero, as git has it."""
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)  # of which one begins UTF-32-LE's


def looked_into(body: bytes, media_type: str) -> tuple[bytes, int]:
    """The body, or what of it is text; and how many files that are no text it has besides those in its JSON.

    Of a form, of what else has parts, and of several lines of JSON it is a list of texts. These are not as
    they were, and neither is JSON in UTF-16 or UTF-32, or with zeros in it, so nothing in them can be placed.
    """
    if has_parts(media_type) and (parts := stretches(body, media_type)) is not None:
        texts, files = list[str](), 0
        for head, content in parts:
            text = as_utf8(content)
            texts += (_shown(head), *_lines(text or b""))
            files += text is None
        return orjson.dumps([text for text in texts if text]), files
    if _is_query(media_type) and not is_json(body):
        return query_text("?" + _shown(body)), 0
    text = as_utf8(body)
    if text is None:
        return (_read(body.replace(b"\0", b"")) if _is_called_text(body, media_type) else b""), 1
    return _read(text), 0


def _read(text: bytes) -> bytes:
    """Line by line, where each is JSON. What is no JSON, but written as such, has no needless escapes: a
    reader may forgive what is wrong with it."""
    if _has_lines(text):
        return orjson.dumps([*_lines(text)])
    if b"\\u00" in text and not is_json(text):
        return plain(text.decode("utf-8", KEPT)).encode("utf-8", KEPT)
    return text


def has_parts(media_type: str) -> bool:
    """Whether a body of this content type is several: a form, or Google's uploads (`multipart/related`)."""
    return media_type.lstrip().lower().startswith("multipart/")


def _is_query(media_type: str) -> bool:
    """As curl calls JSON, too."""
    return media_type.lstrip().lower().startswith("application/x-www-form-urlencoded")


def _is_called_text(body: bytes, media_type: str) -> bool:
    """What has zeros in it may be text all the same, by its name or its beginning."""
    is_named = "json" in media_type.lower() or media_type.lstrip().lower().startswith("text/")
    return is_named or body.lstrip()[:1] in (b"{", b"[")


def as_utf8(body: bytes) -> bytes | None:
    """The text in UTF-8, as readers of JSON tell what it is in; None: it is none. Of what has no mark only
    JSON is text: any bytes may be letters."""
    if b"\0" not in body[:BINARY]:
        return body
    encoding = detect_encoding(body)
    try:
        text = "" if encoding.startswith("utf-8") else body.decode(encoding)
    except UnicodeError:
        return None
    is_text = body.startswith(_MARKS) or text.lstrip()[:1] in ("{", "[")
    return text.encode() if is_text and text else None


def _has_lines(text: bytes) -> bool:
    """Whether each line is JSON, as in the input of a batch: by the first of several."""
    end = text.find(b"\n")
    return end > 0 and text[:1] == b"{" and text[:end].rstrip().endswith(b"}") and text[end:].strip() != b""


def _lines(text: bytes) -> Iterator[str]:
    """Its lines, where they are JSON each, else all of it."""
    if _has_lines(text):
        yield from (_shown(line.strip()) for line in text.split(b"\n"))
    else:
        yield _shown(text.strip())


def _shown(text: bytes) -> str:
    return text.decode("utf-8", "replace")
