"""What to do with a connection: read it if it goes to a provider, else pass it on undecrypted.

A tunnel is opened as soon as its destination is known not to be a provider's, so that protocols in which
the server speaks first work too; what its client says first is looked at all the same (`tunnel`). Where an
address may well be a provider's, nothing is dialled before its client has named whom it wants.

Inside a CONNECT, mitmproxy puts a TLS layer for the server around that for the client, which with lazy
connections does nothing but take each event one layer further: it is left out.
"""

import ipaddress
import re
from collections.abc import Callable
from weakref import WeakKeyDictionary

from mitmproxy.addons import next_layer
from mitmproxy.connection import Client
from mitmproxy.net.tls import starts_like_tls_record
from mitmproxy.proxy import layer, layers
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers import modes
from mitmproxy.proxy.layers.http import HTTPMode

from tollway.engine.balancers import Unnamed
from tollway.engine.hooking import Closed
from tollway.engine.http_layer import HttpLayer
from tollway.engine.http_stream import HttpStream
from tollway.engine.leading import led
from tollway.engine.passing import Counted, Counter, Passing, Unheeded
from tollway.engine.tls_layer import ClientTLSLayer
from tollway.engine.tunnel import Tunnel, Verdict
from tollway.hello import Hello, HelloReader, TooLong, Unfinished

NO_TUNNEL_ABOVE = (modes.HttpProxy, modes.HttpUpstreamProxy, modes.ReverseProxy, layers.ClientTLSLayer)
"""Above these it is not the question: the proxy's own protocol, or what is decrypted already."""
TLS_PORTS = (443, 8443)
NOT_READ = (layers.TCPLayer, layers.DNSLayer)
"""What mitmproxy takes a provider's connection for if its first bytes are few, or do not look like HTTP: they
would pass unmetered, and (there is no TLS layer towards the provider yet) as plain text."""


LONGEST_LINE = 64 * 1024
_HTTP = re.compile(rb"[A-Za-z]{3,20} [^\r\n]+ HTTP/1\.[01]\r?\n")
_MAYBE_HTTP = re.compile(rb"[A-Za-z]{1,20}(?: [^\r\n]*\r?)?")

Reading = Callable[[Client, str, int, Hello, bool], Verdict]
"""What becomes of a client's connection to a provider's host and port, by its hello; True: this hides whom it
is for."""


def always(*_: object) -> Verdict:
    """All clients can be read."""
    return Verdict.READ


def is_address(host: str) -> bool:
    """Whether a host is an IP address and not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_http(data: bytes) -> bool:
    """Whether a connection begins as one of HTTP/1: in the clear, each of its requests may be another host's.

    NeedsMoreData: it can't be told yet.
    """
    if _MAYBE_HTTP.fullmatch(data) and len(data) < LONGEST_LINE:
        raise next_layer.NeedsMoreData
    return _HTTP.match(data) is not None


class NextLayer(next_layer.NextLayer):
    """mitmproxy's addon, with Tollway's HTTP layer, and tunnels for all that is no provider's."""

    name = "nextlayer"

    def __init__(
        self, ours: Callable[[str, int], bool], reading: Reading = always, passing: Passing | None = None
    ) -> None:
        """`ours(host, port)` says whether a host is read, `reading` whether its client can be; `passing`
        hears of what passes."""
        self.ours = ours
        self._reading = reading
        self._passing = passing or Unheeded()
        self._unnamed = Unnamed()
        self._readers: WeakKeyDictionary[Context, HelloReader] = WeakKeyDictionary()

    def _next_layer(self, context: Context, data_client: bytes, data_server: bytes) -> layer.Layer | None:
        if (unread := self.unread(context, data_client)) is not None:
            return unread
        if len(context.layers) == 1 and self._unnamed.is_one(context.client.peername[0], data_client):
            return Closed(context)
        if len(context.layers) > 1 and not data_client:
            return None  # asked before the client spoke, only to see whether this is a tunnel
        if starts_like_tls_record(data_client) and isinstance(context.layers[-1], HttpStream):
            context.server.tls = True
            return ClientTLSLayer(context)
        chosen = super()._next_layer(context, data_client, data_server)
        if isinstance(chosen, NOT_READ) and not isinstance(context.layers[0], modes.ReverseProxy):
            context.layers.remove(chosen)
            return HttpLayer(context, HTTPMode.transparent)
        return chosen and self._with_our_http(chosen)

    def unread(self, context: Context, data_client: bytes) -> layer.Layer | None:
        """What passes on, undecrypted, a connection whose client said this so far; None: it is read.

        NeedsMoreData: it can't be told yet.
        """
        if context.server.address is None or isinstance(context.layers[-1], NO_TUNNEL_ABOVE):
            return None
        host, port = context.server.address[:2]
        if not data_client:
            opens = not self.ours(host, port) and (not is_address(host) or port not in TLS_PORTS)
            return Tunnel(context, self.judge, self.opened) if opens else None
        if isinstance(context.layers[0], modes.TransparentProxy) and is_http(data_client):
            return None
        verdict, hello = self._judged(context, data_client)
        match verdict:
            case Verdict.PASS:
                return led(context, self._relaying(context, hello))
            case Verdict.CLOSE:
                return Closed(context)
        return None

    def _relaying(self, context: Context, hello: Hello | None) -> layer.Layer:
        counter = self.opened(context, hello)
        return layers.TCPLayer(context, ignore=True) if counter is None else Counted(context, counter)

    def _judged(self, context: Context, data_client: bytes) -> tuple[Verdict, Hello | None]:
        reader = self._readers.setdefault(context, HelloReader())
        try:
            hello = reader.feed(data_client[reader.taken :])
        except Unfinished:
            raise next_layer.NeedsMoreData from None
        except TooLong:
            return Verdict.CLOSE, None
        verdict = self.judge(context, hello)
        is_odd = hello is not None and not starts_like_tls_record(data_client)
        return (Verdict.CLOSE if is_odd and verdict is Verdict.READ else verdict), hello

    def judge(self, context: Context, hello: Hello | None) -> Verdict:
        """Whether a connection is read: if its address or its hello names a provider. Else it passes, unless
        it is refused."""
        assert context.server.address is not None
        host, port = context.server.address[:2]
        names = hello.names if hello is not None else ()
        named = next((name for name in names if self.ours(name, port)), host)
        if not self.ours(named, port):
            refused = self._passing.refuses(context.client, (*names, host), port)
            return Verdict.CLOSE if refused else Verdict.PASS
        if hello is None:
            return Verdict.READ
        is_hidden = hello.offers_encrypted and bool(names) and named not in names
        return self._reading(context.client, named, port, hello, is_hidden)

    def opened(self, context: Context, hello: Hello | None) -> Counter | None:
        """What counts a connection that passes; None: nothing does."""
        assert context.server.address is not None
        host, port = context.server.address[:2]
        names = hello.names if hello is not None else ()
        return self._passing.opened(context.client, (*names, host), port)

    @staticmethod
    def _with_our_http(chosen: layer.Layer) -> layer.Layer:
        """The same stack, its HTTP layer replaced by ours wherever it stands."""
        if type(chosen) is http_layers.HttpLayer:
            chosen.context.layers.remove(chosen)
            return HttpLayer(chosen.context, chosen.mode)
        child = getattr(chosen, "child_layer", None)
        if type(child) is http_layers.HttpLayer:
            chosen.child_layer = NextLayer._with_our_http(child)  # type: ignore[attr-defined]
        elif isinstance(child, layer.Layer):
            NextLayer._with_our_http(child)
        return chosen
