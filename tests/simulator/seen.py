"""What the simulator remembers of connections and requests, and how a test waits for it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.simulator.body import Body
from tests.simulator.coding import decode
from tests.simulator.scenario import DEFAULT, Scenario
from tests.simulator.sockets.heard import SocketSeen


@dataclass(slots=True, eq=False)
class Connection:
    """One connection that got as far as its first byte (TLS: whose handshake succeeded)."""

    number: int
    sni: str | None
    """The name asked for in the handshake; None without TLS or without SNI."""
    alpn: str | None
    tls: bool
    requests: int = 0
    open: bool = True
    fault: str = ""
    """What the peer did against the protocol."""


@dataclass(slots=True, eq=False)
class Seen:
    """One request, from its head on; the fields fill up as it goes. Times are monotonic seconds."""

    number: int
    """From 1, in the order of heads; ids in the answer are made of it."""
    connection: Connection
    protocol: str
    """HTTP/1.0, HTTP/1.1 or HTTP/2."""
    method: str
    target: str
    """As received: path and query, or a whole URL (absolute form)."""
    host: str
    """Of the target's authority, the Host header or `:authority`, without port, lower case."""
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    """In the order received and in the case received; without HTTP/2's pseudo headers."""
    body: Body
    started: float
    scenario: Scenario = DEFAULT
    trailers: tuple[tuple[str, str], ...] = ()
    frames: int = 0
    """DATA frames that it came in over HTTP/2, empty ones too."""
    dialect: str = ""
    """Which dialect answered, or is spoken on the socket; "" for other paths."""
    model: str | None = None
    """The model asked for, as the dialect read it."""
    received: float | None = None
    """When the request's last byte was in."""
    answered: float | None = None
    """When the answer's head was written."""
    ended: float | None = None
    """When nothing more was written."""
    status: int | None = None
    events_written: int = 0
    """Pieces of the body handed to the connection: events of a stream, 1 for a whole JSON answer."""
    bytes_written: int = 0
    """Bytes of the body, before framing."""
    complete: bool = False
    """The answer was written to its very end, trailers included."""
    client_left: bool = False
    """The peer closed, reset or cancelled before the answer's end."""
    left_how: str = ""
    """eof | lost | rst_stream:CODE, where the client left."""
    fault: str = ""
    """A mistake in the request, or a bug of the simulator's."""
    socket: SocketSeen | None = None
    """What came and went since this request became a WebSocket; `complete`: that was closed in order."""
    _decoded: bytes | None = field(default=None, repr=False)
    _lower: dict[str, str] | None = field(default=None, repr=False)

    @property
    def raw(self) -> bytes:
        """The body as received (the beginning of one that is longer than the simulator keeps)."""
        return self.body.kept

    @property
    def decoded(self) -> bytes:
        """The body without its content coding. Raises ValueError if it is not what it claims."""
        if self._decoded is None:
            self._decoded = decode(self.body.kept, self.header("content-encoding") or "")
        return self._decoded

    @property
    def json(self) -> Any:
        """The decoded body's JSON. Raises ValueError if it is none."""
        return orjson.loads(self.decoded)

    def header(self, name: str) -> str | None:
        """The first header of that name, given in lower case, compared without case."""
        if self._lower is None:
            self._lower = {key.lower(): value for key, value in reversed(self.headers)}
        return self._lower.get(name)


class Log:
    """The newest requests and connections, and those who wait for them."""

    def __init__(self, keep: int) -> None:
        self.seen: deque[Seen] = deque(maxlen=keep)
        self.connections: deque[Connection] = deque(maxlen=keep)
        self.requests = 0
        """All requests ever, kept or not."""
        self.opened = 0
        """All connections ever."""
        self._waiting: list[tuple[Callable[[Seen], bool], asyncio.Future[Seen]]] = []

    def changed(self, seen: Seen) -> None:
        """Tell those who wait that a request got further."""
        for predicate, future in self._waiting:
            if not future.done() and predicate(seen):
                future.set_result(seen)

    async def wait_for(self, predicate: Callable[[Seen], bool], timeout: float = 10.0) -> Seen:
        """The first request, past or to come, for which the predicate is true.

        Raises TimeoutError that lists what was seen.
        """
        for seen in self.seen:
            if predicate(seen):
                return seen
        future: asyncio.Future[Seen] = asyncio.get_running_loop().create_future()
        entry = (predicate, future)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(timeout):
                return await future
        except TimeoutError:
            raise TimeoutError(f"not seen within {timeout} s; seen: {list(self.seen)[-5:]}") from None
        finally:
            self._waiting.remove(entry)
