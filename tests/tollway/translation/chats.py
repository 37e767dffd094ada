"""Answers of Chat's, and what their translation comes to, strictly checked, for tests."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from anthropic.types import RawMessageStreamEvent
from pydantic import TypeAdapter

from tollway.model import Endpoint, Kind
from tollway.translation.stream import ChatStream
from tollway.translation.way_back import Translator, WayBack

OPENAI = Endpoint(
    kind=Kind.INFERENCE,
    provider="openai",
    host="api.openai.com",
    operation="chat",
    dialect="openai_chat",
    ask_usage=True,
)
BACK = WayBack(id="c1", model="asked", tools={})
USAGE = {
    "prompt_tokens": 50,
    "completion_tokens": 12,
    "total_tokens": 62,
    "prompt_tokens_details": {"cached_tokens": 30},
    "completion_tokens_details": {"reasoning_tokens": 4},
}
SAID = {
    "input_tokens": 20,
    "cache_read_input_tokens": 30,
    "output_tokens": 12,
    "output_tokens_details": {"thinking_tokens": 4},
}
DONE = b"data: [DONE]\n\n"
_EVENTS: TypeAdapter[RawMessageStreamEvent] = TypeAdapter(RawMessageStreamEvent)


def event(value: object) -> bytes:
    """One of a stream."""
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
    """A chunk with a choice."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return event({"id": "chatcmpl-1", "model": "served", "choices": [choice], **more})


def usage(counts: object = USAGE) -> bytes:
    """The chunk behind the last choice."""
    return event({"id": "chatcmpl-1", "model": "served", "choices": [], "usage": counts})


def piece(index: int | None, arguments: object = None, **more: Any) -> dict[str, Any]:
    """A delta with a piece of a call; `name` is the function's."""
    function = {key: more.pop(key) for key in ("name",) if key in more}
    function |= {} if arguments is None else {"arguments": arguments}
    return {"tool_calls": [({} if index is None else {"index": index}) | more | {"function": function}]}


def translated(data: bytes, places: Iterable[int] = (), back: WayBack = BACK) -> bytes:
    """The stream, translated: fed as one, or cut at these places."""
    return cut(ChatStream(back), data, places)


def cut(translator: Translator, data: bytes, places: Iterable[int] = ()) -> bytes:
    """What a translator makes of these bytes."""
    ends = sorted(place % (len(data) + 1) for place in places)
    out = [translator.feed(data[a:b]) for a, b in zip([0, *ends], [*ends, len(data)], strict=True)]
    return b"".join([*out, translator.flush()])


def events(said: bytes) -> list[dict[str, Any]]:
    """The events of an Anthropic stream; each is one that the official SDK knows, under its own name."""
    found = []
    for frame in said.removesuffix(b"\n\n").split(b"\n\n"):
        named, data = frame.split(b"\n")
        value = orjson.loads(data.removeprefix(b"data: "))
        assert named == b"event: " + value["type"].encode()
        if value["type"] not in ("ping", "error"):
            _EVENTS.validate_python(value)
        found.append(value)
    return found


def message(said: bytes) -> dict[str, Any]:
    """The message that a stream comes to, as programs add it up: its order is what Anthropic's always is."""
    first, ping, *others, end, stop = events(said)
    assert (first["type"], ping, stop) == ("message_start", {"type": "ping"}, {"type": "message_stop"})
    assert end["type"] == "message_delta"
    content = list(_blocks(others))
    return {**first["message"], "content": content, **end["delta"], "usage": end["usage"]}


def _blocks(said: Sequence[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Each begins and ends before the next one does."""
    left, index = list(said), 0
    while left:
        start = left.pop(0)
        assert (start["type"], start["index"]) == ("content_block_start", index)
        block, written = dict(start["content_block"]), ""
        while (one := left.pop(0))["type"] != "content_block_stop":
            assert (one["type"], one["index"]) == ("content_block_delta", index)
            delta = dict(one["delta"])
            kind = delta.pop("type")
            assert kind in _DELTAS[block["type"]]
            if kind == "input_json_delta":
                written += delta["partial_json"]
            else:
                ((key, text),) = delta.items()
                block[key] += text
        assert one["index"] == index
        yield {**block, "input": json.loads(written or "{}")} if block["type"] == "tool_use" else block
        index += 1


_DELTAS = {
    "text": {"text_delta"},
    "thinking": {"thinking_delta", "signature_delta"},
    "tool_use": {"input_json_delta"},
}
