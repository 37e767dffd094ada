"""What the engine leans on inside mitmproxy, checked before anything listens.

The subclasses of this package override methods that mitmproxy does not promise to keep. A release that
moved one of them must fail at start, by name, and not by passing calls unmetered.
"""

from collections.abc import Iterable

import h2.stream
import h2.utilities
import hpack
import hpack.table
from h11 import _readers
from mitmproxy import version
from mitmproxy.addons import next_layer, proxyserver, tlsconfig
from mitmproxy.net import tls as net_tls
from mitmproxy.proxy import mode_servers, server
from mitmproxy.proxy.layers import http as http_layers
from mitmproxy.proxy.layers.http import _http1
from OpenSSL import SSL

from tollway.errors import TollwayError

TRIED = "12.2"
"""The release line that the tests of this package pin."""

NEEDED: tuple[tuple[object, str], ...] = (
    (http_layers.HttpLayer, "make_stream"),
    (http_layers.HttpLayer, "event_to_child"),
    (http_layers.HttpStream, "_handle_event"),
    (http_layers.HttpStream, "handle_protocol_error"),
    (http_layers.HttpStream, "check_killed"),
    (http_layers.HttpStream, "make_server_connection"),
    (http_layers.HttpStream, "state_consume_request_body"),
    (http_layers.HttpStream, "state_consume_response_body"),
    (http_layers.HttpStream, "start_response_stream"),
    (http_layers.HttpStream, "send_response"),
    (http_layers.HttpStream, "handle_connect_regular"),
    (http_layers.HttpLayer, "register_connection"),
    (_http1.Http1Connection, "read_body"),
    (_http1.Http1Client, "read_headers"),
    (_http1.Http1Server, "send"),
    (server.ConnectionHandler, "server_event"),
    (server.ConnectionHandler, "open_connection"),
    (server.ConnectionHandler, "handle_connection"),
    (mode_servers.ServerInstance, "handle_stream"),
    (mode_servers.ServerInstance, "make_top_layer"),
    (proxyserver.Servers, "update"),
    (next_layer.NextLayer, "_next_layer"),
    (tlsconfig, "alpn_select_callback"),
    (tlsconfig, "_default_ciphers"),
    (net_tls, "create_client_proxy_context"),
    (SSL, "_lib"),
    (SSL.Connection, "_raise_ssl_error"),
    (_readers, "ChunkedReader"),
    (h2.stream, "validate_headers"),
    (h2.utilities, "validate_headers"),
    (hpack.Encoder, "add"),
    (hpack.table.HeaderTable, "STATIC_TABLE_MAPPING"),
)


def check(needed: Iterable[tuple[object, str]] = NEEDED) -> None:
    """Raise TollwayError if this mitmproxy lacks what the engine overrides."""
    missing = [f"{owner.__name__}.{name}" for owner, name in needed if not hasattr(owner, name)]  # type: ignore[attr-defined]
    if missing:
        raise TollwayError(
            f"mitmproxy {version.VERSION} lacks {', '.join(missing)}, which Tollway's engine overrides; "
            f"install a release of the {TRIED} line (pip install 'mitmproxy>={TRIED},<13')"
        )
