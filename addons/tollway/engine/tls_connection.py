"""TLS connections that take the way into C and back no more often than they have to, and end where they fail.

That way costs more than a record does, and a stream's events are records of their own, mostly. pyOpenSSL 26
hands out one of them a call, and asks OpenSSL how each call went, also where its result tells; mitmproxy 12.2
reads until nothing is there, once more each time. And where a connection fails (a record was changed, or half
of it got lost) mitmproxy only logs it: whoever waits for the peer would wait for ever, and what is still sent
to it raises within the engine.
"""

import logging
from typing import Any

from OpenSSL import SSL

logger = logging.getLogger(__name__)

_lib: Any = SSL._lib  # type: ignore[attr-defined]
_ffi: Any = SSL._ffi  # type: ignore[attr-defined]
_WAITS = (_lib.SSL_ERROR_WANT_READ, _lib.SSL_ERROR_WANT_WRITE)
_allocated = _ffi.new_allocator(should_clear_after_alloc=False)
_CHARS = _ffi.typeof("char[]")
_NOTHING = -1
"""What a memory BIO that is empty answers."""
_MOST = 2**31 - 1
"""Bytes that OpenSSL is told of in one call: its sizes are C's ints."""


class TlsConnection(SSL.Connection):
    """pyOpenSSL's, but for what it reads at once, and for how it fails.

    Buffers belong to the call: other threads run while OpenSSL does.
    """

    _has_ended: bool = False
    """Nothing comes behind the bytes that were read last, ..."""
    _is_drained: bool = False
    """... and nothing until more is written to it."""

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
        if self._is_drained:
            raise SSL.WantReadError
        text, size, got = _allocated(_CHARS, bufsiz), 0, 1
        while size < bufsiz and (got := _lib.SSL_read(self._ssl, text + size, bufsiz - size)) > 0:
            size += got
        if got <= 0:
            self._end(got, size)
        return bytes(_ffi.buffer(text, size))

    read = recv

    def sendall(self, buf: Any, flags: int = 0) -> int:
        """As pyOpenSSL's. Raises ZeroReturnError, too, where TLS has failed."""
        try:
            if type(buf) is not bytes or not 0 < len(buf) <= _MOST:
                return super().sendall(buf, flags)
            sent: int = _lib.SSL_write(self._ssl, buf, len(buf))
            if sent == len(buf):
                return sent
            self._raise_ssl_error(self._ssl, sent)  # unless it was a record of them
            return sent + super().sendall(memoryview(buf)[sent:], flags)
        except SSL.ZeroReturnError:
            raise
        except SSL.Error:
            raise SSL.ZeroReturnError from None

    def bio_write(self, buf: Any) -> int:
        """As pyOpenSSL's."""
        self._is_drained = False
        if type(buf) is not bytes:
            return super().bio_write(buf)
        taken: int = _lib.BIO_write(self._into_ssl, buf, len(buf))
        if taken <= 0:
            self._handle_bio_errors(self._into_ssl, taken)
        return taken

    def bio_read(self, bufsiz: int) -> bytes:
        """As pyOpenSSL's."""
        text = _allocated(_CHARS, bufsiz)
        got = _lib.BIO_read(self._from_ssl, text, bufsiz)
        if got == _NOTHING:
            raise SSL.WantReadError
        if got <= 0:
            self._handle_bio_errors(self._from_ssl, got)
        return bytes(_ffi.buffer(text, got))

    def _end(self, got: int, size: int) -> None:
        """Remember what ends a connection behind `size` bytes, or raise it if there are none."""
        if size and _lib.SSL_get_error(self._ssl, got) in _WAITS:
            self._is_drained = True
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
