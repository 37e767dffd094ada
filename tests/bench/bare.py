"""The bare small Master: mitmproxy's engine with the four addons that it needs, and streaming."""

import asyncio
import sys

from mitmproxy import http, master, options
from mitmproxy.addons import core, next_layer, proxyserver, tlsconfig

from tests.bench.redirect import Ready


class Stream:
    """Relays event streams as they come."""

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Called when an answer's head is there."""
        assert flow.response is not None
        flow.response.stream = "event-stream" in flow.response.headers.get("content-type", "")


async def main(folder: str, port: str, root_ca: str) -> None:
    """Serve until killed."""
    opts = options.Options(confdir=folder, listen_host="127.0.0.1", listen_port=0)
    bare = master.Master(opts)
    server = proxyserver.Proxyserver()
    bare.addons.add(
        core.Core(),
        server,
        next_layer.NextLayer(),
        tlsconfig.TlsConfig(),
        Stream(),
        Ready(server, int(port)),
    )
    opts.update(connection_strategy="lazy", ssl_verify_upstream_trusted_ca=root_ca)
    await bare.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
