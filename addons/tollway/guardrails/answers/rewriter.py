"""A streamed answer with its texts changed as they come: all other bytes as they were, and at once."""

from typing import Any

from tollway.guardrails.answers.as_it_is import as_it_is
from tollway.guardrails.answers.channel import Filters
from tollway.guardrails.answers.flow import Flow
from tollway.guardrails.answers.json_message import edited, loaded
from tollway.guardrails.answers.numbers import Numbers
from tollway.guardrails.answers.said import Message, Path, Reading
from tollway.guardrails.answers.unit import Cutter, Unit
from tollway.guardrails.inside import SHORTEST


class Rewriter:
    """Of one stream. The same comes out wherever its bytes are cut."""

    def __init__(self, reading: Reading, cutter: Cutter, filters: Filters) -> None:
        self._reading, self._cutter, self._filters = reading, cutter, filters
        self._flow = Flow(reading, filters)
        self._numbers = Numbers(reading.number)
        self.ended = False
        """A filter ended the answer: nothing more comes out, whatever is fed."""
        self.has_read = False
        """It had a message."""

    def feed(self, chunk: bytes) -> bytes:
        """Takes the next decoded bytes; what goes on now."""
        parts = list[bytes]()
        for unit in () if self.ended else self._cutter.feed(chunk):
            parts.append(self._turned(unit))
            if self.ended:
                break
        return b"".join(parts)

    def end(self) -> bytes:
        """The stream is over, or broke off: what was held back."""
        return b"" if self.ended else self._turned(self._cutter.rest(), last=True)

    def _turned(self, unit: Unit, last: bool = False) -> bytes:
        message = loaded(unit.data) if unit.data else None
        if message is None and not (last or unit.ends):
            return self._unread(unit) + self._closed()
        self.has_read = self.has_read or message is not None
        before, values = self._flow.take(message, last or message is None)
        self.ended = self._flow.ended
        parts = [self._put(one) for one in before]
        if message is not None:
            parts.append(self._changed(unit, message, values))
        elif not self.ended:
            parts.append(self._unread(unit))
        return b"".join(parts) + self._closed()

    def _closed(self) -> bytes:
        """The answer's end, if a filter ended it."""
        if not self.ended:
            return b""
        return b"".join([*map(self._put, self._reading.closing()), self._cutter.close()])

    def _unread(self, unit: Unit) -> bytes:
        """What goes on of what is no message. Where a filter ends the answer, that is nothing of it."""
        data = unit.data or unit.raw
        if len(data.strip()) < SHORTEST or (unit.ends and unit.data):  # the mark
            return unit.raw
        new, self.ended = as_it_is(data, self._filters)
        if self.ended:
            return b""
        if new == data:
            return unit.raw
        return unit.holding(new) if unit.data else new

    def _changed(self, unit: Unit, message: Message, values: dict[Path, object]) -> bytes:
        """A unit with other values in its message; one that is the last for that has its end."""
        values |= self._numbers.changes(message)
        if values:
            return unit.holding(edited(unit.data, message, values))
        return unit.holding(unit.data) if self.ended else unit.raw

    def _put(self, message: dict[str, Any]) -> bytes:
        return self._cutter.write(self._numbers.put(message))
