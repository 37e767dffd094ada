"""OpenAI's Responses, which Codex speaks."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Portion, Report
from tollway.wire import openai_request as request
from tollway.wire.counts import first, part, text
from tollway.wire.delivered import Delivered
from tollway.wire.dialect import Reader
from tollway.wire.openai_answer import Answer, Whole, parsed, told
from tollway.wire.openai_error import error
from tollway.wire.openai_usage import summed, usage_of
from tollway.wire.sse import EventStream
from tollway.wire.strings import strings

_TYPE = re.compile(rb'"type"\s*+:\s*+"(response\.[\w.]++|error)"')
_DELTA = re.compile(rb'"delta"\s*+:\s*+"([^"\\]*+(?:\\.[^"\\]*+)*+)"', re.DOTALL)
_SOUND = b"response.audio.delta"
_TERMINAL = frozenset({"response.completed", "response.incomplete", "response.failed"})
_TELLING = frozenset({b"response.created", b"error", *(t.encode() for t in _TERMINAL)})

_IMAGE_MODEL = "gpt-image-2.6-sunburst"
"""What draws where the request names no image model (OpenAI SDK 3.54)."""


class OpenAIResponses:
    """The dialect."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for; its answers always report usage."""
        return Asked(
            model=request.model(endpoint, body),
            stream=request.streams(endpoint, body),
            max_output_tokens=request.max_output(body),
            tier=text(body, "service_tier"),
            session=request.session(body),
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """Instructions, tools, the input and the format asked for; not what the provider has stored."""
        return strings(*(body.get(name) for name in ("instructions", "tools", "input", "text")))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for a stream or an object, whichever comes."""
        return Answer(ResponseStream, lambda: Whole(responded, "output"))

    def error(self, status: int, message: str, code: str) -> bytes:
        """OpenAI's shape."""
        return error(status, message, code)


class ResponseStream:
    """Reads a stream. Its deltas are not parsed: the name of the event tells them."""

    def __init__(self) -> None:
        self._events = EventStream()
        self._delivered = Delivered()
        self._report = Report()

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        for name, event in self._events.feed(data):
            if not name.startswith(b"response."):
                name = _type(event)
            if name.endswith(b".delta"):
                if name != _SOUND and (written := _DELTA.search(event)):
                    self._delivered.add(written[1])
            elif name in _TELLING:
                self._report = self._after(event)

    def report(self) -> Report:
        """What is known so far; a last event counts though no blank line has closed it."""
        rest = self._events.rest()
        return self._report if rest is None else self._after(rest[1])

    def delivered(self) -> bytes:
        """Texts, thoughts and the arguments of calls so far."""
        return self._delivered.text()

    def _after(self, data: bytes) -> Report:
        """The report once this event is read: only the last one has the usage."""
        event = parsed(data)
        kind = text(event, "type")
        if kind == "error":
            return replace(told(self._report, event, None, {}), complete=True)
        if kind == "response.created":
            return responded(self._report, part(event, "response"))
        if kind in _TERMINAL:
            billed = {"copilot_usage": event["copilot_usage"]} if "copilot_usage" in event else {}
            return replace(responded(self._report, {**part(event, "response"), **billed}), complete=True)
        return self._report


def _type(event: bytes) -> bytes:
    """The type of an event that was sent without its name; types of what is inside begin otherwise."""
    found = _TYPE.search(event)
    return found[1] if found else b""


def responded(report: Report, response: Mapping[str, Any]) -> Report:
    """The model's own usage, and that of the tools which the provider ran."""
    usage, tools = part(response, "usage"), part(response, "tool_usage")
    used, drawn = usage_of(usage), usage_of(part(tools, "image_gen"))
    if used is not None:
        searched, called = _searches(response), _calls(response, "file_search_call")
        used = replace(
            used,
            web_searches=used.web_searches if searched is None else searched,
            tool_calls=used.tool_calls if called is None else called,
        )
    report = told(report, response, used, usage)
    if text(response, "status") == "failed":
        report = replace(report, failed=True)
    if used is None or drawn is None or not any(drawn.known().values()):
        return report
    portions = (Portion(model=report.model, usage=used), Portion(model=_image_model(response), usage=drawn))
    return replace(report, portions=portions, usage=summed([used, drawn]))


def _searches(response: Mapping[str, Any]) -> int | None:
    """Billed web searches; where the provider does not count them, those in the output."""
    counted = first(part(part(response, "tool_usage"), "web_search"), "num_requests")
    return _calls(response, "web_search_call") if counted is None else counted


def _calls(response: Mapping[str, Any], kind: str) -> int | None:
    """Calls of this kind in the output, None for none; pages that were only opened cost nothing."""
    output = response.get("output")
    items = output if isinstance(output, list) else ()
    calls = [i for i in items if isinstance(i, dict) and i.get("type") == kind]
    return sum(part(c, "action").get("type", "search") == "search" for c in calls) or None


def _image_model(response: Mapping[str, Any]) -> str:
    tools = response.get("tools")
    for tool in tools if isinstance(tools, list) else ():
        if isinstance(tool, dict) and tool.get("type") == "image_generation":
            return text(tool, "model") or _IMAGE_MODEL
    return _IMAGE_MODEL
