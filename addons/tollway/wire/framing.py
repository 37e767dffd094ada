"""How a streamed body is cut into its messages, each a JSON object."""

from typing import Protocol

from tollway.wire.json_array import JsonArray
from tollway.wire.ndjson import Lines
from tollway.wire.sse import EventStream


class Framing(Protocol):
    """Cuts a body into chunks, each a JSON object."""

    def feed(self, data: bytes) -> list[bytes]:
        """The chunks that the next bytes finish."""

    def rest(self) -> bytes:
        """What the body would end with if it ended here."""


class Events:
    """Chunks as server-sent events (`alt=sse`)."""

    def __init__(self) -> None:
        self._events = EventStream()

    def feed(self, data: bytes) -> list[bytes]:
        """The data of the events that the next bytes finish."""
        return [event for _, event in self._events.feed(data)]

    def rest(self) -> bytes:
        """The data of an event that no blank line has closed."""
        last = self._events.rest()
        return last[1] if last is not None else b""


class Elements(JsonArray):
    """Chunks as the elements of an array; an error may stand alone."""

    def rest(self) -> bytes:
        """Nothing: an element ends with its own bracket."""
        return b""


class EventsOrLines:
    """Chunks as events or as lines: a line opens with a brace, an event never does."""

    def __init__(self) -> None:
        self._framing: Framing | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """The chunks that the next bytes finish."""
        if self._framing is None:
            opening = data.lstrip()[:1]
            if not opening:
                return []
            self._framing = Lines() if opening == b"{" else Events()
        return self._framing.feed(data)

    def rest(self) -> bytes:
        """What the body would end with if it ended here."""
        return b"" if self._framing is None else self._framing.rest()
