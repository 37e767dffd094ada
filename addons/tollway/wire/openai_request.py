"""What the requests of OpenAI's formats have in common."""

from collections.abc import Mapping
from typing import Any

from tollway.model import Endpoint
from tollway.wire.counts import first, part, text
from tollway.wire.session import plain, session_of

_IDS = ("session_id", "conversation_id", "thread_id")
"""What callers call a conversation in their metadata."""


def model(endpoint: Endpoint, body: Mapping[str, Any]) -> str | None:
    """The model asked for; on Azure the path names it, or rather its deployment. watsonx says `model_id`."""
    return endpoint.model or text(body, "model") or text(body, "model_id")


def streams(endpoint: Endpoint, body: Mapping[str, Any]) -> bool:
    """Whether the request asks for a stream."""
    return body.get("stream") is True if endpoint.stream is None else endpoint.stream


def max_output(body: Mapping[str, Any]) -> int | None:
    """The output maximum that the request sets; the larger one where it sets two."""
    names = ("max_completion_tokens", "max_output_tokens", "max_tokens")
    return max((n for name in names if (n := first(body, name)) is not None), default=None)


def session(body: Mapping[str, Any]) -> str | None:
    """The conversation, as far as the request hints at it; of who the user is, a hash."""
    metadata, conversation = part(body, "metadata"), body.get("conversation")
    hints = (
        body.get("prompt_cache_key"),
        conversation.get("id") if isinstance(conversation, dict) else conversation,
        body.get("session_id"),
        *([metadata.get(name) for name in _IDS] if metadata else ()),
    )
    for hint in hints:
        if hint is not None and (known := plain(hint)) is not None:
            return known
    return session_of(body.get("safety_identifier")) or session_of(body.get("user"))
