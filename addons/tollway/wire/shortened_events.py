"""Server-sent events whose data may be megabytes of base64, of which only both ends are kept."""

END = 64 * 1024
"""Bytes kept of either end of a line."""


class ShortenedEvents:
    """Cuts a stream into the data of its events, a line each, the middle of a long one left out.

    What is left out is the inside of an image: head and tail together are the object with a shorter image.
    """

    def __init__(self, end: int = END) -> None:
        self._end = end
        self._head, self._tail = bytearray(), bytearray()  # of the line that is not finished

    def feed(self, data: bytes) -> list[bytes]:
        """The data of the lines that the next bytes finish."""
        found = []
        start, stop = 0, data.find(b"\n")
        while stop >= 0:
            self._keep(data[start:stop])
            if event := self.rest():
                found.append(event)
            self._head.clear()
            self._tail.clear()
            start, stop = stop + 1, data.find(b"\n", stop + 1)
        self._keep(data[start:])
        return found

    def rest(self) -> bytes:
        """The data of the line that nothing has ended yet."""
        line = bytes(self._head + self._tail[-self._end :])
        return line[5:].strip() if line.startswith(b"data:") else b""

    def _keep(self, piece: bytes) -> None:
        room = self._end - len(self._head)
        self._head += piece[:room]
        self._tail += piece[room:]
        if len(self._tail) > 2 * self._end:
            del self._tail[: -self._end]
