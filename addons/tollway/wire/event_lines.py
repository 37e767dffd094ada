"""AWS's binary event stream as text: a line of JSON for each event.

An event is an object with the event as its one member, by its name; InvokeModel's is the model's own, without
the wrapping in base64; an error is an object with `error`.
"""

from binascii import a2b_base64
from typing import Any

import orjson

from tollway.wire.event_stream import Frame, FrameStream

MEDIA_TYPE, AS_LINES = "application/vnd.amazon.eventstream", "application/x-ndjson"


class EventLines:
    """The same lines come however the bytes are cut. What is no JSON is left out."""

    def __init__(self) -> None:
        self._frames = FrameStream()

    def feed(self, data: bytes) -> bytes:
        """The lines of the events that the next bytes finish."""
        return b"".join([_line(frame) for frame in self._frames.feed(data)])


def _line(frame: Frame) -> bytes:
    try:
        said = orjson.loads(frame.payload) if frame.kind == "event" or frame.payload else {}
        return orjson.dumps(_said(frame, said)) + b"\n"
    except (ValueError, TypeError, KeyError):
        return b""


def _said(frame: Frame, said: Any) -> Any:
    """Raises ValueError, TypeError or KeyError for a chunk that has none."""
    if frame.kind != "event":
        message = said.get("message", said.get("Message")) if isinstance(said, dict) else None
        return {"error": {"type": frame.name or "error", "message": message}}
    if frame.name != "chunk":
        return {frame.name: said}
    return orjson.loads(a2b_base64(said["bytes"]))
