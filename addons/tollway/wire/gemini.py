"""Gemini's generateContent and streamGenerateContent: the Gemini API, Vertex, and Code Assist."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from tollway.model import Asked, Endpoint
from tollway.wire.counts import first, part, text
from tollway.wire.dialect import Reader
from tollway.wire.framing import Elements, Events
from tollway.wire.gemini_answer import AnswerWhole, ChunkStream
from tollway.wire.session import plain
from tollway.wire.strings import strings

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class Gemini:
    """The dialect."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for: the path has the model and the stream, Code Assist's body the model."""
        inner = _inner(body)
        config = _member(inner, "generationConfig", "generation_config")
        model = endpoint.model or text(body, "model")
        return Asked(
            model=model.removeprefix("models/") if model else None,
            stream=bool(endpoint.stream),
            max_output_tokens=first(config, "maxOutputTokens", "max_output_tokens"),
            tier=text(inner, "serviceTier") or text(inner, "service_tier"),
            session=plain(inner.get("session_id")),
            account=plain(body.get("project")) if inner is not body else None,
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """System instruction, tools and contents."""
        inner = _inner(body)
        system = inner.get("systemInstruction", inner.get("system_instruction"))
        return strings(system, inner.get("tools"), inner.get("contents"))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """By the answer's own word: events; else an array where a stream was asked for, or one object."""
        if "event-stream" in headers.get("content-type", "").lower():
            return ChunkStream(Events())
        return ChunkStream(Elements()) if asked.stream else AnswerWhole()

    def error(self, status: int, message: str, code: str) -> bytes:
        """`{"error": {"code": ..., "message": ..., "status": ...}}`, as Google's SDKs raise it."""
        return google_error(status, message, code)


def google_error(status: int, message: str, code: str) -> bytes:
    """An error of ours in the shape of google.rpc.Status."""
    name = _STATUS.get(status, "FAILED_PRECONDITION" if status < 500 else "INTERNAL")
    reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": code, "domain": "tollway"}
    return orjson.dumps({"error": {"code": status, "message": message, "status": name, "details": [reason]}})


def _inner(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request in Code Assist's wrapper, if it is in one."""
    request = body.get("request")
    return request if isinstance(request, dict) else body


def _member(source: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """The first of these members that is an object and not empty: Google reads either spelling."""
    return next((found for key in keys if (found := part(source, key))), {})
