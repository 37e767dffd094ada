"""AWS's binary event stream, cut without losing a byte: what changes gets lengths and checksums of its own.

A message is an object with the event as its one member, by its name; InvokeModel's is the model's own.
"""

import re
import struct
from base64 import b64encode
from binascii import a2b_base64, crc32

import orjson

from tollway.guardrails.answers.json_message import dumped
from tollway.guardrails.answers.said import Message
from tollway.guardrails.answers.unit import Unit
from tollway.wire.edit import set_member
from tollway.wire.event_stream import Frame, FrameStream

_PRELUDE, _CHECK = struct.Struct(">II"), struct.Struct(">I")
_NAME = re.compile(r"\w+")
_CHUNK = "chunk"


class Framed(Unit):
    """An event: `head` are its headers, `tail` its payload, `joint` what a message has before that."""

    __slots__ = ()

    def holding(self, data: bytes) -> bytes:
        """The same with another message."""
        if self.joint:
            return _frame(self.head, data[len(self.joint) : -1])
        return _frame(self.head, set_member(self.tail, "bytes", b64encode(data).decode()))


class Frames:
    """Cuts one stream. One that is broken passes unread from there on: nobody could read it."""

    def __init__(self) -> None:
        self._frames = FrameStream()
        self._held = bytearray()
        self._chunk = b""  # the headers of chunks, where events are such

    def feed(self, chunk: bytes) -> list[Unit]:
        """The events that the next bytes finish."""
        self._held += chunk
        found = [self._unit(frame) for frame in self._frames.feed(chunk)]
        if self._frames.broken:
            found.append(self.rest())
            self._held.clear()
        return found

    def rest(self) -> Unit:
        """What is cut off."""
        return Unit(bytes(self._held))

    def write(self, message: Message) -> bytes:
        """An event."""
        if self._chunk or len(message) != 1:
            name, event = _CHUNK, {"bytes": b64encode(dumped(message)).decode()}
        else:
            ((name, event),) = message.items()
        headers = ((":event-type", name), (":content-type", "application/json"), (":message-type", "event"))
        return _frame(self._chunk or b"".join(_header(*header) for header in headers), dumped(event))

    def close(self) -> bytes:
        """Nothing."""
        return b""

    def _unit(self, frame: Frame) -> Unit:
        total, size = _PRELUDE.unpack_from(self._held)
        raw = bytes(self._held[:total])
        del self._held[:total]
        head, payload = raw[12 : 12 + size], frame.payload
        if frame.kind != "event":
            return Unit(raw, ends=True)
        if frame.name == _CHUNK:
            self._chunk = head
            return Framed(raw, _inside(payload), head, payload, b"")
        if not _NAME.fullmatch(frame.name):
            return Unit(raw)
        joint = b'{"%b":' % frame.name.encode()
        return Framed(raw, joint + payload + b"}", head, payload, joint)


def _inside(payload: bytes) -> bytes:
    """The message in a chunk; empty: there is none."""
    try:
        return a2b_base64(orjson.loads(payload)["bytes"])
    except (ValueError, TypeError, KeyError):
        return b""


def _frame(headers: bytes, payload: bytes) -> bytes:
    prelude = _PRELUDE.pack(16 + len(headers) + len(payload), len(headers))
    text = prelude + _CHECK.pack(crc32(prelude)) + headers + payload
    return text + _CHECK.pack(crc32(text))


def _header(name: str, value: str) -> bytes:
    """One that is a string."""
    return bytes([len(name)]) + name.encode() + b"\x07" + len(value).to_bytes(2) + value.encode()
