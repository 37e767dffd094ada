"""The headers of a message, made ready for many look-ups."""

from collections.abc import Mapping

from mitmproxy.http import Headers


def plain(headers: Headers) -> dict[str, str]:
    """The headers by lower-case name, read once: each look-up in mitmproxy's walks them all.

    Of several of one name the last is taken.
    """
    return {
        name.decode("utf-8", "surrogateescape").lower(): value.decode("utf-8", "surrogateescape")
        for name, value in headers.fields
    }


def whole(sent: Headers, plain: Mapping[str, str]) -> Mapping[str, str]:
    """The same with all values of a name as one, as a server may take them. `plain`: what that made of it."""
    if len(plain) == len(sent.fields):
        return plain
    return {name: sent.get(name, value) for name, value in plain.items()}
