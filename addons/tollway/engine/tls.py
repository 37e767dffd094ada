"""TLS towards both sides: leaves of our own CA for the client, the client's protocol for the provider.

mitmproxy's TlsConfig makes an unconstrained CA in its `confdir`, and leaves that carry the upstream
certificate's foreign names and the tunnel's address, which a name-constrained CA may not sign. Here a leaf
carries exactly the name that the client asked for.
"""

import logging
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from mitmproxy import certs, ctx, http
from mitmproxy.addons import tlsconfig
from mitmproxy.net import tls as net_tls
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import modes
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.tls import TlsData
from OpenSSL import SSL

from tollway.ca.authority import AuthorityError
from tollway.ca.leaf import Leaf
from tollway.engine.tls_connection import TlsConnection, release_buffers
from tollway.errors import TollwayError

logger = logging.getLogger(__name__)

PROXIES = (modes.HttpProxy, modes.HttpUpstreamProxy)
"""Modes in which a client speaks to the proxy itself first, by HTTP/1 also where it does so with TLS: tunnels
of one HTTP/2 connection would share what is known of their client, its token and its hello's name among it.
(mitmproxy means that too, but counts on fewer layers than there are.)"""
OURS = frozenset({"certs", "confdir", "key_size", "cert_passphrase"})
"""Options that are about mitmproxy's own CA."""


def select_protocol(connection: SSL.Connection, offered: list[bytes]) -> Any:
    """HTTP/2 wherever the client offers it, as providers choose; mitmproxy takes the client's first.

    (httpx lists http/1.1 first, and still means to speak HTTP/2 where it can.)
    """
    asked: tlsconfig.AppData = connection.get_app_data()
    if asked["client_alpn"] is None and asked["http2"] and b"h2" in offered:
        return b"h2"
    return tlsconfig.alpn_select_callback(connection, offered)


def own_context(file: Path) -> SSL.Context:
    """For connections to the proxy itself, by this certificate and key. Raises TollwayError."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    try:
        file.open("rb").close()  # OpenSSL does not say why it can't
        context.use_certificate_chain_file(str(file))
        context.use_privatekey_file(str(file))
        context.check_privatekey()
    except (OSError, SSL.Error) as error:
        if isinstance(error, OSError):
            why = error.strerror
        else:
            why = error.args[0][-1][-1] if error.args and error.args[0] else "it can't be read"
        raise TollwayError(
            f"--tls {file}: {why}: write into it, as PEM, the proxy's certificate, what leads to its root, "
            "and its key"
        ) from None
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_alpn_select_callback(select_protocol)
    return context


class TlsConfig(tlsconfig.TlsConfig):
    """mitmproxy's addon, with Tollway's leaves in the place of its certificate store."""

    name = "tlsconfig"

    def __init__(self, leaf: Callable[[str], Leaf], own: Path | None = None) -> None:
        """`leaf(name)` makes or remembers the certificate for a name; it raises AuthorityError. `own`: the
        proxy's own certificate, what leads to its root, and its key; TollwayError: they can't be used."""
        self._leaf = leaf
        self._own = None if own is None else own_context(own)

    def running(self) -> None:
        """Nothing: mitmproxy's makes its CA here."""

    def configure(self, updated: Collection[str]) -> None:
        super().configure(set(updated) - OURS)

    def request(self, flow: http.HTTPFlow) -> None:
        """Nothing: mitmproxy's answers for its revocation list here, at every host."""

    def tls_start_client(self, tls_start: TlsData) -> None:
        """Serve the leaf for the name in the client's hello, and what leads from it to the root.

        As mitmproxy's, but that its context can be given the chain: pyOpenSSL takes no more certificates
        once a connection has been made of a context.
        """
        context = tls_start.context
        inside = not isinstance(context.layers[0], PROXIES) or any(
            isinstance(layer, HttpStream) for layer in context.layers
        )
        is_own = not inside or isinstance(context.layers[0], modes.ReverseProxy)
        tls_start.ssl_conn = self._by_own() if is_own and self._own else self._by_leaf(context)
        if tls_start.ssl_conn is None:
            return
        if is_own:
            context.client.sni = None  # the client's name for the proxy, which is to count as no provider's
        tls_start.ssl_conn.set_app_data(
            tlsconfig.AppData(
                client_alpn=context.client.alpn if inside else b"http/1.1",
                server_alpn=context.server.alpn,
                http2=ctx.options.http2,
            )
        )
        tls_start.ssl_conn.set_accept_state()

    def _by_own(self) -> SSL.Connection:
        assert self._own is not None
        connection = TlsConnection(self._own)
        release_buffers(connection)
        return connection

    def _by_leaf(self, context: Context) -> SSL.Connection | None:
        address = context.server.address
        name = context.client.sni or (address[0] if address else context.client.sockname[0])
        try:
            leaf = self._leaf(name)
        except AuthorityError as error:
            logger.error("%s", error)
            return None
        connection = TlsConnection(self._client_context(tuple(certs.Cert(cert) for cert in leaf.chain)))
        release_buffers(connection)
        connection.use_certificate(leaf.cert)
        connection.use_privatekey(leaf.key)
        return connection

    @staticmethod
    def _client_context(chain: tuple[certs.Cert, ...]) -> SSL.Context:
        """The context of all connections with these options; mitmproxy remembers it."""
        least = net_tls.Version[ctx.options.tls_version_client_min]
        ciphers = ctx.options.ciphers_client
        return net_tls.create_client_proxy_context(
            method=net_tls.Method.TLS_SERVER_METHOD,
            min_version=least,
            max_version=net_tls.Version[ctx.options.tls_version_client_max],
            cipher_list=tuple(ciphers.split(":") if ciphers else tlsconfig._default_ciphers(least)),
            ecdh_curve=net_tls.get_curve(ctx.options.tls_ecdh_curve_client),
            chain_file=None,
            request_client_cert=False,
            alpn_select_callback=select_protocol,
            extra_chain_certs=chain,
            dhparams=None,
        )

    def tls_start_server(self, tls_start: TlsData) -> None:
        """Offer what the client negotiated, so that both sides speak the same protocol where they can."""
        negotiated = tls_start.context.client.alpn
        if tls_start.ssl_conn is None and not tls_start.conn.alpn_offers and negotiated:
            http1 = (b"http/1.1",)
            tls_start.conn.alpn_offers = (b"h2", *http1) if negotiated == b"h2" else http1
        if tls_start.conn.sni is not None:
            tls_start.conn.sni = tls_start.conn.sni.removesuffix(".")  # in TLS, names have none (RFC 6066)
        super().tls_start_server(tls_start)
        if tls_start.ssl_conn is not None:
            TlsConnection.adopt(tls_start.ssl_conn)
            release_buffers(tls_start.ssl_conn)
