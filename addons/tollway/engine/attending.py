"""How long a client has been at what it says, and how much it said: a hello or a head that never ends, and a
connection on which nothing is said, are held for no longer than their bounds.

What counts is when something began, and not when its last byte came: who sends one byte a second is as slow
as who sends none. Over HTTP/2 a client sends frames that belong to no request at any time (pings, more room):
there what comes after the first request keeps no connection, and ends none.
"""

from tollway.engine.client_bounds import ClientBounds

WHOLE = frozenset(
    {"tls_clienthello", "tls_established_client", "http_connect", "requestheaders", "tcp_start"}
)
"""Hooks of the engine that tell that a hello, a handshake or a head is whole."""
ASKED = "requestheaders"
"""That of a request's head."""


class Attending:
    """One client's connection. Times are seconds on one clock, whichever it is."""

    def __init__(self, now: float) -> None:
        self._begun: float | None = now
        """When what is not whole yet began; at first, the connection itself did."""
        self._last = self._heard = now
        """When it last had something to do, and when its last byte came."""
        self._asked = False
        """It has made a request."""
        self.count = 0
        """Bytes since something was whole."""

    def received(self, count: int, now: float) -> None:
        """So many bytes came, before the engine says whether they make something whole."""
        self.count += count
        self._heard = now
        if self._begun is None:
            self._begun = now

    def whole(self, hook: str) -> None:
        """A hello, a handshake or a head is: one of `WHOLE` tells."""
        self._begun, self.count, self._last = None, 0, self._heard
        self._asked = self._asked or hook == ASKED

    def busy(self, now: float) -> None:
        """A call is read or answered, or bytes are passed on: nothing else is waited for."""
        self._begun, self.count, self._last = None, 0, now

    def overdue(self, bounds: ClientBounds, now: float, framed: bool = False) -> str | None:
        """Why a connection that is not busy is to be closed. `framed`: it is one of HTTP/2."""
        if self._begun is not None and not (framed and self._asked) and now - self._begun > bounds.head_time:
            return f"no whole request in {bounds.head_time} s (head-time)"
        if now - self._last > bounds.idle:
            return f"nothing was asked for {bounds.idle} s (idle)"
        return None
