"""Where a recorded request went, as it may be shown: keys travel in queries, and names in front of an @."""

from typing import NamedTuple
from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}


class Address(NamedTuple):
    """A URL over HTTP or a WebSocket."""

    scheme: str
    host: str
    port: int
    path: str
    query: str
    """Without its question mark; it may be "", and it may hold a key."""

    @property
    def shown(self) -> str:
        """The URL without query, fragment and log-in."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def address(url: str) -> Address | None:
    """The parts of a URL; None for one of another scheme. ValueError: it is none.

    Lone surrogates, which no encoding can say, are replaced.
    """
    parts = urlsplit(url.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    if parts.scheme not in _PORTS:
        if not parts.scheme:
            raise ValueError("no scheme")
        return None
    if not parts.hostname:
        raise ValueError("no host")
    return Address(
        parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme], parts.path or "/", parts.query
    )
