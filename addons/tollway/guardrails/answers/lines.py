"""Lines of JSON, cut without losing a byte."""

from tollway.guardrails.answers.json_message import dumped
from tollway.guardrails.answers.said import Message
from tollway.guardrails.answers.unit import LIMIT, Unit


class Lines:
    """Cuts one body."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._held = bytearray()  # the line that is not finished

    def feed(self, chunk: bytes) -> list[Unit]:
        """The lines that the next bytes finish."""
        first, *others = chunk.split(b"\n")
        self._held += first
        found = list[Unit]()
        for piece in others:
            found.append(_unit(bytes(self._held) + b"\n"))
            self._held[:] = piece
        if len(self._held) > self._limit:
            found.append(Unit(bytes(self._held)))
            self._held.clear()
        return found

    def rest(self) -> Unit:
        """A line without its end."""
        unit = _unit(bytes(self._held))
        return unit._replace(tail=unit.tail + b"\n")

    def write(self, message: Message) -> bytes:
        """A line."""
        return dumped(message) + b"\n"

    def close(self) -> bytes:
        """Nothing."""
        return b""


def _unit(line: bytes) -> Unit:
    data = line.strip()
    start = line.find(data)
    return Unit(line, data, line[:start], line[start + len(data) :])
