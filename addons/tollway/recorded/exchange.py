"""What a file says of one exchange, whichever program recorded it."""

from collections.abc import Mapping

from msgspec import Struct

LATEST_US = 32_503_680_000_000_000
"""The year 3000 begins: no time of a recording is later, nor before the epoch."""


class Message(Struct, frozen=True, kw_only=True):
    """One message on a WebSocket, whole and unpacked."""

    from_client: bool
    content: bytes
    at_us: int | None
    """Microseconds since the epoch; None: the file does not say."""


class Recorded(Struct, frozen=True, kw_only=True):
    """A request over HTTP, and what came of it.

    Headers are by lower-case name; they say how the bodies are coded, and nothing where they are not.
    """

    method: str
    url: str
    names: tuple[str, ...] = ()
    """The names that the server went by, asked before the URL's own: of its TLS, of the request's headers."""
    started_us: int | None
    """Microseconds since the epoch; None: the file does not say."""
    request_headers: Mapping[str, str]
    request_body: bytes | None
    """None: not recorded."""
    request_bytes: int
    """As it was sent, coded or not; 0 if that is not known."""
    status: int | None
    """None: no answer came."""
    response_headers: Mapping[str, str]
    response_body: bytes | None
    """None: not recorded."""
    response_bytes: int
    left: bool
    """The request was written to a server."""
    cut: bool = False
    """The exchange ended in an error."""
    websocket: bool = False
    """It was, or asked to become, a WebSocket."""
    messages: tuple[Message, ...] | None = None
    """What came and went on it; None: not recorded."""
    unread: int = 0
    """Messages that the file has, and of which nobody can say what they were."""
    cached: bool = False
    """A cache of the client's answered."""


class Other(Struct, frozen=True, kw_only=True):
    """Something recorded that is no exchange over HTTP."""

    reason: str
    """What it is, in a word: tcp, udp, dns."""
    url: str


class Damaged(Struct, frozen=True, kw_only=True):
    """A place in the file where an exchange should be, and can't be read."""

    reason: str
    """What is wrong, with the key that it is wrong of; nothing of its value."""
    url: str | None = None


Entry = Recorded | Other | Damaged
