"""Server-sent events, cut without losing a byte: an event goes on when its blank line is there."""

import re

from tollway.guardrails.answers.json_message import dumped
from tollway.guardrails.answers.said import Message
from tollway.guardrails.answers.unit import LIMIT, Unit

_CR, _CRLF = 13, b"\r\n\r\n"
_BLANK = re.compile(rb"(?>\r\n|\r|\n)(?:\n|(?<=\n)\r(?:\n|(?=[^\n]))|(?<=\r)\r)")
"""A line's end, and the end of an empty one: a carriage return behind a line feed may have one, too."""
_OTHERS = (b"\n\n", b"\r\r", b"\n\r")
"""Of which one is in each blank line, or before it."""
_COMMON = re.compile(rb"(event:.*+\n)?+data: ?+(.*+)")
"""What nearly all events are, but for their blank line."""
_LINE = re.compile(rb"([^\r\n]*+)(\r\n|\r|\n|\Z)")
_NAME = re.compile(r"[\w.-]+", re.ASCII)
_DATA = re.compile(rb"(?:\xef\xbb\xbf)?+data: ?+")


class Events:
    """Cuts one stream."""

    def __init__(self, mark: bytes = b"", limit: int = LIMIT) -> None:
        """`mark`: the data of the event behind the last message, which is none itself."""
        self._mark, self._limit = mark, limit
        self._held = bytearray()  # the event that is not finished
        self._named, self._end = False, b"\n"  # what the last event was like

    def feed(self, chunk: bytes) -> list[Unit]:
        """The events that the next bytes finish."""
        found, held = list[Unit](), self._held
        at, start = 0, max(len(held) - 3, 0)
        has_cr = _CR in chunk or _CR in held
        if held:
            held += chunk
            chunk = bytes(held) if _blank_line(held, start, has_cr) >= 0 else b""
        while (end := _blank_line(chunk, start, has_cr)) >= 0:
            held.clear()
            found.append(self._unit(chunk[at:end]))
            at = start = end
        held += chunk[at:]
        if len(held) > self._limit:
            found.append(Unit(bytes(held)))
            held.clear()
        return found

    def rest(self) -> Unit:
        """An event without a blank line behind it: some readers take it. An object that is no event, too."""
        raw = bytes(self._held)
        if raw.lstrip()[:1] == b"{":
            return Unit(raw, raw, b"", self._end)
        unit = self._of_lines(raw)
        return unit._replace(tail=unit.tail + 2 * self._end)

    def write(self, message: Message) -> bytes:
        """An event, which has a name where others have one."""
        name = message.get("type", message.get("event_type")) if self._named else None
        is_name = isinstance(name, str) and _NAME.fullmatch(name)
        head = b"event: " + str(name).encode() + self._end if is_name else b""
        return head + b"data: " + dumped(message) + 2 * self._end

    def close(self) -> bytes:
        """The mark."""
        return b"data: " + self._mark + 2 * self._end if self._mark else b""

    def _unit(self, frame: bytes) -> Unit:
        line_end = b"\r\n" if frame.endswith(_CRLF) else b"\n"
        match = _COMMON.fullmatch(frame, 0, len(frame) - 2 * len(line_end))
        if match is None or frame.count(b"\r") != (0 if len(line_end) == 1 else 2 + (match[1] is not None)):
            return self._of_lines(frame)
        start, end = match.span(2)
        self._named, self._end = match[1] is not None, line_end
        return self._marked(Unit(frame, match[2], frame[:start], frame[end:]))

    def _of_lines(self, frame: bytes) -> Unit:
        """Of an event that has several lines of data, fields in another order, or none of data."""
        beside, before, data = list[bytes](), 0, list[bytes]()
        for line in _LINE.finditer(frame):
            field = _DATA.match(line[1])
            self._end = line[2] or self._end
            if field is None:
                beside.append(line[0])
                before += not data
            else:
                data.append(line[1][field.end() :])
                prefix = field[0]
        if not data:
            return Unit(frame)
        self._named = any(line.startswith(b"event:") for line in beside)
        head, tail = b"".join(beside[:before]) + prefix, self._end + b"".join(beside[before:])
        return self._marked(Unit(frame, b"\n".join(data), head, tail, self._end + b"data: "))

    def _marked(self, unit: Unit) -> Unit:
        return unit._replace(ends=True) if self._mark and unit.data.strip() == self._mark else unit


def _blank_line(text: bytes | bytearray, start: int, has_cr: bool) -> int:
    """Where the first one ends; -1: there is none. Where all line ends are alike it is quickly found."""
    if not has_cr:
        end = text.find(b"\n\n", start)
        return end + 2 if end >= 0 else -1
    end = text.find(_CRLF, start)
    if end >= 0 and all(text.find(other, start, end + 2) < 0 for other in _OTHERS):
        return end + 4
    match = _BLANK.search(text, start)
    return match.end() if match else -1
