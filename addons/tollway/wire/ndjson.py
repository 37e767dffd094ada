"""Newline-delimited JSON, read as the bytes come by: a message a line, bounded."""

LIMIT = 16 * 1024 * 1024
"""Bytes of one line; a longer one is dropped, and the stream read on."""


class Lines:
    """Cuts a stream into its lines, empty ones left out; the same ones however its bytes are cut."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._parts: list[bytes] = []  # of the line that is not finished
        self._size = 0  # bytes of it so far, kept or not
        self.dropped = 0
        """Lines that were too long."""

    def feed(self, data: bytes) -> list[bytes]:
        """Take the next bytes and return the lines they finish, without their ends."""
        first, *others = data.split(b"\n")
        self._keep(first)
        if not others:
            return []
        *between, last = others
        dropped, found = self._size > self._limit, [self._line(), *between]
        self._keep(last)
        self.dropped += dropped + sum(len(line) > self._limit for line in between)
        return [text for line in found if len(line) <= self._limit and (text := line.strip())]

    def rest(self) -> bytes:
        """The line that nothing has ended yet."""
        return b"".join(self._parts).strip()

    @property
    def unended(self) -> bytes | None:
        """The same as it came; None: it is too long."""
        return b"".join(self._parts) if self._size <= self._limit else None

    @property
    def kept(self) -> int:
        """Bytes of it that are kept."""
        return self._size if self._size <= self._limit else 0

    def _keep(self, piece: bytes) -> None:
        if not piece:
            return
        self._size += len(piece)
        self._parts.append(piece)
        if self._size > self._limit:
            self._parts.clear()

    def _line(self) -> bytes:
        line = b"".join(self._parts)
        self._parts, self._size = [], 0
        return line
