"""Requests that are handed in as lines of a file, read as they come by; none of them is kept."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from tollway.batches.weight import Weight, unread
from tollway.wire.duplicates import named_twice
from tollway.wire.ndjson import Lines

Weigh = Callable[[str, Mapping[str, Any]], Weight]
"""What a request comes to that is to be sent to this path, with this body. Never raises."""

LONGEST = 16 * 2**20
"""Bytes of one line; of a longer one nothing is known."""
TOO_LONG = "a line of it is too long to be read"
NO_REQUEST = "a line of it is no request"
TWICE = "a line of it names {!r} twice"


class Requests:
    """The lines of one file. What turns out to be no file of requests is given up at once."""

    def __init__(self, weigh: Weigh, longest: int = LONGEST, amid: bool = False) -> None:
        """`amid`: they are not the first of their file, which is one of requests."""
        self._weigh = weigh
        self._lines = Lines(longest)
        self._weight = Weight()
        self._amid = self._has_begun = amid
        self.is_other = False
        """It turned out to be no file of requests."""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        if not self._has_begun and (beginning := data.lstrip()):
            self._has_begun, self.is_other = True, beginning[:1] != b"{"
        if not self.is_other:
            for line in self._lines.feed(data):
                self._take(line)

    def add(self, weight: Weight) -> None:
        """Take lines that were read apart, at the end of a line."""
        if weight.requests and not self.is_other:
            self._has_begun, self._weight = True, self._weight.plus(weight)

    def weight(self) -> Weight | None:
        """What all lines come to, the last one among them; None: it is no file of requests."""
        self.feed(b"\n")
        return None if self.is_other or not self._has_lines() else self.ended

    @property
    def ended(self) -> Weight:
        """What the lines come to that have ended."""
        if self._lines.dropped:
            return self._weight.plus(unread(TOO_LONG, self._lines.dropped))
        return self._weight

    @property
    def unended(self) -> bytes | None:
        """The line that nothing has ended yet, as it came; None: it is too long."""
        return self._lines.unended

    @property
    def kept(self) -> int:
        """Bytes that are kept of it."""
        return self._lines.kept

    def _take(self, line: bytes) -> None:
        if self.is_other:
            return
        path, body = _request(line)
        if body is not None and (key := named_twice(line)) is not None:
            self._weight = self._weight.plus(unread(TWICE.format(key), 1))
        elif body is not None:
            self._weight = self._weight.plus(self._weigh(path, body))
        elif self._amid or self._has_lines():
            self._weight = self._weight.plus(unread(NO_REQUEST, 1))
        else:
            self.is_other = True

    def _has_lines(self) -> bool:
        return bool(self._weight.requests or self._lines.dropped)


def _request(line: bytes) -> tuple[str, Mapping[str, Any] | None]:
    """The path and the body of a request: `{"custom_id", "method", "url", "body"}`, Mistral's without path;
    Gemini's `{"key", "request"}`."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return "", None
    if not isinstance(value, dict):
        return "", None
    if "custom_id" in value and isinstance(value.get("body"), dict):
        url = value.get("url")
        return url if isinstance(url, str) else "", value["body"]
    request = value.get("request")
    return "", request if isinstance(request, dict) else None
