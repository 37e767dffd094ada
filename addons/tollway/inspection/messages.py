"""Cuts an answer's body into its messages, by what its content type says and how it begins."""

from binascii import Error, a2b_base64
from collections.abc import Mapping
from typing import Any, Protocol

from tollway.inspection.document import Document, document, loaded
from tollway.inspection.members import string
from tollway.wire.event_stream import Frame, FrameStream
from tollway.wire.framing import Events, Framing
from tollway.wire.ndjson import Lines

type Message = Mapping[str, Any]

LARGEST = 16 * 2**20
"""Bytes that are kept of an answer that is no stream."""
_BINARY = ("audio/", "image/", "video/", "application/octet-stream", "application/pdf")
_SPACE = b" \t\r\n"


class Body(Protocol):
    """A body of one kind."""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that the next bytes finish."""

    def rest(self) -> Document:
        """What the body would hold more if it ended here."""


class Messages:
    """A body whose kind its first bytes tell. The same messages come wherever the bytes are cut."""

    def __init__(self, media_type: str = "") -> None:
        self._media = media_type.strip().lower()
        self._body: Body | None = None

    def feed(self, data: bytes) -> list[Message]:
        """The messages that the next bytes finish."""
        if self._body is None:
            if not self._media.startswith(_BINARY):
                data = data.lstrip(_SPACE)
            if not data:
                return []
            self._body = _body(self._media, data)
        return self._body.feed(data)

    def rest(self) -> Document:
        """What the body would hold more if it ended here."""
        return Document([]) if self._body is None else self._body.rest()


def _body(media: str, data: bytes) -> Body:
    """What the content type says, but for a refused stream: that is an object."""
    if "vnd.amazon.eventstream" in media:
        return Frames()
    if media.startswith(_BINARY):
        return Sound(media)
    if "event-stream" in media and data[:1] not in (b"{", b"["):
        return Stream(Events())
    if "ndjson" in media or "jsonl" in media:
        return Stream(Lines())
    return Whole()


class Stream:
    """Events, or lines, each an object."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing

    def feed(self, data: bytes) -> list[Message]:
        """The messages that the next bytes finish; what is no object (`[DONE]`) is left out."""
        return [message for text in self._framing.feed(data) if (message := loaded(text)) is not None]

    def rest(self) -> Document:
        """A last message that nothing has closed."""
        message = loaded(self._framing.rest())
        return Document([] if message is None else [message])


class Frames:
    """AWS's event stream: an event is an object with the event as its one member, by its name."""

    def __init__(self) -> None:
        self._frames = FrameStream()

    def feed(self, data: bytes) -> list[Message]:
        """The messages that the next bytes finish."""
        return [message for frame in self._frames.feed(data) if (message := _framed(frame)) is not None]

    def rest(self) -> Document:
        """Nothing: but it may have been no such stream."""
        return Document(
            [],
            "",
            "the event stream is broken: nothing behind that was read" if self._frames.broken else None,
        )


def _framed(frame: Frame) -> Message | None:
    message = loaded(frame.payload)
    if frame.kind != "event":
        return {
            "error": {"type": frame.name or "error", "message": string(message or {}, "message", "Message")}
        }
    if message is None or frame.name != "chunk":
        return message and {frame.name: message}
    try:
        return loaded(a2b_base64(string(message, "bytes")))  # InvokeModel's: the model's own
    except Error:
        return None


class Sound:
    """Bytes that are no text: only their number is kept."""

    def __init__(self, media: str) -> None:
        self._media, self._size = media, 0

    def feed(self, data: bytes) -> list[Message]:
        """Nothing."""
        self._size += len(data)
        return []

    def rest(self) -> Document:
        """What it is, as an attachment."""
        return Document([], media=self._media, size=self._size)


class Whole:
    """All else: it is read when it is asked for, as a part of it tells little."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._cut = False

    def feed(self, data: bytes) -> list[Message]:
        """Nothing."""
        room = LARGEST - len(self._kept)
        self._cut = self._cut or len(data) > room
        self._kept += data[:room]
        return []

    def rest(self) -> Document:
        """All of it."""
        found = document(bytes(self._kept))
        return (
            found._replace(remark=f"the answer is longer than the {LARGEST:,} bytes that are shown")
            if self._cut
            else found
        )
