"""Which headers go on (RFC 9110, section 7.6.1): those that are not about one connection alone."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from h11._headers import Headers  # the type of `headers`, which h11 does not name in public

OF_ONE_CONNECTION = frozenset(
    {
        b"connection", b"proxy-connection", b"keep-alive", b"te", b"trailer", b"upgrade",
        b"proxy-authorization", b"proxy-authenticate", b"proxy-authentication-info",
    }
)  # fmt: skip
NEVER_NAMED = frozenset({b"content-length", b"transfer-encoding", b"host"})
"""No `Connection` takes these away: bodies end by them."""

Pairs = Iterable[tuple[bytes, bytes]]


def value(headers: Pairs, name: bytes) -> str | None:
    """A header's value, by lower-case name; of several the last."""
    found = [text for each, text in headers if each == name]
    return found[-1].decode("latin-1") if found else None


def onward(headers: "Headers") -> list[tuple[bytes, bytes]]:
    """Those that go on, with their names as they were written."""
    words = [word for name, text in headers if name == b"connection" for word in text.lower().split(b",")]
    stay = OF_ONE_CONNECTION | ({word.strip() for word in words} - NEVER_NAMED)
    return [(name, text) for name, text in headers.raw_items() if name.lower() not in stay]


def with_token(headers: "Headers", token: str) -> list[tuple[bytes, bytes]]:
    """A request's headers as the proxy that we lead to is to see them."""
    return [*onward(headers), (b"Proxy-Authorization", f"Bearer {token}".encode("ascii"))]


def has_body(headers: Pairs) -> bool:
    """Whether a request has a body, as its headers say."""
    pairs = list(headers)
    coded, length = value(pairs, b"transfer-encoding"), value(pairs, b"content-length")
    return coded is not None or length not in (None, "0")
