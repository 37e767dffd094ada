"""An answer that is kept: fed as it goes to the client, decoded, within bounds."""

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

    def feed(self, passed: bytes) -> None:
        """Take the next bytes."""
        self._came += len(passed)
        if self._decoding is None:
            return
        for piece in self._decoding.pieces(passed):
            self._body += piece if self._lines is None else self._lines.feed(piece)
        if self._decoding.broken or self._decoding.exceeded:
            self._body.clear()

    @property
    def size(self) -> int:
        """Its bytes so far; where they are not kept, as they came."""
        return len(self._body) or self._came

    def ended(self) -> tuple[bytes | None, str | None]:
        """The text, or why it is not kept."""
        if self._decoding is None or self._decoding.broken:
            return None, UNREADABLE
        return (None, TOO_LARGE) if self._decoding.exceeded else (bytes(self._body), None)
