"""How an HTTP/1 body ends: readers that take it from the front of a buffer, for both sides."""

from typing import Protocol


class FramingError(ValueError):
    """The bytes are no body of that framing."""


class BodyReader(Protocol):
    """Takes a body off a buffer."""

    trailers: tuple[tuple[str, str], ...]

    def take(self, buffer: bytearray) -> tuple[bytes, bool]:
        """Remove what belongs to the body: its payload, and whether it has ended."""


class Fixed:
    """A body of a known length."""

    trailers: tuple[tuple[str, str], ...] = ()

    def __init__(self, length: int) -> None:
        self._left = length

    def take(self, buffer: bytearray) -> tuple[bytes, bool]:
        """Remove up to the length."""
        data = bytes(buffer[: self._left])
        del buffer[: self._left]
        self._left -= len(data)
        return data, self._left == 0


class UntilClosed:
    """A body that ends with its connection."""

    trailers: tuple[tuple[str, str], ...] = ()

    def take(self, buffer: bytearray) -> tuple[bytes, bool]:
        """Remove everything; the end never shows in the bytes."""
        data = bytes(buffer)
        buffer.clear()
        return data, False


class Chunked:
    """A chunked body, its trailers included."""

    def __init__(self) -> None:
        self.trailers: tuple[tuple[str, str], ...] = ()
        self._left = 0
        self._state = "size"

    def take(self, buffer: bytearray) -> tuple[bytes, bool]:
        """Remove all whole chunks, and what is there of an unfinished one."""
        parts: list[bytes] = []
        while self._state != "done" and STEPS[self._state](self, buffer, parts):
            pass
        return b"".join(parts), self._state == "done"

    def _size(self, buffer: bytearray, parts: list[bytes]) -> bool:
        line = _line(buffer)
        if line is None:
            return False
        try:
            self._left = int(line.split(b";")[0], 16)
        except ValueError:
            raise FramingError(f"chunk size {line[:20]!r} is no hexadecimal number") from None
        self._state = "data" if self._left else "trailers"
        return True

    def _data(self, buffer: bytearray, parts: list[bytes]) -> bool:
        part = bytes(buffer[: self._left])
        del buffer[: self._left]
        self._left -= len(part)
        parts.append(part)
        self._state = "data" if self._left else "crlf"
        return not self._left

    def _crlf(self, buffer: bytearray, parts: list[bytes]) -> bool:
        line = _line(buffer)
        if line:
            raise FramingError(f"a chunk is followed by {line[:20]!r}, not by an empty line")
        self._state = "size" if line is not None else "crlf"
        return line is not None

    def _trailers(self, buffer: bytearray, parts: list[bytes]) -> bool:
        line = _line(buffer)
        if line is None:
            return False
        if line:
            self.trailers += (header(line.decode("latin-1")),)
        else:
            self._state = "done"
        return True


STEPS = {"size": Chunked._size, "data": Chunked._data, "crlf": Chunked._crlf, "trailers": Chunked._trailers}


def header(line: str) -> tuple[str, str]:
    """A header line's name, in its own case, and value. Raises FramingError."""
    name, colon, value = line.partition(":")
    if not colon or not name or name[0] in " \t" or name[-1] in " \t":
        raise FramingError(f"no header line: {line[:40]!r}")
    return name, value.strip(" \t")


def _line(buffer: bytearray) -> bytes | None:
    end = buffer.find(b"\r\n")
    if end < 0:
        return None
    line = bytes(buffer[:end])
    del buffer[: end + 2]
    return line
