"""Ports for processes that can't say which one they got."""

import random
import socket
from contextlib import suppress
from pathlib import Path

FIRST = 10_000
BUS = 10_000
"""How far above its port a node of a Redis Cluster listens for the others."""
_random = random.SystemRandom()  # tests that run side by side are seeded alike


def free_port() -> int:
    """One of loopback that nobody has at the moment.

    It is none of those that the kernel gives to connections: one would have it before the process does."""
    given = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()[0])
    while True:
        port = _random.randrange(FIRST, given - BUS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
