"""What of a request's body can be looked through, and how much of it can't."""

from tollway.wire.form import is_form, texts_of

BINARY = 8_000
"""Bytes at the beginning of a body that is no text if one of them is zero, as git has it."""


def looked_into(body: bytes, media_type: str) -> tuple[bytes, int]:
    """The body, or what of it is text; and how many files that are no text it has besides those in its JSON.

    A form is not as it was, so nothing in it can be placed.
    """
    if is_form(media_type) and (parts := texts_of(body, media_type)) is not None:
        return b"\r\n".join(parts[0]), parts[1]
    return (b"", 1) if b"\0" in body[:BINARY] else (body, 0)
