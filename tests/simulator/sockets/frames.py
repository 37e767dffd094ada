"""A WebSocket's framing on the server's side, its extension included: bytes in, bytes out."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Message,
    Ping,
    Pong,
    Request,
    TextMessage,
)
from wsproto.extensions import Extension, PerMessageDeflate
from wsproto.utilities import ProtocolError

__all__ = ["Frames", "FramingFault", "Pinged", "Ponged", "Shut", "Taken"]

FramingFault = ProtocolError
"""What the client did against the protocol."""


class Taken(NamedTuple):
    """A piece of a message; `last`: the message is whole."""

    data: bytes
    binary: bool
    last: bool
    ends_frame: bool


class Pinged(NamedTuple):
    """The answer to a ping."""

    pong: bytes


class Ponged(NamedTuple):
    """A pong came."""


class Shut(NamedTuple):
    """The client closes, and what answers that."""

    code: int
    reason: str
    answer: bytes


class Frames:
    """Those of one connection. Raises FramingFault where the client keeps to no protocol."""

    def __init__(self, headers: Sequence[tuple[str, str]], target: str) -> None:
        """The upgrade request's."""
        self._protocol = WSConnection(ConnectionType.SERVER)
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._protocol.initiate_upgrade_connection(raw, target)
        asked = next(self._protocol.events())
        assert isinstance(asked, Request)
        self._subprotocol = next(iter(asked.subprotocols), None)
        self._deflate = PerMessageDeflate()
        self._closes = False

    @property
    def deflates(self) -> bool:
        """Messages may be compressed."""
        return self._deflate.enabled()

    def accept(self, *, deflate: bool, headers: Sequence[tuple[str, str]]) -> bytes:
        """The 101, with these headers beside its own."""
        extensions: list[Extension] = [self._deflate] if deflate else []
        more = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return self._protocol.send(
            AcceptConnection(subprotocol=self._subprotocol, extensions=extensions, extra_headers=more)
        )

    def receive(self, data: bytes) -> Iterator[Taken | Pinged | Ponged | Shut]:
        """What the next bytes bring."""
        self._protocol.receive_data(data)
        for event in self._protocol.events():
            if isinstance(event, Message):
                binary = isinstance(event, BytesMessage)
                content = bytes(event.data) if binary else event.data.encode("utf-8", "surrogatepass")
                yield Taken(content, binary, event.message_finished, event.frame_finished)
            elif isinstance(event, Ping):
                yield Pinged(self._protocol.send(event.response()))
            elif isinstance(event, Pong):
                yield Ponged()
            elif isinstance(event, CloseConnection):
                answer = b"" if self._closes else self._protocol.send(event.response())
                yield Shut(int(event.code), event.reason or "", answer)

    def message(self, content: bytes, *, binary: bool, size: int) -> Iterator[bytes]:
        """The frames of a message, each of at most `size` bytes or characters; 0: one."""
        whole = content if binary else content.decode()
        size = size or len(whole) or 1
        for at in range(0, len(whole) or 1, size):
            piece, last = whole[at : at + size], at + size >= len(whole)
            event = BytesMessage if isinstance(piece, bytes) else TextMessage
            yield self._protocol.send(event(data=piece, message_finished=last))  # type: ignore[arg-type]

    def ping(self) -> bytes:
        """A ping."""
        return self._protocol.send(Ping(payload=b"simulated"))

    def close(self, code: int, reason: str) -> bytes:
        """A close frame; nothing may be said behind it."""
        self._closes = True
        return self._protocol.send(CloseConnection(code=code, reason=reason))
