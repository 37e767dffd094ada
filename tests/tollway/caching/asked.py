"""Calls as the cache sees them, in few words."""

from collections.abc import Mapping
from typing import Any

import orjson
from msgspec.structs import replace

from tollway.caching.question import Question
from tollway.model import Asked, Endpoint, Kind

CHAT: dict[str, Any] = {
    "model": "gpt-5",
    "messages": [{"role": "user", "content": "hi"}],
    "temperature": 0,
}
ENDPOINT = Endpoint(
    kind=Kind.INFERENCE, provider="openai", host="api.openai.com", operation="chat", dialect="openai_chat"
)


def question(
    members: Mapping[str, Any] | bytes = CHAT,
    *,
    headers: Mapping[str, str] | None = None,
    path: str = "/v1/chat/completions",
    method: str = "POST",
    port: int = 443,
    addressed: tuple[str, ...] | None = None,
    media_type: str = "application/json",
    **endpoint: Any,
) -> Question:
    """A call; `endpoint`: what is other than OpenAI's chat."""
    body = members if isinstance(members, bytes) else orjson.dumps(dict(members))
    try:
        parsed = orjson.loads(body)
    except ValueError:  # as if another reader had read it
        parsed = {}
    found = replace(ENDPOINT, **endpoint)
    model, stream = parsed.get("model"), parsed.get("stream")
    return Question(
        endpoint=found,
        port=port,
        addressed=(found.host,) if addressed is None else addressed,
        method=method,
        path=path,
        headers=headers or {},
        asked=Asked(model=model if isinstance(model, str) else None, stream=stream is True),
        body=body,
        parsed=parsed,
        media_type=media_type,
    )


def responses(**members: Any) -> Question:
    """A call of OpenAI's Responses that stores nothing, but for what these members say."""
    said = {"model": "gpt-5", "input": "hi", "store": False} | members
    return question(said, dialect="openai_responses", path="/v1/responses")


def messages(**members: Any) -> Question:
    """A call of Anthropic's Messages."""
    said = {"model": "claude-opus-4-8", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
    return question(
        said | members,
        dialect="anthropic_messages",
        provider="anthropic",
        host="api.anthropic.com",
        path="/v1/messages",
    )
