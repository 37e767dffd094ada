"""The TLS layers: the one towards clients does not keep the size of the largest thing it was sent.

OpenSSL's memory BIOs grow to what is written into them at once and stay that large: an agent's request of
60 KB would stay, in C, for as long as its connection lives. Here it goes in by slices. And mitmproxy 12.2
asks what there is to send until there is nothing, an exception each time.
"""

from collections.abc import Generator
from typing import Any

from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layers import tls
from OpenSSL import SSL

SLICE = 16 * 1024
"""Bytes: a TLS record has no more."""
AT_ONCE = 2**16 - 1
"""Bytes that are taken from OpenSSL at once, as mitmproxy has it."""


class _Asking(tls.TLSLayer):
    """What both sides share: of a memory BIO that gives less than it was asked for, no more is asked."""

    def tls_interact(self) -> Generator[commands.Command, Any, None]:
        size = AT_ONCE
        while size == AT_ONCE:
            try:
                data = self.tls.bio_read(AT_ONCE)
            except SSL.WantReadError:
                return
            yield commands.SendData(self.conn, data)
            size = len(data)


class ServerTLSLayer(_Asking, tls.ServerTLSLayer):
    """mitmproxy's layer towards a provider, adopted: it names its class in the body of a method."""

    @classmethod
    def adopt(cls, layer: tls.ServerTLSLayer) -> None:
        """Make one that mitmproxy has made one of these: it has no more to it than its methods."""
        layer.__class__ = cls


class ClientTLSLayer(_Asking, tls.ClientTLSLayer):
    """mitmproxy's layer towards a client; what it does with received bytes is its own, and that a failed
    handshake is told by who hears of it (`hooks.unread`), once and not each time."""

    def on_handshake_error(self, err: str) -> Generator[commands.Command, Any, None]:
        for command in super().on_handshake_error(err):
            if not isinstance(command, commands.Log):
                yield command

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
