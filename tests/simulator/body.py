"""A request's body as it comes in: kept up to a bound, counted and hashed beyond it."""

import hashlib
from collections.abc import Callable


class Body:
    """Bytes in the order received. Past `limit` only their number and hash are known."""

    __slots__ = ("_chunks", "_hash", "_limit", "size")

    def __init__(self, limit: int) -> None:
        self.size = 0
        self._limit = limit
        self._chunks: list[bytes] = []
        self._hash: hashlib._Hash | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self.size += len(data)
        if self._hash is None and self.size <= self._limit:
            self._chunks.append(data)
            return
        if self._hash is None:
            self._hash = hashlib.sha256(self._joined())
        self._hash.update(data)

    @property
    def kept(self) -> bytes:
        """The whole body, or the beginning of one that is longer than the limit."""
        return self._joined()

    @property
    def whole(self) -> bool:
        """`kept` is all of it."""
        return self._hash is None

    @property
    def sha256(self) -> str:
        """Of everything received so far, in hexadecimal."""
        digest: Callable[[], str] = (self._hash or hashlib.sha256(self._joined())).hexdigest
        return digest()

    def _joined(self) -> bytes:
        if len(self._chunks) != 1:
            self._chunks = [b"".join(self._chunks)]
        return self._chunks[0]
