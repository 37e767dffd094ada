"""The headers of a message, made ready for many look-ups."""

from collections.abc import Mapping

from mitmproxy.http import Headers

LONGEST = 1_000
"""Characters of a value of ours that has what callers wrote: clients take heads of some size only."""


def value(text: str) -> str:
    """A text as the value of a header, whatever is in it: models are called as callers like."""
    text = text[:LONGEST]
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if " " <= c <= "~" else "?" for c in text)


def plain(headers: Headers) -> dict[str, str]:
    """The headers by lower-case name, read once: each look-up in mitmproxy's walks them all.

    Of several of one name the last is taken.
    """
    return {
        name.decode("utf-8", "surrogateescape").lower(): value.decode("utf-8", "surrogateescape")
        for name, value in headers.fields
    }


def put(headers: Headers, values: Mapping[bytes, bytes]) -> None:
    """Have these values, by lower-case name, instead of any there are; the headers are walked once."""
    kept = [field for field in headers.fields if field[0].lower() not in values]
    headers.fields = (*kept, *values.items())


def whole(sent: Headers, plain: Mapping[str, str]) -> Mapping[str, str]:
    """The same with all values of a name as one, as a server may take them. `plain`: what that made of it."""
    if len(plain) == len(sent.fields):
        return plain
    return {name: sent.get(name, value) for name, value in plain.items()}
