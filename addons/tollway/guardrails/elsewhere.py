"""Files of a request that are not all in it: pictures and documents by URL or id, and lists of pictures. And
what looks like a file, and is what a provider made for itself."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from tollway.guardrails.inside import file_from, text_of

_PLACES = frozenset({
    "file_id", "file_url", "file_uri", "fileUri", "image_url", "video_url", "audio_url", "document_url",
    "s3Location", "uri", "input_audio",
})  # fmt: skip
"""Members that say where a file is, or have one that does."""
_WHERE = ("url", "uri")
_SEVERAL = frozenset({"file_ids", "images"})
_SEEN = frozenset({"image", "document", "audio", "video", "file"})
"""What `uri` belongs to, and `url` in a `source`."""
_MADE = "redacted_thinking"
_ITS_OWN = frozenset({"args", "arguments", "response", "json", "parameters", "schema", "input_schema",
    "inputSchema", "metadata"})  # fmt: skip
"""What only tools and callers read: such names mean there what they like."""
_BACK = ("_tool_result", "_search_call", "_citation", "file_path")
"""Ends of types that a provider's own tools and answers have, which a conversation has back: what they name
did not come from here. A caller's tool has `tool_result`."""
_NAMED = re.compile(
    rb'"(?:%s)"|\\u' % "|".join(sorted({*_PLACES, *_SEVERAL, *_WHERE, _MADE})).encode()  # \u may hide a name
)


def elsewhere(body: bytes) -> int:
    """How many more files there are than the body has as base64 at members for that; fewer, where some of
    those are the provider's own."""
    if _NAMED.search(body) is None:
        return 0
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return 0
    return sum(map(_of, _objects(value)))


def _objects(value: object) -> Iterator[dict[str, Any]]:
    """All that a provider reads."""
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack += value
        elif isinstance(value, dict):
            if str(value.get("type")).endswith(_BACK):
                continue
            yield value
            stack += [inner for name, inner in value.items() if not _is_its_own(name, inner)]


def _is_its_own(name: str, value: object) -> bool:
    return name in _ITS_OWN or (name == "input" and isinstance(value, dict))


def _of(one: dict[str, Any]) -> int:
    kind, count = one.get("type"), 0
    for name, value in one.items():
        if name in _PLACES:
            count += _is_elsewhere(value) and (name != "uri" or kind in _SEEN)
        elif name == "source" and isinstance(value, dict):
            count += value.get("type") == "url"
        elif name in _SEVERAL and isinstance(value, list):
            count += sum(map(_is_elsewhere, value))
    if kind == _MADE and _is_taken_for_a_file(one.get("data")):
        count -= 1
    return count


def _is_elsewhere(value: object) -> bool:
    """A place, or an object that has one. What has the file in it is counted by who looks into that."""
    if isinstance(value, dict):
        value = next((value[name] for name in _WHERE if name in value), "")
    return isinstance(value, str) and value != "" and value[:5].lower() != "data:"


def _is_taken_for_a_file(data: object) -> bool:
    return isinstance(data, str) and file_from(data, "data") is not None and text_of(data) is None
