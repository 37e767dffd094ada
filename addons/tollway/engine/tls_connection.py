"""TLS connections that hand out all that came, and that end where they fail.

pyOpenSSL's hand out one record a call, though a stream's events are records of their own, mostly, and the way
into C and back costs more than a record. And where one fails (a record was changed, or half of it got lost)
mitmproxy only logs it: whoever waits for the peer would wait for ever, and what is still sent to it raises
within the engine.
"""

import logging
from typing import Any

from OpenSSL import SSL

logger = logging.getLogger(__name__)

_lib: Any = SSL._lib  # type: ignore[attr-defined]
_ffi: Any = SSL._ffi  # type: ignore[attr-defined]
_WAITS = (_lib.SSL_ERROR_WANT_READ, _lib.SSL_ERROR_WANT_WRITE)
_allocated = _ffi.new_allocator(should_clear_after_alloc=False)


class TlsConnection(SSL.Connection):
    """pyOpenSSL's, but for what it reads at once, and for how it fails."""

    _has_ended: bool = False
    """Nothing comes behind the bytes that were read last."""

    @classmethod
    def adopt(cls, connection: SSL.Connection) -> None:
        """Make one that mitmproxy has made one of these: it has no more to it than its methods."""
        connection.__class__ = cls

    def recv(self, bufsiz: int, flags: int | None = None) -> bytes:
        """The bytes of all records that are there, `bufsiz` at most; `flags` as pyOpenSSL's.

        Raises WantReadError where not one byte is there, and ZeroReturnError where none will come: the peer
        said so, or TLS failed.
        """
        if self._has_ended:
            raise SSL.ZeroReturnError
        if flags is not None:
            return super().recv(bufsiz, flags)
        text, size, got = _allocated("char[]", bufsiz), 0, 1
        while size < bufsiz and (got := _lib.SSL_read(self._ssl, text + size, bufsiz - size)) > 0:
            size += got
        if got <= 0:
            self._end(got, size)
        return bytes(_ffi.buffer(text, size))

    read = recv

    def sendall(self, buf: Any, flags: int = 0) -> int:
        """As pyOpenSSL's. Raises ZeroReturnError, too, where TLS has failed."""
        try:
            return super().sendall(buf, flags)
        except SSL.ZeroReturnError:
            raise
        except SSL.Error:
            raise SSL.ZeroReturnError from None

    def _end(self, got: int, size: int) -> None:
        """Remember what ends a connection behind `size` bytes, or raise it if there are none."""
        if size and _lib.SSL_get_error(self._ssl, got) in _WAITS:
            return
        try:
            self._raise_ssl_error(self._ssl, got)
        except (SSL.WantReadError, SSL.WantWriteError):
            raise
        except SSL.Error as error:
            self._has_ended = True
            if not isinstance(error, SSL.ZeroReturnError):
                logger.warning("the TLS of a connection failed, which ends it: %s", error)
            if not size:
                raise SSL.ZeroReturnError from None


def release_buffers(connection: SSL.Connection) -> None:
    """Let OpenSSL give back its 32 KB of buffers while a connection is idle: most are, most of the time."""
    _lib.SSL_set_mode(connection._ssl, _lib.SSL_MODE_RELEASE_BUFFERS)
