"""The strings of a JSON value that a model reads, for an estimate."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

_AS_JSON = frozenset(
    {"input", "args", "input_schema", "parameters", "parametersJsonSchema", "responseSchema", "json"}
)
"""Members that the model is shown as JSON, keys and all."""
_UNREAD = frozenset({
    "type", "role", "id", "tool_use_id", "signature", "thoughtSignature", "cache_control", "media_type",
    "mimeType", "mime_type", "url", "fileUri", "file_uri", "file_id", "encrypted_content", "data",
    "call_id", "tool_call_id", "object", "status", "image_url", "file_data", "b64_json", "result",
    "thought_signature", "extra_content", "reasoning_details", "executed_tools", "logprobs", "annotations",
    "bytes", "toolUseId",
})  # fmt: skip
"""Members that are no text: marks, identities, what is coded in base64, and what says a text once more."""


def strings(*values: object) -> Iterator[str]:
    """All strings in these values that are text, in their order, however deep they are nested."""
    stack = [*reversed(values)]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            stack += reversed(
                [_shown(k, v) for k, v in value.items() if k not in _UNREAD or _is_text(k, value)]
            )
        elif isinstance(value, Sequence):
            stack += reversed(value)


def _is_text(key: str, owner: Mapping[str, Any]) -> bool:
    """A document of Anthropic's may carry its text as `data`; details may be all there is of reasoning."""
    if key == "reasoning_details":
        return not (owner.get("reasoning") or owner.get("reasoning_content"))
    return key == "data" and owner.get("type") == "text"


def _shown(key: str, value: object) -> object:
    if key not in _AS_JSON or isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:  # nested deeper than it writes
        return value
