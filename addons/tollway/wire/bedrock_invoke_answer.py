"""Reads the answers of InvokeModel, whole and streamed: a model's own format, in AWS's wrapping."""

import re
from binascii import Error, a2b_base64
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report, Usage
from tollway.wire import bedrock_usage
from tollway.wire.anthropic_answer import MessageStream
from tollway.wire.anthropic_usage import usage_of
from tollway.wire.bedrock_error import error_type
from tollway.wire.bedrock_headers import header_usage, served
from tollway.wire.bedrock_models import READ, SAID, usage_in
from tollway.wire.bedrock_usage import filled
from tollway.wire.counts import part, text
from tollway.wire.delivered import Delivered
from tollway.wire.event_stream import FrameStream
from tollway.wire.openai_answer import parsed
from tollway.wire.strings import strings
from tollway.wire.whole_json import LIMIT, WholeJson

VECTORS = 64 * 1024
"""Bytes of embeddings that are parsed: what counts stands behind them, or in the headers."""

_METRICS = "amazon-bedrock-invocationMetrics"
_BYTES = re.compile(rb'"bytes"\s*+:\s*+"([^"]*+)"')
# Quotes inside a string are escaped, so no text of a model has one of these.
_CLAUDE = re.compile(rb'"type"\s*+:\s*+"(message_\w++|content_block_\w++|ping|error)"')
_TELLING = re.compile(rb'"(?:amazon-bedrock-invocationMetrics|usage)"\s*+:\s*+\{')
_WRITTEN = re.compile(
    rb'"(?:text|outputText|generation|completion|content|reasoning_content|reasoning|arguments|input)"\s*+:\s*+'
    rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)"',
    re.DOTALL,
)


class InvokeStream:
    """Reads a stream of `chunk` events, each with one event of the model's own stream in base64.

    Claude's are read as Anthropic's. The last chunk has Bedrock's own counts, whatever the model.
    """

    def __init__(self, endpoint: Endpoint, headers: Mapping[str, str]) -> None:
        self._endpoint, self._headers = endpoint, headers
        self._frames = FrameStream()
        self._claude = MessageStream()
        self._delivered = Delivered()
        self._own: Usage | None = None  # what a model's events say that Claude's reader does not read
        self._counted: Usage | None = None
        self._model: str | None = None
        self._complete = False
        self._error: str | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        for kind, name, payload in self._frames.feed(data):
            if kind != "event":
                self._error = name[:64] or "error"
            elif name == "chunk" and (event := _unwrapped(payload)):
                self._take(event)

    def report(self) -> Report:
        """What is known so far. Claude may tell what went through a cache only at its stop."""
        claude = self._claude.report()
        used = claude.usage
        if not claude.portions:
            used = filled(filled(used, self._own), self._counted)
        report = replace(
            claude,
            usage=used,
            model=claude.model or self._model,
            complete=self._complete,
            error=self._error or claude.error or ("broken" if self._frames.broken else None),
        )
        return served(_named(report, self._endpoint), self._headers)

    def delivered(self) -> bytes:
        """Texts, thoughts and tool inputs so far."""
        return self._delivered.text() or self._claude.delivered()

    def _take(self, event: bytes) -> None:
        """Read one event of the model's."""
        if (claude := _CLAUDE.search(event)) is not None:
            # Line ends stand between members only, as JSON has none in its strings.
            line = event.replace(b"\n", b" ").replace(b"\r", b" ")
            self._claude.feed(b"event: %s\ndata: %s\n\n" % (claude[1], line))
            if claude[1] == b"message_stop":
                self._count(parsed(event))
                self._complete = True
            return
        for written in _WRITTEN.findall(event):
            self._delivered.add(written)
        if _TELLING.search(event):
            self._count(parsed(event))

    def _count(self, event: Mapping[str, Any]) -> None:
        """Read what an event counts, the model's own counts and Bedrock's."""
        inner = part(event, "metadata") or event  # Nova
        usage = part(inner, "usage")
        own = usage_of(usage) if event.get("type") == "message_stop" else usage_in(inner)[0]
        self._own = filled(own, self._own)
        self._model = text(inner, "model") or self._model
        if metrics := part(event, _METRICS):
            self._counted, self._complete = bedrock_usage.usage_of(metrics), True


class InvokeWhole:
    """Reads an answer in one piece, or an error."""

    def __init__(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> None:
        self._endpoint, self._asked, self._headers = endpoint, asked, headers
        self._body = WholeJson((*READ, *SAID), VECTORS if endpoint.operation == "embeddings" else LIMIT)

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._body.feed(data)

    def report(self) -> Report:
        """What is known so far."""
        body, complete = self._body.object(), self._body.complete()
        error = error_type(self._headers, body)
        used, portions = usage_in(body)
        if not portions:
            used = filled(used, header_usage(self._headers))
        if complete and error is None and self._endpoint.operation == "images":
            used = filled(used, self._asked.billed)  # a list of images may be too long to be counted
        report = Report(
            usage=used,
            portions=portions,
            model=text(body, "model"),
            tier=text(part(body, "usage"), "service_tier") or text(body, "service_tier"),
            id=text(body, "id"),
            complete=complete,
            error=error,
        )
        return served(_named(report, self._endpoint), self._headers)

    def delivered(self) -> bytes:
        """What the model wrote."""
        body = self._body.object()
        return "".join(strings(*(body.get(name) for name in SAID))).encode("utf-8", "replace")


def _unwrapped(payload: bytes) -> bytes:
    """The model's event in a chunk; nothing if it is broken."""
    match = _BYTES.search(payload)
    try:
        return a2b_base64(match[1].replace(b"\\/", b"/")) if match else b""
    except Error:
        return b""


def _named(report: Report, endpoint: Endpoint) -> Report:
    """The report by the path's name of the model, where it has one.

    An answer has the model's name without the region that it is bought in, on which its price depends.
    """
    if not is_named(endpoint.model or ""):
        return report
    own = report.model
    portions = tuple(replace(p, model=None) if p.model == own else p for p in report.portions)
    return replace(report, model=None, portions=portions)


def is_named(model: str) -> bool:
    """Whether an id or ARN names a model: application profiles, routers and what was provisioned do not."""
    return "." in model.rpartition("/")[2] and "prompt-router/" not in model
