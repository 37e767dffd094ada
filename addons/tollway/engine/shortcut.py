"""A way past the layers that opened a tunnel, once it is open."""

from dataclasses import dataclass

from mitmproxy.proxy import commands, layer


@dataclass(unsafe_hash=True)
class Shortcut(commands.Command):
    """From the next event on, this layer takes the connection's events.

    Behind a CONNECT, mitmproxy takes each byte through the proxy's own HTTP layers first, as "HTTP data"
    that they unpack and pack again: a third of the work for a streamed event, to no effect.
    """

    layer: layer.Layer
