"""Errors of a Chat host, as Anthropic would say them."""

from collections.abc import Mapping
from typing import Any

import orjson

from tollway.wire.anthropic_messages import AnthropicMessages
from tollway.wire.counts import part, text
from tollway.wire.openai_answer import error_type, parsed

LONGEST = 64 * 1024
"""Bytes of an error that are read."""
BAD_GATEWAY = 502
UNTRANSLATABLE = "the provider's answer is not what its format has: {}"
_TOO_LONG = frozenset({"context_length_exceeded", "context_length_exceed", "string_above_max_length"})
_PROMPT_TOO_LONG = "prompt is too long: "
"""How Anthropic says that, which programs look for to shorten a conversation."""
_STATUSES: Mapping[str, int] = {
    "invalid_request_error": 400, "authentication_error": 401, "invalid_api_key": 401,
    "insufficient_quota": 429, "permission_error": 403, "model_not_found": 404, "rate_limit_error": 429,
    "rate_limit_exceeded": 429, "tokens": 429, "requests": 429, "overloaded": 529, "overloaded_error": 529,
    "engine_overloaded": 529, "service_unavailable": 529, "timeout": 504,
}  # fmt: skip
"""What a type or a code would have been the status of: an error amid a stream has none."""

_SAYS = AnthropicMessages().error


class ErrorBody:
    """Translates an error in one piece."""

    def __init__(self, status: int) -> None:
        self._status = status
        self._held = bytearray()

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes."""
        self._held += data[: max(0, LONGEST - len(self._held))]
        return b""

    def flush(self) -> bytes:
        """The error."""
        body = bytes(self._held)
        message = parsed(body)
        said = message_of(message) or ("" if message else body[:512].decode("utf-8", "replace").strip())
        return error(self._status, said or f"the provider answered {self._status}", _code(message))


def error(status: int, said: str, code: str | None) -> bytes:
    """The error's body."""
    if code in _TOO_LONG and not said.startswith(_PROMPT_TOO_LONG):
        said = _PROMPT_TOO_LONG + said
    return _SAYS(status, said, code or "error")


def error_within(message: Mapping[str, Any]) -> bytes:
    """The body of an error that came in the place of an answer, or amid one."""
    status = _status(message, error_type(message))
    return error(status, message_of(message) or "the provider failed", _code(message))


def untranslatable(why: str) -> bytes:
    """The body of the error where an answer is not what its format has."""
    return error(BAD_GATEWAY, UNTRANSLATABLE.format(why), "untranslatable")


def is_error(body: bytes) -> bool:
    """Whether a body of ours is that of an error."""
    return body.startswith(b'{"type":"error"')


def message_of(message: Mapping[str, Any]) -> str | None:
    """The text of the error that a message is or carries."""
    found = message.get("error") or message
    if isinstance(found, str):
        return found[:LONGEST] or None
    if not isinstance(found, dict):
        return None
    detail = found.get("detail")
    return text(found, "message", LONGEST) or (orjson.dumps(detail).decode() if detail else None)


def _code(message: Mapping[str, Any]) -> str | None:
    """What is wrong, in a word: OpenAI's code is that, and its type only says whose fault it is."""
    return text(part(message, "error"), "code") or error_type(message)


def _status(message: Mapping[str, Any], kind: str | None) -> int:
    code = part(message, "error").get("code")
    if type(code) is int and 400 <= code < 600:
        return code
    return _STATUSES.get(str(code), _STATUSES.get(kind or "", 500))
