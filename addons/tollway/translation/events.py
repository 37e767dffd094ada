"""The events of an Anthropic stream, as bytes: each is written once, and nothing of it is parsed again."""

import json
from collections.abc import Mapping
from typing import Any

import orjson

from tollway.translation.thoughts import MARK

PING = b'event: ping\ndata: {"type":"ping"}\n\n'
STOP = b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
_DELTA = (
    b"event: content_block_delta\n"
    b'data: {"type":"content_block_delta","index":%d,"delta":{"type":"%b","%b":%b}}\n\n'
)
_START = b'event: content_block_start\ndata: {"type":"content_block_start","index":%d,"content_block":%b}\n\n'
_END = b'event: content_block_stop\ndata: {"type":"content_block_stop","index":%d}\n\n'
TEXT, THINKING = "text", "thinking"
_EMPTY: Mapping[str, bytes] = {
    TEXT: b'{"type":"text","text":""}',
    THINKING: b'{"type":"thinking","thinking":"","signature":""}',
}
_DELTAS: Mapping[str, tuple[bytes, bytes]] = {
    TEXT: (b"text_delta", b"text"),
    THINKING: (b"thinking_delta", b"thinking"),
}


def message_start(id: str, model: str, usage: Mapping[str, Any]) -> bytes:
    """The head of a message without content."""
    message = {"type": "message_start", "message": {**message_head(id, model), "content": [],
               "stop_reason": None, "stop_sequence": None, "usage": usage}}  # fmt: skip
    return b"event: message_start\ndata: " + dumps(message) + b"\n\n"


def message_head(id: str, model: str) -> dict[str, Any]:
    """What a message has beside its content."""
    return {"id": f"msg_{id}", "type": "message", "role": "assistant", "model": model}


def message_delta(stop: str, usage: Mapping[str, Any]) -> bytes:
    """Why the message ends, and what it used."""
    end = {"stop_reason": stop, "stop_sequence": None}
    said = orjson.dumps({"type": "message_delta", "delta": end, "usage": usage})
    return b"event: message_delta\ndata: " + said + b"\n\n"


def block_start(index: int, kind: str) -> bytes:
    """A block of text, or of thoughts, begins."""
    return _START % (index, _EMPTY[kind])


def use_start(index: int, id: str, name: str) -> bytes:
    """The use of a tool begins."""
    return _START % (index, dumps({"type": "tool_use", "id": id, "name": name, "input": {}}))


def delta(index: int, kind: str, text: str) -> bytes:
    """A piece of a text, or of a thought."""
    return _DELTA % (index, *_DELTAS[kind], dumps(text))


def input_delta(index: int, text: str) -> bytes:
    """A piece of a tool's input."""
    return _DELTA % (index, b"input_json_delta", b"partial_json", dumps(text))


def signature(index: int) -> bytes:
    """The end of a thought, with our mark in the place of a signature."""
    return _DELTA % (index, b"signature_delta", b"signature", dumps(MARK))


def block_stop(index: int) -> bytes:
    """A block ends."""
    return _END % index


def failure(body: bytes) -> bytes:
    """An error in the place of what would have followed."""
    return b"event: error\ndata: " + body + b"\n\n"


def dumps(value: object) -> bytes:
    """JSON; half of a surrogate pair, which the other half may follow, as it came."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value).encode()
