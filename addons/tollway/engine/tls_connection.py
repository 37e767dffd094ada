"""A TLS connection that hands out all that came, where pyOpenSSL's hands out one record a call.

A stream's events are records of their own, mostly, and the way into C and back costs more than a record.
"""

from typing import Any

from OpenSSL import SSL

_lib: Any = SSL._lib  # type: ignore[attr-defined]
_ffi: Any = SSL._ffi  # type: ignore[attr-defined]
_allocated = _ffi.new_allocator(should_clear_after_alloc=False)


class TlsConnection(SSL.Connection):
    """pyOpenSSL's, but for what it reads at once."""

    @classmethod
    def adopt(cls, connection: SSL.Connection) -> None:
        """Make one that mitmproxy has made one of these: it has no more to it than its methods."""
        connection.__class__ = cls

    def recv(self, bufsiz: int, flags: int | None = None) -> bytes:
        """The bytes of all records that are there, `bufsiz` at most; `flags` as pyOpenSSL's.

        Raises SSL.Error as pyOpenSSL's, where not one byte is there; what ends the connection behind the
        last record is raised by the next call.
        """
        if flags is not None:
            return super().recv(bufsiz, flags)
        text, size, got = _allocated("char[]", bufsiz), 0, 0
        while size < bufsiz and (got := _lib.SSL_read(self._ssl, text + size, bufsiz - size)) > 0:
            size += got
        if not size:
            self._raise_ssl_error(self._ssl, got)
        return bytes(_ffi.buffer(text, size))

    read = recv


def release_buffers(connection: SSL.Connection) -> None:
    """Let OpenSSL give back its 32 KB of buffers while a connection is idle: most are, most of the time."""
    _lib.SSL_set_mode(connection._ssl, _lib.SSL_MODE_RELEASE_BUFFERS)
