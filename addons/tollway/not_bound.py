"""Why nothing can listen at an address, and what to do about it."""

import errno

from tollway.errors import TollwayError

HINTS = {
    errno.EADDRINUSE: "another program has the port; choose another with --listen HOST:PORT, or port 0",
    errno.EACCES: "ports below 1024 are root's; choose another with --listen HOST:PORT",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose one with --listen HOST:PORT",
}


def not_bound(host: str, port: int, error: OSError) -> TollwayError:
    """What is said to the user. mitmproxy wraps the reason in its own advice."""
    return TollwayError(f"can't listen on {host}:{port}: {why_not(error)}")


def why_not(error: OSError) -> str:
    """Why a socket could not be opened, and what to do."""
    if error.errno in HINTS:
        return HINTS[error.errno]
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    return f"{cause.strerror or cause}; choose another with --listen HOST:PORT"
