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

    def __init__(self, weigh: Weigh, longest: int = LONGEST) -> None:
        self._weigh = weigh
        self._lines = Lines(longest)
        self._weight = Weight()
        self._has_begun = self._is_other = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        if not self._has_begun and (beginning := data.lstrip()):
            self._has_begun, self._is_other = True, beginning[:1] != b"{"
        if not self._is_other:
            for line in self._lines.feed(data):
                self._take(line)

    def weight(self) -> Weight | None:
        """What all lines come to, the last one among them; None: it is no file of requests."""
        self.feed(b"\n")
        if self._is_other or not (self._weight.requests or self._lines.dropped):
            return None
        if self._lines.dropped:
            return self._weight.plus(unread(TOO_LONG, self._lines.dropped))
        return self._weight

    def _take(self, line: bytes) -> None:
        if self._is_other:
            return
        path, body = _request(line)
        if body is not None and (key := named_twice(line)) is not None:
            self._weight = self._weight.plus(unread(TWICE.format(key), 1))
        elif body is not None:
            self._weight = self._weight.plus(self._weigh(path, body))
        elif self._weight.requests or self._lines.dropped:
            self._weight = self._weight.plus(unread(NO_REQUEST, 1))
        else:
            self._is_other = True


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
