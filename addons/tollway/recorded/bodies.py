"""The bodies in a HAR as bytes: recorders undo their coding, and keep them as text or base64."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any

from tollway.recorded.fields import Fields
from tollway.wire.coding import decode
from tollway.wire.form import is_form
from tollway.wire.request_body import LARGEST

DECODED = 2**30
"""Bytes of one decoded body that are read."""

_CONTROL = re.compile(r"[^\t\n\r -\U0010ffff]")
_LOOKED_AT = 256
_BOUNDARY = "tollway-recorded-form"


def answer(content: Fields) -> bytes | None:
    """The body of an answer; None if it was not recorded. Raises Flaw."""
    text = content.text("text")
    if text is None:
        return None
    if (content.text("encoding") or "").lower() != "base64":
        return as_bytes(text)
    try:
        return unbase64(text)
    except ValueError:
        raise content.flaw("text", "is no base64, as content.encoding says that it is") from None


def request(post: Fields) -> tuple[bytes | None, str]:
    """The body of a request, None if it was not recorded, and its media type. Raises Flaw.

    Some write a form's fields, and not the body that they came in.
    """
    text, media_type = post.text("text"), post.text("mimeType") or ""
    if not text and is_form(media_type) and (fields := post.list("params")):
        return _form(fields), f"multipart/form-data; boundary={_BOUNDARY}"
    if text is None:
        return None, media_type
    if (post.text("encoding") or "").lower() != "base64":
        return as_bytes(text), media_type
    try:
        return unbase64(text), media_type
    except ValueError:
        raise post.flaw("text", "is no base64, as postData.encoding says that it is") from None


def as_bytes(text: str) -> bytes:
    """The bytes that a text was: UTF-8, as a rule.

    mitmproxy takes what names no charset for Latin-1: streams that are UTF-8, and binary ones, which have
    zeros. What was no UTF-8 comes as lone surrogates, where the recorder lost nothing.
    """
    if text.isascii():
        return text.encode("ascii")
    try:
        taken = text.encode("latin-1")
        if "\0" not in text:
            taken.decode("utf-8")
        return taken
    except UnicodeError:
        pass
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def unbase64(text: str) -> bytes:
    """The bytes; line breaks do not matter, nor does the padding. ValueError: it is none."""
    raw = text.encode("ascii")
    try:
        return b64decode(raw, validate=True)
    except binascii.Error:
        raw = b"".join(raw.split()).rstrip(b"=")
        return b64decode(raw + b"=" * (-len(raw) % 4), validate=True)


def uncoded(body: bytes, coding: str) -> bytes:
    """A body without the coding that its headers name, where the recorder has left it: few do."""
    if not coding or _is_text(body[:_LOOKED_AT]):
        return body
    return decode(body, coding, DECODED) or body


def _is_text(start: bytes) -> bool:
    """Whether bytes are UTF-8, of which the last character may be cut, and have no control characters."""
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(start) - error.start >= 4:
            return False
        text = start[: error.start].decode("utf-8")
    return _CONTROL.search(text) is None


def events(messages: Iterable[Any]) -> bytes:
    """A stream of events, as Chrome's protocol shows them: one by one, already parted."""
    lines: list[str] = []
    for message in messages:
        if isinstance(message, Mapping) and isinstance(data := message.get("data"), str):
            name = message.get("eventName")
            lines += [f"event: {name}"] if isinstance(name, str) and name else []
            lines += [f"data: {line}" for line in data.split("\n")]
            lines.append("")
    return as_bytes("\n".join([*lines, ""]))


def _form(fields: Iterable[Any]) -> bytes:
    """A form of these fields, whose files, which nobody records here, are empty; `LARGEST` bounds it."""
    parts: list[str] = []
    for field in fields:
        if isinstance(field, Mapping) and isinstance(name := field.get("name"), str):
            value, file = field.get("value"), field.get("fileName")
            filename = '; filename="file"' if isinstance(file, str) and file else ""
            name = name.replace('"', "%22").replace("\r", "").replace("\n", "")
            parts.append(f'--{_BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"{filename}\r\n\r\n')
            parts.append(f"{value if isinstance(value, str) else ''}\r\n")
    return as_bytes("".join([*parts, f"--{_BOUNDARY}--\r\n"]))[:LARGEST]
