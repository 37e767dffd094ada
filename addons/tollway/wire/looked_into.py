"""What of a request's body can be looked through, and how much of it can't."""

from json import detect_encoding

from tollway.wire.form import is_form, texts_of

BINARY = 8_000
"""Bytes at the beginning of a body that is no text in UTF-8 if one of them is zero, as git has it."""


def looked_into(body: bytes, media_type: str) -> tuple[bytes, int]:
    """The body, or what of it is text; and how many files that are no text it has besides those in its JSON.

    A form is not as it was, and neither is JSON in UTF-16 or UTF-32, so nothing in them can be placed.
    """
    if is_form(media_type) and (parts := texts_of(body, media_type)) is not None:
        return b"\r\n".join(parts[0]), parts[1]
    if b"\0" not in body[:BINARY]:
        return body, 0
    text = _other(body)
    return (b"", 1) if text is None else (text, 0)


def _other(body: bytes) -> bytes | None:
    """The text in UTF-8, as readers of JSON tell what it is in; None: it is none."""
    encoding = detect_encoding(body)
    try:
        return None if encoding.startswith("utf-8") else body.decode(encoding).encode()
    except UnicodeError:
        return None
