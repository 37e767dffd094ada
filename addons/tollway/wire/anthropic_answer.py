"""Reads the answers of Anthropic's Messages: the stream of events, and the message in one piece."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from tollway.model import Report
from tollway.wire import copilot_usage
from tollway.wire.anthropic_usage import billed
from tollway.wire.counts import count, part, text
from tollway.wire.delivered import Delivered
from tollway.wire.openai_usage import cost_nano
from tollway.wire.sse import EventStream
from tollway.wire.strings import strings
from tollway.wire.whole_json import WholeJson

# Of a delta: what the model wrote, told by its key. Quotes inside a string are escaped, so no text has one.
_WRITTEN = re.compile(rb'"(?:text|thinking|partial_json)"\s*+:\s*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"')
_DELTA = b"content_block_delta"
_TELLING = frozenset({b"", b"message_start", b"message_delta", b"message_stop", b"error"})


class MessageStream:
    """Reads a stream. Its deltas are not parsed: the name of the event tells them."""

    def __init__(self) -> None:
        self._events = EventStream()
        self._delivered = Delivered()
        self._usage: dict[str, Any] = {}
        self._model: str | None = None
        self._id: str | None = None
        self._error: str | None = None
        self._billed: int | None = None  # by Copilot, which says so beside the usage
        self._counted = False  # the output's count has come, not only the placeholder that a start has
        self._complete = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        for name, event in self._events.feed(data):
            if name == _DELTA or (not name and event.find(_DELTA, 0, 40) > 0):
                if written := _WRITTEN.search(event):
                    self._delivered.add(written[1])
            elif name in _TELLING:
                self._take(event)

    def report(self) -> Report:
        """What is known so far. Of an answer that was cut off, the output is not: its start only guesses."""
        if not self._complete and (last := self._events.rest()) is not None:
            self._take(last[1])
        usage = dict(self._usage)
        if not self._counted:
            usage.pop("output_tokens", None)
        return _report(usage, self._model, self._id, self._complete, self._error, self._billed)

    def delivered(self) -> bytes:
        """Texts, thoughts and tool inputs so far."""
        return self._delivered.text()

    def _take(self, data: bytes) -> None:
        event = _parsed(data)
        kind = event.get("type")
        if "copilot_usage" in event:
            self._billed = copilot_usage.cost_nano(event)
        if kind == "message_start":
            message = part(event, "message")
            self._model, self._id = text(message, "model"), text(message, "id")
            self._merge(part(message, "usage"))
        elif kind == "message_delta":
            usage = part(event, "usage")
            self._merge(usage)
            self._counted |= count(usage.get("output_tokens")) is not None
            self._complete |= text(part(event, "delta"), "stop_reason") is not None
        elif kind == "message_stop":
            self._complete = True
        elif kind == "error":
            self._error = text(part(event, "error"), "type", 64) or "error"

    def _merge(self, usage: Mapping[str, Any]) -> None:
        """Counts are cumulative: the later one holds, zeros too; what is null or no count changes nothing."""
        for key, value in usage.items():
            if value is not None and not (key.endswith("_tokens") and count(value) is None):
                self._usage[key] = value


class MessageWhole:
    """Reads an answer in one piece: a message, or an error."""

    def __init__(self) -> None:
        self._body = WholeJson(("id", "model", "usage", "copilot_usage", "content", "error"))

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._body.feed(data)

    def report(self) -> Report:
        """What is known so far."""
        body = self._body.object()
        error = (text(part(body, "error"), "type", 64) or "error") if body.get("error") else None
        model, id = text(body, "model"), text(body, "id")
        billed_nano = copilot_usage.cost_nano(body)
        return _report(part(body, "usage"), model, id, self._body.complete(), error, billed_nano)

    def delivered(self) -> bytes:
        """Texts, thoughts and tool inputs."""
        return "".join(strings(self._body.object().get("content"))).encode("utf-8", "replace")


def _report(
    usage: Mapping[str, Any],
    model: str | None,
    id: str | None,
    complete: bool,
    error: str | None,
    billed_nano: int | None,
) -> Report:
    used, portions = billed(usage, model)
    geo = text(usage, "inference_geo")
    return Report(
        usage=used,
        portions=portions,
        model=model,
        tier=text(usage, "service_tier"),
        speed=text(usage, "speed"),
        geo=None if geo == "not_available" else geo,
        cost_nano=None if not complete else cost_nano(usage) if billed_nano is None else billed_nano,
        id=id,
        complete=complete,
        error=error,
    )


def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
