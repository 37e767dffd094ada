"""The head of an HTTP/1 request: parsed leniently, kept as received."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from tests.simulator.framing import BodyReader, Chunked, Fixed, FramingError, header

VERSIONS = ("HTTP/1.1", "HTTP/1.0")


@dataclass(frozen=True)
class Head:
    """Request line and headers."""

    method: str
    target: str
    version: str
    headers: tuple[tuple[str, str], ...]
    origin: str
    """The target's path and query."""
    authority: str
    """Of a target in absolute form, else ""."""

    @cached_property
    def lower(self) -> dict[str, str]:
        """Headers by lower-case name; the first of a name counts."""
        return {name.lower(): value for name, value in reversed(self.headers)}

    @property
    def host(self) -> str:
        """Where the request is meant to go."""
        return self.authority or self.lower.get("host", "")

    @property
    def keep_alive(self) -> bool:
        """Whether the client wants to go on with this connection."""
        wish = self.lower.get("connection", "").lower()
        return "keep-alive" in wish if self.version == "HTTP/1.0" else "close" not in wish

    @property
    def expects(self) -> bool:
        """The client waits for 100 Continue."""
        return self.lower.get("expect", "").lower() == "100-continue"

    @property
    def fault(self) -> str:
        """What RFC 9112 forbids a client or proxy to send; "" if all is well."""
        names = [name.lower() for name, _ in self.headers]
        if names.count("host") != 1 and self.version == "HTTP/1.1":
            return f"{names.count('host')} Host headers"
        if "transfer-encoding" in names and "content-length" in names:
            return "both content-length and transfer-encoding"
        return "several content-lengths" if names.count("content-length") > 1 else ""

    def body_reader(self) -> BodyReader | None:
        """A reader for the body, or None if there is none. Raises FramingError."""
        if "chunked" in self.lower.get("transfer-encoding", "").lower():
            return Chunked()
        length = self.lower.get("content-length", "0")
        if not length.isdecimal():
            raise FramingError(f"content-length: {length[:20]!r} is no number")
        return Fixed(int(length)) if int(length) else None


def parse_head(data: bytes) -> Head:
    """The head without its closing empty line. Raises FramingError."""
    first, *lines = data.decode("latin-1").lstrip("\r\n").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3 or parts[2] not in VERSIONS:
        raise FramingError(f"no request line: {first[:80]!r}")
    method, target, version = parts
    authority, origin = ("", target) if target.startswith("/") else _absolute(target)
    return Head(method, target, version, tuple([header(line) for line in lines]), origin, authority)


def _absolute(target: str) -> tuple[str, str]:
    """Authority and origin form of a whole URL."""
    url = urlsplit(target)
    if not url.netloc:
        raise FramingError(f"no path: {target[:80]!r}")
    return url.netloc, (url.path or "/") + (f"?{url.query}" if url.query else "")
