"""An answer that is kept: fed as it goes to the client, decoded, within bounds."""

from collections.abc import Callable

from tollway.texts.store import TOO_LARGE, UNREADABLE
from tollway.wire.coding import Decoder
from tollway.wire.event_lines import AS_LINES, MEDIA_TYPE, EventLines


class KeptAnswer:
    """Never raises, whatever it is fed; holds no more than it may keep."""

    def __init__(self, decoding: Decoder | None, media_type: str) -> None:
        """`decoding`: undoes the answer's coding, up to as many bytes as may be kept; None: nothing does.
        `media_type`: as the client is told; a binary event stream is kept as lines of text."""
        self._lines = EventLines() if MEDIA_TYPE in media_type.lower() else None
        self.media_type = media_type if self._lines is None else AS_LINES
        self._decoding = decoding
        self._came = 0
        self._body = bytearray()
        self.without: Callable[[bytes], bytes] | None = None
        """Takes out of what is decoded what is not to be kept, at last told of its end by no bytes."""

    def feed(self, passed: bytes) -> None:
        """Take the next bytes."""
        self._came += len(passed)
        if self._decoding is None:
            return
        for piece in self._decoding.pieces(passed):
            if piece and self._decoding is not None:
                self._take(piece)
        if self._decoding is None or self._decoding.broken or self._decoding.exceeded:
            self._body.clear()

    def _take(self, piece: bytes) -> None:
        if self.without is not None:
            try:
                piece = self.without(piece)
            except Exception:  # nothing of it is known to be without that
                self._decoding = None
                return
        self._body += piece if self._lines is None else self._lines.feed(piece)

    @property
    def size(self) -> int:
        """Its bytes so far; where they are not kept, as they came."""
        return len(self._body) or self._came

    def ended(self) -> tuple[bytes | None, str | None]:
        """The text, or why it is not kept."""
        if self._decoding is not None and not (self._decoding.broken or self._decoding.exceeded):
            self._take(b"")
        if self._decoding is None or self._decoding.broken:
            return None, UNREADABLE
        return (None, TOO_LARGE) if self._decoding.exceeded else (bytes(self._body), None)
