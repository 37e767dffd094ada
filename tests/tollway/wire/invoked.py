"""Answers of models within Bedrock's events, and as a whole."""

import json
from typing import Any

from tollway.model import Asked, Endpoint, Kind, Usage
from tollway.wire.bedrock_invoke_answer import InvokeWhole

NAMED = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"


def endpoint(model: str = NAMED, operation: str = "chat") -> Endpoint:
    return Endpoint(kind=Kind.INFERENCE, provider="bedrock", host="h", operation=operation, model=model)


def whole(
    body: Any, headers: dict[str, str] | None = None, *, model: str = NAMED, operation: str = "chat",
    asked: Asked | None = None,
) -> InvokeWhole:  # fmt: skip
    reader = InvokeWhole(endpoint(model, operation), asked or Asked(), headers or {})
    reader.feed(json.dumps(body).encode())
    return reader


START = {
    "type": "message_start",
    "message": {
        "id": "msg_bdrk_01", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5-20250929",
        "content": [], "usage": {
            "input_tokens": 3, "cache_creation_input_tokens": 90, "cache_read_input_tokens": 500,
            "cache_creation": {"ephemeral_5m_input_tokens": 30, "ephemeral_1h_input_tokens": 60},
            "output_tokens": 1,
        },
    },
}  # fmt: skip
END = {
    "type": "message_delta",
    "delta": {"stop_reason": "end_turn"},
    "usage": {"output_tokens": 12, "server_tool_use": {"web_search_requests": 1}},
}
CLAUDE_USED = Usage(
    input_tokens=593, cache_read_tokens=500, cache_write_tokens=90, cache_write_1h_tokens=60,
    output_tokens=12, web_searches=1,
)  # fmt: skip
"""3 + 500 + 90 = 593."""
