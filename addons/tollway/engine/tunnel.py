"""A tunnel to somebody who is no provider, until its client's first bytes say otherwise.

It is opened before anything is known of what will be spoken in it, since in some protocols the server speaks
first. What the client sends is held back until it can be told whether it is a TLS hello, and whom it names:
the address of a tunnel is the client's own word, and any name may lead to a provider's servers.
"""

from collections.abc import Callable, Generator
from enum import Enum, auto
from typing import Any

from mitmproxy.connection import ConnectionState, Server
from mitmproxy.proxy import commands, events, layers
from mitmproxy.proxy.context import Context

from tollway.engine.passing import Counter, count
from tollway.engine.tls_layer import ClientTLSLayer
from tollway.hello import Hello, HelloReader, TooLong, Unfinished

Commands = Generator[commands.Command, Any, None]


class Verdict(Enum):
    """What becomes of a connection."""

    READ = auto()
    """It is decrypted."""
    PASS = auto()
    """It passes as it is."""
    CLOSE = auto()


Judge = Callable[[Context, Hello | None], Verdict]
"""Of a client's hello; None: its first bytes are none."""
Opened = Callable[[Context, Hello | None], Counter | None]
"""What counts a connection that passes; None: nothing does."""


def uncounted(context: Context, hello: Hello | None) -> None:
    """Nothing counts any."""


class Tunnel(layers.TCPLayer):
    """mitmproxy's layer, with what it looks at first."""

    def __init__(self, context: Context, judge: Judge, opened: Opened = uncounted) -> None:
        super().__init__(context, ignore=True)
        self._judge = judge
        self._opened = opened
        self._counter: Counter | None = None
        self._hello = HelloReader()
        self._held = bytearray()
        self._greeting = 0
        """Bytes that the server has sent before its client did."""

    def has_half_a_hello(self) -> bool:
        """Whether something came, and what becomes of it is not known yet."""
        return bool(self._held)

    def relay_messages(self, event: events.Event) -> Commands:
        if isinstance(event, events.DataReceived) and event.connection is self.context.client:
            self._held += event.data
            yield from self._look(event.data)
            return
        if isinstance(event, events.ConnectionClosed) and event.connection is self.context.client:
            yield from self._relay(None)  # of half a hello nothing comes
        elif isinstance(event, events.DataReceived):
            self._greeting += len(event.data)
        yield from super().relay_messages(event)

    def _look(self, data: bytes) -> Commands:
        hello: Hello | None = None
        try:
            hello = self._hello.feed(data)
            verdict = self._judge(self.context, hello)
        except Unfinished:
            return
        except TooLong:
            verdict = Verdict.CLOSE
        if verdict is Verdict.PASS:
            yield from self._relay(hello)
        elif verdict is Verdict.READ and not self._greeting:
            yield from self._read()
        else:
            yield from self._close()

    def _relay(self, hello: Hello | None) -> Commands:
        """From now on, pass on what comes, and what was held back first."""
        self._handle_event = super().relay_messages
        self._counter = self._opened(self.context, hello)
        if self._counter is not None:
            self._counter.sent(len(self._held))
            self._counter.received(self._greeting)
            self._handle_event = self._count
        if self._held:
            held, self._held = bytes(self._held), bytearray()
            yield commands.SendData(self.context.server, held)

    def _count(self, event: events.Event) -> Commands:
        assert self._counter is not None
        count(self._counter, event, self.context.client)
        yield from super().relay_messages(event)

    def _read(self) -> Commands:
        """Decrypt what the client says. To the server nothing was said yet: its connection is given up, and
        the HTTP layer opens one of its own, with TLS."""
        former, held = self.context.server, bytes(self._held)
        yield from self._hang_up()
        self.context.server = Server(address=former.address, tls=True)
        self.context.server.via = former.via
        self.context.layers.remove(self)
        child = ClientTLSLayer(self.context)
        self._handle_event = child.handle_event
        yield from child.handle_event(events.Start())
        yield from child.handle_event(events.DataReceived(self.context.client, held))

    def _close(self) -> Commands:
        self._handle_event = self.done
        yield from self._hang_up()
        yield commands.CloseConnection(self.context.client)

    def _hang_up(self) -> Commands:
        if self.context.server.state is not ConnectionState.CLOSED:
            yield commands.CloseConnection(self.context.server)
