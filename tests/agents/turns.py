"""Answers that have an agent use its own tools, and so come back with another turn.

Each thinks first, as the default models do, since agents send the thoughts (and their signatures) back.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from tests.simulator.dialects.dialect import NUMBER, sse

SIGNED = "c2ltdWxhdGVk" * 40
"""Stands where a provider signs or encrypts its thoughts: half a kilobyte of base64."""
THOUGHT = "The file says what is next, so it has to be read before anything is changed."
SAID = "I read the notes first."
NOTES = "notes.txt"
"""In the folder the agent works in."""

type Use = tuple[str, Mapping[str, Any]]
"""A tool's name, and its arguments."""


def claude_turn(uses: Sequence[Use]) -> bytes:
    """A Messages stream: a thought, a text, and tools to use."""
    blocks: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
        (
            {"type": "thinking", "thinking": "", "signature": ""},
            [
                {"type": "thinking_delta", "thinking": THOUGHT},
                {"type": "signature_delta", "signature": SIGNED},
            ],
        ),
        ({"type": "text", "text": ""}, [{"type": "text_delta", "text": SAID}]),
    ]
    for i, (name, given) in enumerate(uses):
        block = {"type": "tool_use", "id": f"toolu_{NUMBER}{i}", "name": name, "input": {}}
        blocks.append((block, [{"type": "input_json_delta", "partial_json": _json(given)}]))
    message: dict[str, Any] = {
        "id": "msg_" + NUMBER, "type": "message", "role": "assistant", "model": "claude-opus-4-8",
        "content": [], "stop_reason": None, "stop_sequence": None,
        "usage": {"input_tokens": 3, "cache_read_input_tokens": 15_000, "output_tokens": 1},
    }  # fmt: skip
    events: list[tuple[str, dict[str, Any]]] = [("message_start", {"message": message})]
    for index, (block, deltas) in enumerate(blocks):
        events.append(("content_block_start", {"index": index, "content_block": block}))
        events += [("content_block_delta", {"index": index, "delta": delta}) for delta in deltas]
        events.append(("content_block_stop", {"index": index}))
    end = {"stop_reason": "tool_use", "stop_sequence": None}
    events.append(("message_delta", {"delta": end, "usage": {"output_tokens": 150}}))
    events.append(("message_stop", {}))
    return b"".join(sse({"type": kind, **fields}, kind) for kind, fields in events)


def codex_turn(uses: Sequence[Use]) -> bytes:
    """A Responses stream: encrypted reasoning, a message, and custom tools to use (their input is text)."""
    items: list[dict[str, Any]] = [
        {"type": "reasoning", "id": "rs_" + NUMBER, "summary": [], "encrypted_content": SIGNED},
        {
            "type": "message", "id": "msg_" + NUMBER, "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": SAID, "annotations": [], "logprobs": []}],
        },
    ]  # fmt: skip
    items += [
        {
            "type": "custom_tool_call", "id": f"ctc_{NUMBER}{i}", "call_id": f"call_{NUMBER}{i}",
            "status": "completed", "name": name, "input": given["input"],
        }
        for i, (name, given) in enumerate(uses)
    ]  # fmt: skip
    usage = {
        "input_tokens": 20_000, "input_tokens_details": {"cached_tokens": 15_000}, "output_tokens": 150,
        "output_tokens_details": {"reasoning_tokens": 60}, "total_tokens": 20_150,
    }  # fmt: skip
    response = {"id": "resp_" + NUMBER, "object": "response", "status": "in_progress", "output": []}
    events: list[tuple[str, dict[str, Any]]] = [("response.created", {"response": response})]
    for index, item in enumerate(items):
        events.append(("response.output_item.added", {"item": item, "output_index": index}))
        events.append(("response.output_item.done", {"item": item, "output_index": index}))
    done = {**response, "status": "completed", "output": items, "usage": usage}
    events.append(("response.completed", {"response": done}))
    return b"".join(
        sse({"type": kind, "sequence_number": i, **fields}, kind) for i, (kind, fields) in enumerate(events)
    )


def gemini_turn(uses: Sequence[Use]) -> bytes:
    """A stream of generateContent: a thought, a text, and functions to call, signed."""
    parts: list[dict[str, Any]] = [{"text": THOUGHT, "thought": True}, {"text": SAID}]
    parts += [
        {"functionCall": {"id": f"{NUMBER}{i}", "name": name, "args": given}, "thoughtSignature": SIGNED}
        for i, (name, given) in enumerate(uses)
    ]
    usage = {"promptTokenCount": 20_000, "candidatesTokenCount": 150, "totalTokenCount": 20_150}
    last = len(parts) - 1
    return b"".join(
        sse({
            "candidates": [
                {"content": {"role": "model", "parts": [part]}, "index": 0}
                | ({"finishReason": "STOP"} if i == last else {})
            ],
            "usageMetadata": usage, "modelVersion": "gemini-3.8-flash", "responseId": NUMBER,
        })
        for i, part in enumerate(parts)
    )  # fmt: skip


def _json(value: Mapping[str, Any]) -> str:
    return orjson.dumps(value).decode()
