"""The headers of a message, made ready for many look-ups."""

from mitmproxy.http import Headers


def plain(headers: Headers) -> dict[str, str]:
    """The headers by lower-case name, read once: each look-up in mitmproxy's walks them all.

    Of several of one name the last is taken.
    """
    return {
        name.decode("utf-8", "surrogateescape").lower(): value.decode("utf-8", "surrogateescape")
        for name, value in headers.fields
    }
