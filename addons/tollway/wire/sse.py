"""Server-sent events, read as the bytes come by: the WHATWG event-stream rules, bounded."""

from typing import NamedTuple

LIMIT = 16 * 1024 * 1024
"""Bytes of one frame; a longer one is dropped, and the stream read on."""

_BOM = b"\xef\xbb\xbf"
_CR, _LF = b"\r\n"  # as numbers: to look for one costs a tenth of what it costs to look for a byte string


class Event(NamedTuple):
    """One event: its `event` field (empty if it had none) and its data lines, joined by line feeds."""

    name: bytes
    data: bytes


class EventStream:
    """Cuts a stream into events; the same ones however its bytes are cut."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._held = bytearray()  # the frame that is not finished, line ends already line feeds
        self._skipping = False  # that frame is too long: wait for its end
        self._after_cr = False
        self._begun = False

    def feed(self, data: bytes) -> list[Event]:
        """Take the next bytes and return the events they finish."""
        if _CR in data or self._after_cr:
            data = self._line_feeds(data)
        held = self._held
        if not held and self._begun and len(data) <= self._limit and (event := _lone(data)) is not None:
            return [event]
        if held:
            boundary = len(held) - 1
            held += data
            end = held.find(b"\n\n", boundary)
            if end < 0:
                self._bound()
                return []
            data = bytes(held[end + 2 :] if self._skipping else held)
            self._skipping = False
            held.clear()
        frames = data.split(b"\n\n")
        if tail := frames.pop():
            held += tail
            self._bound()
        return self._events(frames) if frames else []

    def rest(self) -> Event | None:
        """The event that the stream would lose if it ended here: no blank line has closed it.

        The rules say to drop it; what bills may still be in it.
        """
        return None if self._skipping else _event(bytes(self._held).removeprefix(_BOM).rstrip(b"\n"))

    def _line_feeds(self, data: bytes) -> bytes:
        """The bytes with every CRLF and CR made a line feed, a CRLF cut in two included."""
        if self._after_cr and data:
            data = data.removeprefix(b"\n")
            self._after_cr = False
        if data.endswith(b"\r"):
            self._after_cr = True
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _bound(self) -> None:
        """Forget a frame that has grown too long, but for the byte that may be half of its end."""
        if self._skipping or len(self._held) > self._limit + 1:
            self._skipping = self._begun = True
            del self._held[:-1]

    def _events(self, frames: list[bytes]) -> list[Event]:
        if not self._begun:
            self._begun = True
            frames[0] = frames[0].removeprefix(_BOM)
        return [e for f in frames if len(f) <= self._limit and (e := _event(f)) is not None]


def _lone(data: bytes) -> Event | None:
    """The event of bytes that are one whole frame of the common kind, as they mostly are; else None."""
    end = data.find(b"\n")
    if data.startswith(b"data: "):
        if end == len(data) - 2 and data[-1] == _LF:
            return Event(b"", data[6:-2])
    elif data.startswith(b"event: ") and data.startswith(b"data: ", end + 1):
        if data.find(b"\n", end + 1) == len(data) - 2 and data[-1] == _LF:
            return Event(data[7:end], data[end + 7 : -2])
    return None


def _event(frame: bytes) -> Event | None:
    """The event of one frame; None if it has no data (comments, keep-alives)."""
    if frame.startswith(b"data: ") and _LF not in frame:
        return Event(b"", frame[6:])
    if frame.startswith(b"event: "):
        end = frame.find(b"\n")
        if frame.startswith(b"data: ", end + 1) and frame.find(b"\n", end + 1) < 0:
            return Event(frame[7:end], frame[end + 7 :])
    return _any_event(frame)


def _any_event(frame: bytes) -> Event | None:
    name, data = b"", []
    for line in frame.split(b"\n"):
        field, _, value = line.partition(b":")
        if field == b"data":
            data.append(value.removeprefix(b" "))
        elif field == b"event":
            name = value.removeprefix(b" ")
    return Event(name, b"\n".join(data)) if data else None
