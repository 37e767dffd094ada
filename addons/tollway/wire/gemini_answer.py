"""Reads the answers of Gemini's generateContent in its three framings: events, a JSON array, one object.

Each framing may be wrapped as Code Assist does: `{"response": {...}, "traceId": ...}`.
"""

import re
from collections.abc import Iterator, Mapping
from copy import copy
from itertools import islice
from typing import Any

import orjson

from tollway.model import Report
from tollway.wire.counts import part, text
from tollway.wire.delivered import Delivered
from tollway.wire.framing import Framing
from tollway.wire.gemini_usage import tier_of, usage_of
from tollway.wire.strings import strings
from tollway.wire.whole_json import WholeJson

# Quotes inside a string are escaped, so no text of a model has one of these.
_TEXT = re.compile(rb'"text"\s*+:\s*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"')
_COUNTS = b'TokenCount"'
_RARE = re.compile(rb'"(?:functionCall|groundingChunks|webSearchQueries|executableCode|blockReason|error)"')
_END = b'"finishReason"'
_SEARCHES = 1000  # of one answer that are told apart


class ChunkStream:
    """Reads a stream. Each chunk has the usage so far; only the last one's is parsed, at the end."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._delivered = Delivered()
        self._counted = b""  # the last chunk that counts tokens: some only tell the traffic type
        self._last = b""
        self._queries: set[int] = set()  # by their hashes: what was searched for is nobody's business
        self._error: str | None = None
        self._complete = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        for chunk in self._framing.feed(data):
            self._take(chunk)

    def report(self) -> Report:
        """What is known so far; a last chunk counts though nothing has closed it."""
        rest = self._framing.rest()
        known = self._after(rest) if rest and _parsed(rest) else self
        last = _inner(_parsed(known._counted or known._last))
        return _report(last, len(known._queries), known._complete, known._error)

    def delivered(self) -> bytes:
        """Texts, thoughts, code and the arguments of function calls so far."""
        return self._delivered.text()

    def _after(self, chunk: bytes) -> "ChunkStream":
        """As this reader would be if the chunk were whole: more may yet come of it."""
        after = copy(self)
        after._delivered, after._queries = Delivered(), set(self._queries)
        after._take(chunk)
        return after

    def _take(self, chunk: bytes) -> None:
        self._note(chunk)
        if _RARE.search(chunk):
            self._look(chunk)
        else:
            for written in _TEXT.findall(chunk):
                self._delivered.add(written)

    def _note(self, chunk: bytes) -> None:
        self._last = chunk
        if _COUNTS in chunk:
            self._counted = chunk
        if _END in chunk:
            self._complete = True

    def _look(self, chunk: bytes) -> None:
        """Parse a chunk that has more than text."""
        body = _inner(_parsed(chunk))
        self._queries.update(islice(map(hash, _queries(body)), _SEARCHES - len(self._queries)))
        if (error := _error_of(body)) is not None:
            self._error = error
            self._complete |= not body.get("error")  # to block a prompt is an answer
        for written in strings(*_parts(body)):
            self._delivered.add(orjson.dumps(written)[1:-1])


class AnswerWhole:
    """Reads an answer in one piece, or an error."""

    def __init__(self) -> None:
        self._body = WholeJson(
            (
                "usageMetadata",
                "modelVersion",
                "responseId",
                "candidates",
                "promptFeedback",
                "error",
                "response",
            )
        )

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._body.feed(data)

    def report(self) -> Report:
        """What is known so far."""
        body = _inner(self._body.object())
        return _report(body, len(set(_queries(body))), self._body.complete(), _error_of(body))

    def delivered(self) -> bytes:
        """Texts, thoughts, code and the arguments of function calls."""
        return "".join(strings(*_parts(_inner(self._body.object())))).encode("utf-8", "replace")


def _report(body: Mapping[str, Any], searches: int, complete: bool, error: str | None) -> Report:
    metadata = part(body, "usageMetadata")
    return Report(
        usage=usage_of(metadata, searches or None),
        model=text(body, "modelVersion"),
        tier=tier_of(metadata),
        id=text(body, "responseId"),
        complete=complete,
        error=error,
    )


def _error_of(body: Mapping[str, Any]) -> str | None:
    """The type of an error: Google's status, or why the prompt was blocked."""
    if body.get("error"):
        return text(part(body, "error"), "status", 64) or "error"
    reason = part(body, "promptFeedback").get("blockReason")
    return f"blocked: {str(reason)[:40]}" if isinstance(reason, (str, int)) and reason else None


def _candidates(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    candidates = body.get("candidates")
    yield from (c for c in (candidates if isinstance(candidates, list) else ()) if isinstance(c, dict))


def _parts(body: Mapping[str, Any]) -> Iterator[object]:
    yield from (part(candidate, "content").get("parts") for candidate in _candidates(body))


def _queries(body: Mapping[str, Any]) -> Iterator[str]:
    """The web searches that ground the answer; an empty one was none."""
    for candidate in _candidates(body):
        queries = part(candidate, "groundingMetadata").get("webSearchQueries")
        yield from (q for q in (queries if isinstance(queries, list) else ()) if isinstance(q, str) and q)


def _inner(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer in Code Assist's wrapper, if it is in one."""
    response = body.get("response")
    return response if isinstance(response, dict) else body


def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
