"""By way of another proxy: the company's own (`--mode upstream:URL`), which some hosts are reached past.

mitmproxy leads each CONNECT into a tunnel of its own and asks only then what is spoken in it. Here a tunnel
goes by way of the proxy as one goes without: opened at once if it is read by nobody; else each connection to
a provider has one of its own.
"""

from collections.abc import Mapping

from mitmproxy.addonmanager import Loader
from mitmproxy.http import HTTPFlow
from mitmproxy.net.server_spec import ServerSpec
from mitmproxy.proxy import layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http import _upstream_proxy
from mitmproxy.proxy.mode_specs import UpstreamMode

from tollway.environment.bypass import bypassed

SHOWN = "Proxy-Authorization"
OPTION = "tollway_past_upstream"


def way(context: Context, host: str) -> ServerSpec | None:
    """The proxy by way of which a host is reached; None: none."""
    mode = context.client.proxy_mode
    if not isinstance(mode, UpstreamMode) or bypassed(getattr(context.options, OPTION, "-"), (host.lower(),)):
        return None
    return (mode.scheme, mode.address)


def led(context: Context, tunnel: layer.Layer) -> layer.Layer:
    """A tunnel's layer, by way of the proxy if its server is behind one."""
    if context.server.via is None or any(
        isinstance(each, _upstream_proxy.HttpUpstreamProxy) for each in context.layers
    ):
        return tunnel
    stack = _upstream_proxy.HttpUpstreamProxy.make(context, True)
    bottom = stack[-1]
    assert isinstance(bottom, _upstream_proxy.HttpUpstreamProxy)
    bottom.child_layer = tunnel
    top: layer.Layer = stack[0]
    return top


class Leading:
    """Logs in at the proxies on the way."""

    def __init__(self, logins: Mapping[tuple[str, int], str], past: str) -> None:
        """`logins`: what is shown to a proxy, by its address; `past`: as NO_PROXY, the hosts that are reached
        without one."""
        self._logins = logins
        self._past = past

    def load(self, loader: Loader) -> None:
        """Have the layers know which hosts go without."""
        loader.add_option(OPTION, str, self._past or "-", "Hosts that are reached past the upstream proxy.")

    def http_connect_upstream(self, flow: HTTPFlow) -> None:
        self._log_in(flow)

    def requestheaders(self, flow: HTTPFlow) -> None:
        """Without TLS a request goes to the proxy as it is, and not into a tunnel."""
        if flow.request.scheme == "http" and flow.response is None and flow.server_conn.via is not None:
            self._log_in(flow)

    def _log_in(self, flow: HTTPFlow) -> None:
        mode = flow.client_conn.proxy_mode
        if isinstance(mode, UpstreamMode) and (login := self._logins.get(mode.address)) is not None:
            flow.request.headers[SHOWN] = login
