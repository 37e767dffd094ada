"""What requests to Bedrock have in common, whichever model's format they are in."""

from collections.abc import Iterator, Mapping
from typing import Any

from tollway.wire.counts import first, part
from tollway.wire.session import plain, session_of

_MOST = (
    "max_tokens", "max_completion_tokens", "max_tokens_to_sample", "max_gen_len", "max_new_tokens",
    "maxTokens", "maxTokenCount", "maxOutputTokens",
)  # fmt: skip
_CONFIGS = ("inferenceConfig", "textGenerationConfig", "additionalModelRequestFields", "parameters")


def max_output(body: Mapping[str, Any]) -> int | None:
    """The output maximum that the request sets, by whatever name; the largest where it sets several."""
    places = (body, *(part(body, name) for name in _CONFIGS))
    return max(_maxima(places), default=None)


def session(body: Mapping[str, Any]) -> str | None:
    """The conversation: of the request's metadata, or of a Claude request's own."""
    own = part(body, "requestMetadata")
    for name in ("session_id", "sessionId", "conversation_id", "conversationId"):
        if (known := plain(own.get(name))) is not None:
            return known
    claude = part(body, "metadata") or part(part(body, "additionalModelRequestFields"), "metadata")
    return session_of(claude.get("user_id"))


def _maxima(places: tuple[Mapping[str, Any], ...]) -> Iterator[int]:
    for place in places:
        for name in _MOST:
            if (n := first(place, name)) is not None:
                yield n
