"""TLS connections that hand out all that came, where pyOpenSSL's hand out one record a call.

A stream's events are records of their own, mostly, and the way into C and back costs more than a record.
"""

import logging
from typing import Any

from OpenSSL import SSL

logger = logging.getLogger(__name__)

_lib: Any = SSL._lib  # type: ignore[attr-defined]
_ffi: Any = SSL._ffi  # type: ignore[attr-defined]
_allocated = _ffi.new_allocator(should_clear_after_alloc=False)


class TlsConnection(SSL.Connection):
    """pyOpenSSL's, but for what it reads at once."""

    _end: SSL.Error | None = None
    """What there is behind the bytes that were read last, and for ever."""

    def recv(self, bufsiz: int, flags: int | None = None) -> bytes:
        """The bytes of all records that are there, `bufsiz` at most; `flags` as pyOpenSSL's.

        Raises SSL.Error as pyOpenSSL's, where not one byte is there; what ends the connection behind the
        last record is raised by the next call.
        """
        if self._end is not None:
            raise self._end
        if flags is not None:
            return super().recv(bufsiz, flags)
        text, size, got = _allocated("char[]", bufsiz), 0, 1
        while size < bufsiz and (got := _lib.SSL_read(self._ssl, text + size, bufsiz - size)) > 0:
            size += got
        if not size:
            self._raise_ssl_error(self._ssl, got)
        if got <= 0 and _lib.SSL_get_error(self._ssl, got) != _lib.SSL_ERROR_WANT_READ:
            self._end = self._error(got)
        return bytes(_ffi.buffer(text, size))

    read = recv

    def _error(self, got: int) -> SSL.Error | None:
        try:
            self._raise_ssl_error(self._ssl, got)
        except SSL.Error as error:
            return error.with_traceback(None)
        return None


class ProviderTls(TlsConnection):
    """Towards a provider. TLS that fails there is a connection that ends, so that calls on it end.

    mitmproxy only logs it: whoever waits for an answer would wait for ever, and what is still sent there
    would raise within the engine.
    """

    @classmethod
    def adopt(cls, connection: SSL.Connection) -> None:
        """Make one that mitmproxy has made one of these: it has no more to it than its methods."""
        connection.__class__ = cls

    def recv(self, bufsiz: int, flags: int | None = None) -> bytes:
        try:
            return super().recv(bufsiz, flags)
        except (SSL.WantReadError, SSL.ZeroReturnError):
            raise
        except SSL.Error as error:
            logger.warning("the TLS of a provider's connection failed, which ends it: %s", error)
            self._end = SSL.ZeroReturnError()
            raise self._end from None

    read = recv

    def sendall(self, buf: Any, flags: int = 0) -> int:
        """As pyOpenSSL's. Raises ZeroReturnError, too, once nothing can be sent any more."""
        try:
            return super().sendall(buf, flags)
        except SSL.ZeroReturnError:
            raise
        except SSL.Error:
            raise SSL.ZeroReturnError from None


def release_buffers(connection: SSL.Connection) -> None:
    """Let OpenSSL give back its 32 KB of buffers while a connection is idle: most are, most of the time."""
    _lib.SSL_set_mode(connection._ssl, _lib.SSL_MODE_RELEASE_BUFFERS)
