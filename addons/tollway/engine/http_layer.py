"""The HTTP layer of one client connection, built of our own streams and connections.

mitmproxy 12.2 names its classes in the bodies of its methods, so each is replaced at the first moment at
which it can be: streams when they are made, the client's connection before it starts, a provider's
connection when it is registered (nothing has been asked on it by then).

A stream and its states refer to each other, so that each call, its messages included, would stay in memory
until the garbage collector comes by: the ring is broken when its stream is dropped.

And it keeps each connection to a provider for as long as the client's stands: those that are closed, in
memory; those that failed, as the answer to all further requests.
"""

from collections.abc import Generator
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from mitmproxy.connection import Client, Connection
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers import tls
from mitmproxy.proxy.layers.http import HTTPMode, _http1, _http2, is_h3_alpn

from tollway.engine.backlog import HIGH, LOW, SHARED, Pause, Resume, Taken, bottom, paused
from tollway.engine.http1 import Http1Client, Http1Server
from tollway.engine.http2 import Http2Client, Http2Server
from tollway.engine.played_stream import PlayedStream
from tollway.engine.rings import let_go_of_stack
from tollway.engine.room import RoomMade
from tollway.engine.tls_layer import ServerTLSLayer

Commands = Generator[commands.Command, Any, None]

LARGE = 8 * 1024
"""Bytes read at once, from which on it is looked whether anybody is behind."""

_layers: WeakKeyDictionary[Client, "WeakSet[HttpLayer]"] = WeakKeyDictionary()


def flows_of(client: Client) -> list[HTTPFlow]:
    """The flows of a client's connection that have not ended."""
    streams = [stream for layer in _layers.get(client, ()) for stream in layer.streams.values()]
    return [stream.flow for stream in streams if hasattr(stream, "flow")]


def contexts_of(client: Client) -> list[Context]:
    """Those of a client's streams, each with the layers that stand on it."""
    return [stream.context for layer in _layers.get(client, ()) for stream in layer.streams.values()]


def fork(context: Context) -> Context:
    """As `Context.fork`, which makes a server first, to throw it away."""
    twin = Context.__new__(Context)
    vars(twin).update(vars(context), layers=[*context.layers])
    return twin


def has_left(stream: http_layers.HttpStream) -> bool:
    """Whether there is nobody any more whom a stream answers."""
    return isinstance(stream, PlayedStream) and stream.client_is_gone()


def is_shared(stream: http_layers.HttpStream | None) -> bool:
    """Whether others get the answer of a stream, too."""
    known = stream.exchange() if isinstance(stream, PlayedStream) else None
    return known is not None and known.looked is not None and known.looked.shared.listeners > 0


def shares(client: Client) -> bool:
    """Whether others get an answer, too, that a client is given."""
    layers = _layers.get(client, ())
    return any(is_shared(stream) for layer in layers for stream in layer.streams.values())


class Gone(layer.Layer):
    """In the place of a connection that is closed: what is still sent to it comes to nothing."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.fork())
        self.context.layers.clear()  # they would keep it, and it them

    def _handle_event(self, event: events.Event) -> Commands:
        yield from ()


class Connections(dict[Connection, layer.Layer]):
    """The connections of a layer; one that is not there is gone."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context

    def __missing__(self, connection: Connection) -> layer.Layer:
        return Gone(self._context)

    def setdefault(self, connection: Connection, unused: Any = None) -> layer.Layer:
        """Ours; the one that mitmproxy made to start with is let go of."""
        if connection in self:
            let_go_of_stack(unused)
        else:
            self[connection] = unused
        return self[connection]


class Streams(dict[int, http_layers.HttpStream]):
    """The streams of a layer, and those that it has dropped since it was last asked."""

    def __init__(self) -> None:
        super().__init__()
        self.dropped: list[PlayedStream] = []

    def pop(self, stream_id: int, default: Any = None) -> Any:
        """Drop a stream."""
        stream = super().pop(stream_id, None)
        if isinstance(stream, PlayedStream):
            self.dropped.append(stream)
        return stream or default

    def let_go(self) -> None:
        """Break the rings of those that were dropped, now that none of them runs any more."""
        for stream in self.dropped:
            stream.let_go()
        self.dropped.clear()


