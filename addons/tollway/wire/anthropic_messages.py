"""Anthropic's Messages, which Claude on Vertex and many other providers speak, too."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from tollway.model import Asked, Endpoint
from tollway.wire.anthropic_answer import MessageStream, MessageWhole
from tollway.wire.counts import count, part, text
from tollway.wire.dialect import Reader
from tollway.wire.session import account_of, session_of
from tollway.wire.strings import strings

_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class AnthropicMessages:
    """The dialect."""

    def read_request(self, endpoint: Endpoint, body: Mapping[str, Any]) -> Asked:
        """What the request asks for; on Vertex the path names the model, and may decide on the stream."""
        stream = body.get("stream") is True if endpoint.stream is None else endpoint.stream
        user_id = part(body, "metadata").get("user_id")
        return Asked(
            model=endpoint.model or text(body, "model"),
            stream=stream,
            max_output_tokens=count(body.get("max_tokens")),
            tier=text(body, "service_tier"),
            session=session_of(user_id),
            account=account_of(user_id),
        )

    def texts(self, body: Mapping[str, Any]) -> Iterable[str]:
        """System prompt, tools and messages."""
        return strings(body.get("system"), body.get("tools"), body.get("messages"))

    def reader(self, endpoint: Endpoint, asked: Asked, headers: Mapping[str, str]) -> Reader:
        """The stream's reader where the answer says it is one; a refused stream is JSON."""
        content_type = headers.get("content-type", "").lower()
        if "json" in content_type or ("event-stream" not in content_type and not asked.stream):
            return MessageWhole()
        return MessageStream()

    def error(self, status: int, message: str, code: str) -> bytes:
        """`{"type": "error", "error": {"type": ..., "message": ...}}`, as Anthropic's SDKs raise it."""
        kind = _ERRORS.get(status, "invalid_request_error" if status < 500 else "api_error")
        return orjson.dumps({"type": "error", "error": {"type": kind, "message": message, "code": code}})
