"""Reads the answers of Converse, in one piece, and of ConverseStream."""

import re
from collections.abc import Mapping
from typing import Any

from tollway.model import Report
from tollway.wire.bedrock_error import error_type
from tollway.wire.bedrock_headers import served, speed
from tollway.wire.bedrock_usage import usage_of
from tollway.wire.counts import part, text
from tollway.wire.delivered import Delivered
from tollway.wire.event_stream import FrameStream
from tollway.wire.openai_answer import parsed
from tollway.wire.strings import strings
from tollway.wire.whole_json import WholeJson

# Of a delta: texts, thoughts, tool inputs. Quotes inside a string are escaped, so no text has a key.
_WRITTEN = re.compile(rb'"(?:text|input)"\s*+:\s*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"')


class ConverseStream:
    """Reads a stream. Its deltas are not parsed, and what they used comes last, as `metadata`."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers
        self._frames = FrameStream()
        self._delivered = Delivered()
        self._metadata: Mapping[str, Any] = {}
        self._complete = False
        self._error: str | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        for kind, name, payload in self._frames.feed(data):
            if kind != "event":
                self._error = name[:64] or "error"
            elif name == "contentBlockDelta":
                for written in _WRITTEN.findall(payload):
                    self._delivered.add(written)
            elif name == "metadata":
                self._metadata, self._complete = parsed(payload), True

    def report(self) -> Report:
        """What is known so far."""
        error = self._error or ("broken" if self._frames.broken else None)
        return _report(self._metadata, self._headers, self._complete, error)

    def delivered(self) -> bytes:
        """Texts, thoughts and tool inputs so far."""
        return self._delivered.text()


class ConverseWhole:
    """Reads an answer in one piece, or an error."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers
        self._body = WholeJson(
            ("usage", "serviceTier", "performanceConfig", "trace", "output", "message", "__type")
        )

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._body.feed(data)

    def report(self) -> Report:
        """What is known so far."""
        body = self._body.object()
        return _report(body, self._headers, self._body.complete(), error_type(self._headers, body))

    def delivered(self) -> bytes:
        """Texts, thoughts and tool inputs."""
        return "".join(strings(self._body.object().get("output"))).encode("utf-8", "replace")


def _report(body: Mapping[str, Any], headers: Mapping[str, str], complete: bool, error: str | None) -> Report:
    report = Report(
        usage=usage_of(part(body, "usage")),
        model=text(part(part(body, "trace"), "promptRouter"), "invokedModelId"),
        tier=text(part(body, "serviceTier"), "type"),
        speed=speed(text(part(body, "performanceConfig"), "latency")),
        complete=complete,
        error=error,
    )
    return served(report, headers)
