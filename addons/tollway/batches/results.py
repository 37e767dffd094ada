"""A file of results, read as it passes: a line for each request."""

import orjson

from tollway.batches.answers import answer
from tollway.batches.requests import LONGEST
from tollway.batches.sum import Sum
from tollway.wire.ndjson import Lines


class Results:
    """One file."""

    def __init__(self, api: str, sum: Sum, longest: int = LONGEST) -> None:
        self._api = api
        self._sum = sum
        self._lines = Lines(longest)
        self._odd = 0
        self._seen = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        for line in self._lines.feed(data):
            self._take(line)

    def whole(self) -> bool:
        """Once the last byte was fed: whether all of it could be read."""
        self.feed(b"\n")
        return self._seen > 0 and not (self._odd or self._lines.dropped)

    def _take(self, line: bytes) -> None:
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            value = None
        if isinstance(value, dict):
            self._seen += 1
            found = answer(self._api, value)
            self._odd += not found.is_read
            self._sum.add(found)
        else:
            self._odd += 1
