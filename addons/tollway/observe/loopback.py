"""Who may ask for metrics: this machine alone, and nobody by way of a browser on it."""

from ipaddress import ip_address

NAME = "localhost"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, as written: an address of it, or `localhost`."""
    if host.lower() == NAME:
        return True
    try:
        found = ip_address(host)
    except ValueError:
        return False
    return found.is_loopback


def is_for_this_machine(header: str) -> bool:
    """Whether a `Host` header names this machine.

    A page from elsewhere can have its own name resolve to 127.0.0.1, and would then read what is answered
    here as its own ("DNS rebinding"); the header tells its name.
    """
    host = header.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    return is_loopback(host)
