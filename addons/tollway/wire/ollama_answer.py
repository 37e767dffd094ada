"""Reads the answers of Ollama's chat and generate: lines of JSON, or the object in one piece."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from msgspec.structs import replace

from tollway.model import Report, Usage
from tollway.wire.counts import first, text
from tollway.wire.delivered import Delivered
from tollway.wire.ndjson import Lines
from tollway.wire.strings import strings

WANTED = ("model", "prompt_eval_count", "eval_count", "error", "message", "response", "thinking")
"""The members of an answer that are read."""

# What the model wrote, told by its key: quotes inside a string are escaped, so no text has a key in it.
_WRITTEN = re.compile(rb'"(?:content|thinking|response)"\s*+:\s*+"((?:[^"\\]|\\.)[^"\\]*+(?:\\.[^"\\]*+)*+)"')
_TELLING = re.compile(rb'"done"\s*+:\s*+true|"(?:tool_calls|error)"\s*+:')


class ChatLines:
    """Reads a stream. Lines that only carry text are not parsed: the last one has the counts."""

    def __init__(self) -> None:
        self._lines = Lines()
        self._delivered = Delivered()
        self._report = Report()

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        for line in self._lines.feed(data):
            for written in _WRITTEN.findall(line):
                self._delivered.add(written)
            if self._report.model is None or _TELLING.search(line):
                self._take(line)

    def report(self) -> Report:
        """What is known so far; a last line counts though no line feed has ended it."""
        return self._after(_parsed(self._lines.rest()))

    def delivered(self) -> bytes:
        """Texts, thoughts and the arguments of calls so far."""
        return self._delivered.text()

    def _take(self, line: bytes) -> None:
        message = _parsed(line)
        self._report = self._after(message)
        for call in calls(message):
            self._delivered.add(orjson.dumps(call)[1:-1])

    def _after(self, message: Mapping[str, Any]) -> Report:
        """The report once this line is read."""
        told = tell(message)
        ends = message.get("done") is True or told.error is not None
        return replace(
            self._report,
            usage=told.usage or self._report.usage,
            model=told.model or self._report.model,
            error=told.error or self._report.error,
            complete=ends or self._report.complete,
        )


def tell(message: Mapping[str, Any]) -> Report:
    """What one object says. Ollama leaves out zeros: a prompt that was cached whole has no count."""
    used = Usage(input_tokens=first(message, "prompt_eval_count"), output_tokens=first(message, "eval_count"))
    return Report(
        usage=used if used != _NOTHING else None,
        model=text(message, "model"),
        error="error" if message.get("error") else None,
    )


_NOTHING = Usage()


def texts(message: Mapping[str, Any]) -> Iterable[object]:
    """What the model wrote, in an answer in one piece."""
    inner = message.get("message")
    written = inner if isinstance(inner, dict) else {}
    yield from (written.get("thinking"), written.get("content"), *calls(message))
    yield from (message.get("thinking"), message.get("response"))


def calls(message: Mapping[str, Any]) -> Iterable[str]:
    """The calls of tools as JSON, names and arguments; of what is nested too deep for it, the strings."""
    inner = message.get("message")
    found = inner.get("tool_calls") if isinstance(inner, dict) else None
    if found:
        yield from strings({"args": found})


def _parsed(line: bytes) -> Mapping[str, Any]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
