"""What requests to Bedrock have in common, whichever model's format they are in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tollway.wire.counts import first, part
from tollway.wire.session import plain, session_of

_MOST = (
    "max_tokens", "max_completion_tokens", "max_tokens_to_sample", "max_gen_len", "max_new_tokens",
    "maxTokens", "maxTokenCount", "maxOutputTokens",
)  # fmt: skip
CONVERSE = ("inferenceConfig", "additionalModelRequestFields")
"""Where Converse reads a maximum; at the top it has none."""
INVOKE = (None, "inferenceConfig", "textGenerationConfig", "additionalModelRequestFields", "parameters")
"""Where models do that are invoked; None: at the top."""


def max_output(body: Mapping[str, Any], places: Sequence[str | None]) -> int | None:
    """The output maximum that the request sets in these members, by whatever name; the largest of several."""
    return max(_maxima(body if name is None else part(body, name) for name in places), default=None)


def session(body: Mapping[str, Any]) -> str | None:
    """The conversation: of the request's metadata, or of a Claude request's own."""
    own = part(body, "requestMetadata")
    for name in ("session_id", "sessionId", "conversation_id", "conversationId"):
        if (known := plain(own.get(name))) is not None:
            return known
    claude = part(body, "metadata") or part(part(body, "additionalModelRequestFields"), "metadata")
    return session_of(claude.get("user_id"))


def _maxima(places: Iterable[Mapping[str, Any]]) -> Iterator[int]:
    for place in places:
        for name in _MOST:
            if (n := first(place, name)) is not None:
                yield n
