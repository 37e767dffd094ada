"""The body of a request over HTTP that is inside of a socket's message."""

from collections.abc import Mapping
from typing import Any

RESPONSES = "openai_responses"
"""The form of socket, and the dialect: its messages are bodies of requests, with an envelope around."""
JSON = "application/json"
_ENVELOPE = frozenset({"type", "event_id", "stream_id", "generate"})


def body(message: Mapping[str, Any], model: str | None) -> dict[str, Any]:
    """The members of the body; `model`: what is asked for, should the message not say so."""
    return {"model": model} | {key: value for key, value in message.items() if key not in _ENVELOPE}