class HttpLayer(http_layers.HttpLayer):
    """mitmproxy's layer with Tollway's streams and connections."""

    streams: Streams
    connections: Connections

    def __init__(self, context: Context, mode: HTTPMode) -> None:
        super().__init__(context, mode)
        self.connections = Connections(context)
        self.streams = Streams()
        self._waiting: set[tuple[Connection | RoomMade, int]] = set()
        """Who sends too much, on which stream: a connection, or we ourselves, who then wait for this."""
        _layers.setdefault(context.client, WeakSet()).add(self)

    def _handle_event(self, event: events.Event) -> Commands:
        client = self.context.client
        if isinstance(event, events.Start) and not is_h3_alpn(client.alpn):
            server = Http2Server if client.alpn == b"h2" else Http1Server
            self.connections[client] = server(self.context.fork())
            if isinstance(connection := self.connections[client], Http2Server):
                connection.hold_back(self._is_full)
        if isinstance(event, RoomMade) and self._is_full(event, event.command.stream_id):
            return  # of the socket there is, of the stream not yet
        yield from super()._handle_event(event)
        if isinstance(event, events.DataReceived) and len(event.data) > LARGE:
            yield from self._hold(event.connection)
        elif isinstance(event, events.ConnectionClosed) and event.connection is not client:
            self._let_go(event.connection)
        if self._waiting:
            yield from self._go_on()
        if self.streams.dropped:
            self.streams.let_go()

    def _let_go(self, connection: Connection) -> None:
        """Keep nothing of a connection that is closed, unless more than a timer will come to it."""
        stack = self.connections.get(connection)
        for one in self._under(connection):
            del self.connections[one]
        if isinstance(stack, http_layers.HttpStream):
            return
        awaited = [command for command, source in self.command_sources.items() if source is stack]
        if stack is not None and all(isinstance(one, commands.RequestWakeup) for one in awaited):
            self.command_sources |= dict.fromkeys(awaited, Gone(self.context))
            let_go_of_stack(stack)

    def _under(self, connection: Connection) -> list[Connection]:
        """A connection, if it is here, and that to a proxy on its way, if there is one."""
        stack = self.connections.get(connection)
        if isinstance(stack, http_layers.HttpStream):  # a tunnel, which has others of its own
            return [connection]
        return [one for one, above in self.connections.items() if above is stack]

    def forget(self, connection: Connection) -> None:
        """Hear no more of a connection that is closed for one stream; one of HTTP/2 has others, and stays."""
        if isinstance(bottom(self.connections[connection]), Http1Client):
            self._let_go(connection)

    def stop_connecting(self, command: http_layers.GetHttpConnection) -> Commands:
        """Have a stream wait no longer for a connection, and nobody any more for one that only it wanted."""
        for connection, waiting in self.waiting_for_establishment.items():
            if (rest := [one for one in waiting if one is not command]) != waiting:
                self.command_sources.pop(command)
                waiting[:] = rest
                if not rest:
                    yield from map(commands.CloseConnection, self._under(connection))
                return

    def _behind(self, sender: Connection | RoomMade, stream_id: int) -> int:
        """Bytes from this side of a stream that its other side has not taken yet."""
        stream = self.streams.get(stream_id)
        if stream is None or (isinstance(sender, RoomMade) and has_left(stream)):
            return 0
        receiver = stream.context.server if sender is self.context.client else self.context.client
        connection = bottom(self.connections[receiver])
        queued = connection.queued(stream_id) if isinstance(connection, Http2Server | Http2Client) else 0
        return queued if isinstance(sender, RoomMade) else queued + paused(stream, sender)

    def _is_full(self, sender: Connection | RoomMade, stream_id: int) -> bool:
        """Whether a sender on HTTP/2 is to wait; it is told when it may go on."""
        behind = self._behind(sender, stream_id)
        full = behind > HIGH and (behind > SHARED or not is_shared(self.streams.get(stream_id)))
        if full:
            self._waiting.add((sender, stream_id))
        return full

    def _hold(self, sender: Connection) -> Commands:
        """Read no more from a sender on HTTP/1 whose receiver is behind."""
        connection = bottom(self.connections[sender])
        if isinstance(connection, Http1Server | Http1Client) and connection.stream_id is not None:
            if self._is_full(sender, connection.stream_id):
                yield Pause(sender)

    def _go_on(self) -> Commands:
        for sender, stream_id in [one for one in self._waiting if self._behind(*one) < LOW]:
            self._waiting.discard((sender, stream_id))
            if isinstance(sender, RoomMade):
                yield from super()._handle_event(sender)
                continue
            connection = self.connections[sender]
            if isinstance(bottom(connection), Http1Server | Http1Client):
                yield Resume(sender)
            else:
                yield from self.event_to_child(connection, Taken(stream_id))

    def make_stream(self, stream_id: int) -> Commands:
        stream = self.streams[stream_id] = PlayedStream(fork(self.context), stream_id)
        yield from self.event_to_child(stream, events.Start())

    def register_connection(self, command: http_layers.RegisterHttpConnection) -> Commands:
        for ended in [connection for connection in self.connections if connection.timestamp_end]:
            self._let_go(ended)  # it was we who closed it: no event tells
        if command.err:
            self.connections.pop(command.connection, None)  # the next request tries again
        else:
            yield from self._use_ours(self.connections[command.connection])
        yield from super().register_connection(command)

    def _use_ours(self, stack: Any) -> Commands:
        """Put our connection in the place of mitmproxy's, at the bottom of this stack."""
        while not isinstance(stack, http_layers.HttpClient):
            if isinstance(stack, tls.ServerTLSLayer):
                ServerTLSLayer.adopt(stack)
            stack = stack.child_layer
        if type(stack.child_layer) is _http1.Http1Client:
            stack.context.layers.remove(stack.child_layer)
            vars(stack.child_layer).clear()
            stack.child_layer = Http1Client(stack.context)
            stack._handle_event = stack.child_layer.handle_event
            yield from stack.child_layer.handle_event(events.Start())
        elif type(stack.child_layer) is _http2.Http2Client:
            Http2Client.adopt(stack.child_layer).hold_back(self._is_full)
