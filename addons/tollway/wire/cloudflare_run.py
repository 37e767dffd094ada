"""Cloudflare's Workers AI by its own path, `/ai/run/{model}`: OpenAI's usage, in a wrapper."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import orjson
from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Report
from tollway.wire.counts import part
from tollway.wire.dialect import Reader
from tollway.wire.object_answer import ObjectAnswer
from tollway.wire.openai_answer import Answer, told
from tollway.wire.openai_chat import ChatStream, OpenAIChat
from tollway.wire.openai_usage import usage_of


class CloudflareRun(OpenAIChat):
    """The dialect. The path has the model; a stream always reports its usage."""

    reads: ClassVar[tuple[str, ...]] = ("messages", "prompt", "input", "text", "tools", "response_format")

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for."""
        return replace(super().read_request(endpoint, body), reports_usage=True)

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """A reader for a stream or an object, whichever comes."""
        return Answer(lambda: ChatStream(_told), lambda: ObjectAnswer(_whole, ("result", "errors"), _written))

    def error(self, status: int, message: str, code: str) -> bytes:
        """`{"success": false, "errors": [...]}`, as Cloudflare's SDKs raise it."""
        errors = [{"code": status, "message": message, "type": code}]
        return orjson.dumps({"result": None, "success": False, "errors": errors, "messages": []})


def _told(report: Report, message: Mapping[str, Any]) -> Report:
    usage = part(message, "usage")
    return told(report, message, usage_of(usage), usage)


def _whole(answer: Mapping[str, Any]) -> Report:
    report = _told(Report(), part(answer, "result"))
    return replace(report, error="error") if answer.get("errors") else report


def _written(answer: Mapping[str, Any]) -> Iterable[object]:
    result = part(answer, "result")
    return (result.get(name) for name in ("response", "choices", "output", "text", "tool_calls"))
