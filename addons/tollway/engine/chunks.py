"""A chunked body (RFC 9112, section 7.1) whose chunks, where they lie whole in the buffer, are one piece.

h11's reader takes one chunk at a time, which is a quarter of what a stream costs whose events come back to
back. What is not a whole, plain chunk (half of one, extensions, the last, faults) is left to h11.
"""

import re
from typing import Any

from h11 import Data, EndOfMessage
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from mitmproxy.http import Headers

SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")
"""Of a chunk without extensions; 4 GB at most."""


def whole(text: bytes, start: int) -> tuple[list[bytes], int]:
    """What the whole, plain chunks from `start` on carry, and where the first byte after them stands."""
    pieces: list[bytes] = []
    while (size := SIZE.match(text, start)) and (length := int(size[1], 16)):
        end = size.end() + length
        if text[end : end + 2] != b"\r\n":
            break
        pieces.append(text[size.end() : end])
        start = end + 2
    return pieces, start


class Chunks(ChunkedReader):
    """h11's reader, faster; it keeps the trailers instead of handing them out with the end."""

    def __init__(self) -> None:
        super().__init__()
        self.trailers: Headers | None = None

    def __call__(self, buf: ReceiveBuffer) -> Any:
        """The next data, the end, or None where more is needed.

        Raises h11.ProtocolError for what is no chunked body.
        """
        if not (self._bytes_in_chunk or self._reading_trailer) and (data := self._whole(buf)):
            return Data(data=data)
        event = super().__call__(buf)
        if isinstance(event, EndOfMessage) and event.headers:
            self.trailers = Headers(event.headers.raw_items())
            return EndOfMessage()
        return event

    def _whole(self, buf: ReceiveBuffer) -> bytes:
        text, before = bytes(buf), self._bytes_to_discard
        if not text.startswith(before):
            return b""
        pieces, end = whole(text, len(before))
        if pieces:
            buf.maybe_extract_at_most(end)
            self._bytes_to_discard = b""
        return b"".join(pieces)
