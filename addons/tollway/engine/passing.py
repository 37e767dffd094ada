"""Who hears of connections that pass undecrypted, and may close them; and counting what passes."""

from collections.abc import Generator, Sequence
from typing import Any, Protocol

from mitmproxy.connection import Client
from mitmproxy.proxy import commands, events, layers
from mitmproxy.proxy.context import Context


class Counter(Protocol):
    """Counts one connection's bytes."""

    def sent(self, size: int) -> None:
        """So many more came from the client."""

    def received(self, size: int) -> None:
        """So many more came from the server."""


class Passing(Protocol):
    """Hears of connections to whom is no provider, before anything of them is passed on."""

    def refuses(self, client: Client, hosts: Sequence[str], port: int) -> bool:
        """Whether one is closed. `hosts`: the names in its client's hello, and its address."""

    def opened(self, client: Client, hosts: Sequence[str], port: int) -> Counter | None:
        """One is let through; None: nobody counts its bytes."""


class Unheeded:
    """All pass, and nobody counts. `Passing`."""

    def refuses(self, client: Client, hosts: Sequence[str], port: int) -> bool:
        """As `Passing.refuses`."""
        return False

    def opened(self, client: Client, hosts: Sequence[str], port: int) -> Counter | None:
        """As `Passing.opened`."""
        return None


class Counted(layers.TCPLayer):
    """mitmproxy's layer, for what passes as it is, with its bytes counted."""

    def __init__(self, context: Context, counter: Counter) -> None:
        super().__init__(context, ignore=True)
        self._counter = counter

    def relay_messages(self, event: events.Event) -> Generator[commands.Command, Any, None]:
        count(self._counter, event, self.context.client)
        yield from super().relay_messages(event)


def count(counter: Counter, event: events.Event, client: Client) -> None:
    """Count what an event brings, if it does."""
    if isinstance(event, events.DataReceived):
        (counter.sent if event.connection is client else counter.received)(len(event.data))
