"""The chunk of usage that a client did not ask for, cut out of a Chat stream that is relayed at once."""

import re

import orjson

_LONGEST = 16 * 1024
"""Bytes of a line that may wait; the chunk looked for has a tenth of them."""

_NO_CHOICES = re.compile(rb'choices"\s*+:\s*+\[\s*+\]')
_CHOICES = re.compile(rb'choices"\s*+:\s*+\[\s*+[^\]\s]')
_OBJECT = re.compile(rb"data:[ \t]*+(?:\{|\Z)")
_LINE = re.compile(rb"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_BLANK_LINE = re.compile(rb"(?:\A|\n|\r(?!\n))(?:\r\n|\r|\n)\Z|\A\Z")
_CR, _LF = b"\r\n"


class UsageChunk:
    """Relays a stream byte for byte, but for chunks that have usage and no choices.

    All is passed on at once, except a line that is not finished and may turn out to be such a chunk: it
    waits until that is decided.
    """

    def __init__(self) -> None:
        self._held = b""  # a line that is not finished, from its start
        self._inside = False  # of a line whose start was passed on
        self._tail = b""  # the last bytes passed on: they tell whether an event is open
        self._ends = 0  # line ends still to drop behind a chunk: its own, and its blank line
        self._after_cr = False  # the last one dropped was a carriage return; a line feed is its second half

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes of the stream and return those to pass on now."""
        at = self._behind_ends(data, 0) if self._ends or self._after_cr else 0
        if self._held:
            data, self._held, at = self._held + data[at:], b"", 0
        passed = b""
        while (match := _NO_CHOICES.search(data, at)) is not None:
            start, end = _line(data, at, match.start())
            if data[end - 1] not in (_CR, _LF):
                break
            self._inside = self._inside and start == at
            content = data[start:end].rstrip(b"\r\n")
            if not self._inside and _is_usage_alone(content):
                passed += self._passed(data[at:start])
                self._ends = 2 if _BLANK_LINE.search(self._tail) else 1
                at = self._behind_ends(data, start + len(content))
            else:
                self._inside = False
                passed += self._passed(data[at:end])
                at = end
        return passed + self._passed(self._but_for_last_line(data[at:] if at else data))

    def flush(self) -> bytes:
        """What is still held, when the stream ends."""
        held, self._held = self._held, b""
        return b"" if _is_usage_alone(held) else held

    def _but_for_last_line(self, data: bytes) -> bytes:
        """The bytes without an unfinished last line, if that has to wait: no other can be the chunk."""
        start = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        self._inside = self._inside and not start
        if self._inside or start == len(data):
            return data
        return data[:start] + self._unless_waiting(data[start:])

    def _passed(self, data: bytes) -> bytes:
        self._tail = data[-4:] if len(data) > 3 else (self._tail + data)[-4:]
        return data

    def _unless_waiting(self, line: bytes) -> bytes:
        """An unfinished line, from its start, unless it may be the chunk and waits."""
        if _may_be_usage_alone(line):
            self._held = line
            return b""
        self._inside = True
        return line

    def _behind_ends(self, data: bytes, at: int) -> int:
        """Behind the line ends that are still to drop; what is no line end ends that."""
        while at < len(data):
            if self._after_cr and data[at] == _LF:
                self._after_cr = False
            elif self._ends and data[at] in (_CR, _LF):
                self._ends -= 1
                self._after_cr = data[at] == _CR
            else:
                self._ends, self._after_cr = 0, False
                break
            at += 1
        return at


def _line(data: bytes, least: int, at: int) -> tuple[int, int]:
    """Where the line around `at` starts, in here or at `least`, and ends, its line end included."""
    start = max(data.rfind(b"\n", least, at), data.rfind(b"\r", least, at), least - 1) + 1
    match = _LINE.match(data, at)
    assert match is not None  # it matches nothing, too
    return start, match.end()


def _may_be_usage_alone(line: bytes) -> bool:
    """Whether this start of a line can be that of the chunk."""
    if len(line) < 6:
        return b"data: ".startswith(line)
    return len(line) <= _LONGEST and _OBJECT.match(line) is not None and _CHOICES.search(line) is None


def _is_usage_alone(line: bytes) -> bool:
    if not line.startswith(b"data:") or _NO_CHOICES.search(line) is None:
        return False
    try:
        chunk = orjson.loads(line[5:])
    except orjson.JSONDecodeError:
        return False
    return isinstance(chunk, dict) and chunk.get("choices") == [] and isinstance(chunk.get("usage"), dict)
