"""What to do with a connection: read it if it goes to a provider, else pass it on undecrypted.

A tunnel is opened as soon as its destination is known not to be a provider's, so that protocols in which
the server speaks first work too. An address without a name waits for the name in the client's hello.

Inside a CONNECT, mitmproxy puts a TLS layer for the server around that for the client, which with lazy
connections does nothing but take each event one layer further: it is left out.
"""

import ipaddress
from collections.abc import Callable

from mitmproxy.addons import next_layer
from mitmproxy.net.tls import starts_like_tls_record
from mitmproxy.proxy import layer, layers
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers import modes
from mitmproxy.proxy.layers.http import HTTPMode

from tollway.engine.http_layer import HttpLayer
from tollway.engine.http_stream import HttpStream
from tollway.engine.tls_layer import ClientTLSLayer

NO_TUNNEL_ABOVE = (modes.HttpProxy, modes.HttpUpstreamProxy, modes.ReverseProxy, layers.ClientTLSLayer)
"""Above these it is not the question: the proxy's own protocol, or what is decrypted already."""
TLS_PORTS = (443, 8443)
NOT_READ = (layers.TCPLayer, layers.DNSLayer)
"""What mitmproxy takes a provider's connection for if its first bytes are few, or do not look like HTTP: they
would pass unmetered, and (there is no TLS layer towards the provider yet) as plain text."""


def is_address(host: str) -> bool:
    """Whether a host is an IP address and not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class NextLayer(next_layer.NextLayer):
    """mitmproxy's addon, with Tollway's HTTP layer, and tunnels for all that is no provider's."""

    name = "nextlayer"

    def __init__(self, ours: Callable[[str, int], bool]) -> None:
        """`ours(host, port)` says whether a host is read."""
        self.ours = ours

    def _next_layer(self, context: Context, data_client: bytes, data_server: bytes) -> layer.Layer | None:
        if self._is_tunnel(context, data_client):
            return layers.TCPLayer(context, ignore=True)
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

    def _is_tunnel(self, context: Context, data_client: bytes) -> bool:
        """Whether the connection is passed on undecrypted. NeedsMoreData: it can't be told yet."""
        address = context.server.address
        if address is None or isinstance(context.layers[-1], NO_TUNNEL_ABOVE):
            return False
        host, port = address[0], address[1]
        if self.ours(host, port):
            return False
        if not data_client:
            return not is_address(host) or port not in TLS_PORTS
        hello = self._get_client_hello(context, data_client)
        return not (hello and hello.sni and self.ours(hello.sni, port))

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
