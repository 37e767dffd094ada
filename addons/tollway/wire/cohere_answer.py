"""Reads the answers of Cohere's chat and generate, of both versions: events, lines, or an object."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from tollway.model import Report
from tollway.wire.cohere_usage import usage_of
from tollway.wire.counts import part, text
from tollway.wire.typed_stream import types

WANTED = (
    "id", "response_id", "generation_id", "finish_reason", "usage", "meta",
    "message", "text", "tool_calls", "generations",
)  # fmt: skip
"""The members of an answer that are read."""

TYPES = types(
    "(?:event_)?type",
    deltas="content-delta tool-plan-delta tool-call-delta text-generation tool-calls-chunk",
    written="text thinking tool_plan arguments parameters",
    telling="message-start message-end stream-start stream-end stream-error",
)
"""What a message of a stream is: the second version says `type`, the first `event_type`."""

_ENDS = frozenset({"message-end", "stream-end", "stream-error"})
_FAILED = frozenset({"ERROR", "ERROR_TOXIC", "ERROR_LIMIT", "TIMEOUT"})


def stream_told(report: Report, message: Mapping[str, Any]) -> Report:
    """What is known once this message of a stream was read: its last one has the usage."""
    kind = text(message, "type") or text(message, "event_type")
    told = replace(
        report,
        id=text(message, "id") or text(message, "generation_id") or report.id,
        error=_error(message) or report.error,
    )
    if kind is None or kind in _ENDS:
        told = _with_end(told, part(message, "delta") or part(message, "response") or message)
    return replace(told, complete=told.complete or kind in _ENDS or told.error is not None)


def told(answer: Mapping[str, Any]) -> Report:
    """What an answer in one piece says."""
    return _with_end(Report(error=_error(answer)), answer)


def texts(answer: Mapping[str, Any]) -> Iterable[object]:
    """What the model wrote, in an answer in one piece: citations and search results are none of it."""
    message = part(answer, "message")
    for source in (message, answer):
        yield from (source.get(name) for name in ("tool_plan", "content", "text", "tool_calls"))
    yield answer.get("generations")


def _with_end(report: Report, end: Mapping[str, Any]) -> Report:
    used = usage_of(part(end, "usage") or part(end, "meta"), searches=True)
    reason = text(end, "finish_reason", 64)
    return replace(
        report,
        usage=used or report.usage,
        id=text(end, "id") or text(end, "response_id") or text(end, "generation_id") or report.id,
        error=reason.lower()
        if reason in _FAILED
        else report.error or ("error" if end.get("error") else None),
    )


def _error(message: Mapping[str, Any]) -> str | None:
    """An error is a message that is a text: an answer's is an object."""
    return "error" if text(message, "message") or text(message, "err") else None
