"""AWS's binary event stream, written: prelude, headers, payload, and the checksums of both."""

import struct
import zlib
from typing import Any

import orjson


def message(payload: bytes, *headers: tuple[str, int, bytes]) -> bytes:
    """One message. A header is its name, the number of its type, and its value as bytes."""
    block = b"".join(
        bytes([len(name)]) + name.encode() + bytes([kind]) + value for name, kind, value in headers
    )
    prelude = struct.pack(">II", 16 + len(block) + len(payload), len(block))
    text = prelude + struct.pack(">I", zlib.crc32(prelude)) + block + payload
    return text + struct.pack(">I", zlib.crc32(text))


def string(name: str, value: str) -> tuple[str, int, bytes]:
    """A header that is a string."""
    text = value.encode()
    return name, 7, struct.pack(">H", len(text)) + text


def event(name: str, data: Any) -> bytes:
    """An event with JSON data."""
    return _typed("event", ":event-type", name, orjson.dumps(data))


def exception(name: str, text: str) -> bytes:
    """An exception, as one ends a stream that went wrong."""
    return _typed("exception", ":exception-type", name, orjson.dumps({"message": text}))


def error(code: str, text: str) -> bytes:
    """An error that no model of the service has: its headers say it all."""
    return message(
        b"", string(":error-message", text), string(":error-code", code), string(":message-type", "error")
    )


def _typed(kind: str, header: str, name: str, payload: bytes) -> bytes:
    content = string(":content-type", "application/json")
    return message(payload, string(header, name), content, string(":message-type", kind))
