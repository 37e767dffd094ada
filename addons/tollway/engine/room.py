"""Room for what the proxy itself has to say: an answer of ours waits where its client takes less than it is
sent. What is relayed waits by not being read (`backlog`); here nothing is, so who has more to say asks first.
"""

from dataclasses import dataclass

from mitmproxy.connection import Connection
from mitmproxy.proxy import commands, events


@dataclass(unsafe_hash=True)
class Room(commands.Command):
    """Ask for room on a stream of a connection: of its socket, and over HTTP/2 of the stream's own window."""

    connection: Connection
    stream_id: int
    blocking = True


@dataclass(eq=False)
class RoomMade(events.CommandCompleted):
    """There is room, or nobody any more to take anything."""

    command: Room
    reply: None = None
