"""Answers of Chat, made up, and what is read of them."""

import json
from typing import Any

from tollway.model import Asked, Endpoint, Kind, Usage
from tollway.wire.dialect import Reader
from tollway.wire.openai_chat import OpenAIChat

CHAT = OpenAIChat()
HERE = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com", dialect="openai_chat")
USAGE = {"prompt_tokens": 14, "completion_tokens": 8, "total_tokens": 22}
USED = Usage(input_tokens=14, output_tokens=8)


def chunk(*deltas: dict[str, Any], **more: Any) -> dict[str, Any]:
    choices = [{"index": i, "delta": delta, "finish_reason": None} for i, delta in enumerate(deltas)]
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "gpt-4o-2024-08-06"}
    return {**head, "choices": choices, **more}


def stream(*chunks: dict[str, Any], done: bool = True, compact: bool = True) -> bytes:
    separators = (",", ":") if compact else (", ", ": ")
    frames = [f"data: {json.dumps(c, separators=separators)}\n\n" for c in chunks]
    return "".join([*frames, "data: [DONE]\n\n" if done else ""]).encode()


def read(body: bytes, places: list[int] | None = None, at: Endpoint = HERE) -> Reader:
    ends = sorted(p % (len(body) + 1) for p in places or [])
    reader = CHAT.reader(at, Asked(), {})
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader
