"""Back-pressure: who sends more than its receiver takes is read no further, stream by stream.

mitmproxy 12.2 grants HTTP/2 peers two gigabytes at once and hands back at once what it took, so that a body
which its receiver takes slowly (a phone's uplink, a paused download) is held in memory, all of it. So is
one whose connection is still being made.
"""

from dataclasses import dataclass
from typing import Any

from mitmproxy.connection import Connection
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.layers.http import HttpEvent, HttpStream

WINDOW = 8 * 2**20
"""Bytes that an HTTP/2 peer may send on a stream before more is granted: 80 MB a second over 100 ms."""
HIGH, LOW = 2**20, 2**18
"""Bytes of a stream that wait for their receiver: above HIGH its sender waits, until they are below LOW."""
SHARED = 2**23
"""The same of an answer that others get, too: they are not to wait for one who takes it slowly."""
SMALL = 2**16
"""Bytes of a connection that pass before it is looked how far behind its receivers are."""


@dataclass
class Taken(HttpEvent):
    """What a stream's sender was not given back yet may be."""


@dataclass(unsafe_hash=True)
class Pause(commands.Command):
    """Read nothing more from a connection."""

    connection: Connection


@dataclass(unsafe_hash=True)
class Resume(commands.Command):
    """Read on."""

    connection: Connection


def size(queue: Any) -> int:
    """Bytes of bodies in a queue of events, or of pieces of data."""
    return sum(len(getattr(piece, "data", b"")) for piece in queue)


def bottom(stack: layer.Layer) -> Any:
    """The HTTP connection under the layers of TLS, and of proxies on the way."""
    while (below := getattr(stack, "child_layer", None)) is not None:
        stack = below
    return stack


def paused(stream: HttpStream, sender: Connection) -> int:
    """Bytes that wait for a hook or a connection."""
    from_client = sender is stream.context.client
    return size(event for event in stream._paused_event_queue if is_body(event, from_client))


def is_body(event: events.Event, from_client: bool) -> bool:
    """Whether an event is a piece of a body that goes this way."""
    return type(event).__name__ == ("RequestData" if from_client else "ResponseData")
