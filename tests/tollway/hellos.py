"""ClientHellos (RFC 8446, section 4.1.2) made by hand: with names, fragments and extensions as no client has
them."""

import struct

SERVER_NAME, ALPN, ENCRYPTED_HELLO, PADDING = 0, 16, 0xFE0D, 21
RECORD = 1 << 14
"""Bytes that a record has at most."""


def extension(kind: int, body: bytes) -> bytes:
    """One extension."""
    return struct.pack("!HH", kind, len(body)) + body


def server_name(*names: str | bytes) -> bytes:
    """The extension that names hosts (RFC 6066, section 3): one, if the client keeps to it."""
    raw = [name if isinstance(name, bytes) else name.encode() for name in names]
    listed = b"".join(b"\0" + struct.pack("!H", len(name)) + name for name in raw)
    return extension(SERVER_NAME, struct.pack("!H", len(listed)) + listed)


def encrypted_hello() -> bytes:
    """The extension of an encrypted hello (RFC 9849, section 5), real or greased: nobody between can tell."""
    body = b"\0" + struct.pack("!HHB", 1, 1, 7) + struct.pack("!H", 32) + bytes(32)
    return extension(ENCRYPTED_HELLO, body + struct.pack("!H", 144) + bytes(144))


def hello(*names: str | bytes, more: bytes = b"", first: bytes = b"") -> bytes:
    """A hello's message, which names these hosts; `first`, `more`: extensions around them."""
    extensions = first + (server_name(*names) if names else b"") + more
    body = b"\3\3" + bytes(32) + b"\0" + struct.pack("!HHH", 4, 0x1301, 0xC02F) + b"\1\0"
    body += struct.pack("!H", len(extensions)) + extensions
    return b"\1" + struct.pack("!I", len(body))[1:] + body


def record(data: bytes, kind: int = 22, version: bytes = b"\3\1") -> bytes:
    """One TLS record."""
    return bytes([kind]) + version + struct.pack("!H", len(data)) + data


def records(message: bytes, size: int = RECORD) -> bytes:
    """A message in records of this size."""
    return b"".join(record(message[at : at + size]) for at in range(0, len(message), size))


def pieces(data: bytes, size: int) -> list[bytes]:
    """It, as it may come in several reads."""
    return [data[at : at + size] for at in range(0, len(data), size)]
