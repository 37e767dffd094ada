"""Connections on which nothing may come for hours: a socket that waits for somebody to speak.

mitmproxy 12.2 closes what is silent for `tcp_timeout`. Such a connection is kept, as long as its peers'
systems answer when ours asks whether they are there.
"""

import socket
from dataclasses import dataclass
from typing import Any

from mitmproxy.proxy import commands

FOR_EVER = 10 * 365 * 86_400
"""Seconds."""
ASK_AFTER, ASK_EVERY, ASK_TIMES = 60, 30, 4
"""Seconds of silence; seconds between questions; questions without an answer that end it."""
OPTIONS = {"TCP_KEEPIDLE": ASK_AFTER, "TCP_KEEPINTVL": ASK_EVERY, "TCP_KEEPCNT": ASK_TIMES}
"""Each where the system knows it."""


@dataclass(unsafe_hash=True)
class MayBeIdle(commands.Command):
    """Close the client's connection, and those to providers that it has, for no silence."""


def keep_asking(connected: Any) -> None:
    """Have the system ask whether a socket's peer is still there."""
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in OPTIONS.items():
        if (option := getattr(socket, name, None)) is not None:
            connected.setsockopt(socket.IPPROTO_TCP, option, value)
