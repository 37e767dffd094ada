"""The TLS layer towards clients, which does not keep the size of the largest thing it was sent.

OpenSSL's memory BIOs grow to what is written into them at once and stay that large: an agent's request of
60 KB would stay, in C, for as long as its connection lives. Here it goes in by slices.
"""

from collections.abc import Generator
from typing import Any

from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layers import tls
from OpenSSL import SSL

SLICE = 16 * 1024
"""Bytes: a TLS record has no more."""


class ClientTLSLayer(tls.ClientTLSLayer):
    """mitmproxy's layer; only what it does with received bytes is its own."""

    def receive_data(self, data: bytes) -> Generator[commands.Command, Any, None]:
        if len(data) <= SLICE:
            yield from super().receive_data(data)
            return
        plaintext = bytearray()
        closed = False
        for start in range(0, len(data), SLICE):
            self.tls.bio_write(data[start : start + SLICE])
            closed = self._decrypt(plaintext) or closed
        yield from self.tls_interact()
        if plaintext:
            yield from self.event_to_child(events.DataReceived(self.conn, bytes(plaintext)))
        if closed:
            self.conn.state &= ~ConnectionState.CAN_READ
            yield from self.event_to_child(events.ConnectionClosed(self.conn))

    def _decrypt(self, plaintext: bytearray) -> bool:
        """Take what can be decrypted by now; True: the peer said that it ends."""
        while True:
            try:
                plaintext.extend(self.tls.recv(SLICE))
            except SSL.ZeroReturnError:
                return True
            except SSL.WantReadError:
                return False
