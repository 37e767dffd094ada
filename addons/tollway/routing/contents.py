"""What is in a request that not every model can take: tools, and pictures."""

from collections.abc import Iterator, Mapping
from typing import Any

from tollway.wire.counts import part

_TOOLS = ("tools", "functions")
_PICTURES = ("image", "image_url", "input_image")
"""Types of parts that are a picture: Anthropic's, OpenAI's in Chat, OpenAI's in Responses."""
_INLINE = ("inlineData", "inline_data", "fileData", "file_data")
"""Where Gemini has files, with their media type."""
_MADE_UP = frozenset({
    *_TOOLS, "toolConfig", "tool_config", "args", "arguments", "response", "json", "metadata",
    "response_format", "schema", "responseSchema", "responseJsonSchema", "output_config",
})  # fmt: skip
"""Members that hold what the caller made up, such as a tool that has a parameter called `image`."""


def has_tools(body: Mapping[str, Any]) -> bool:
    """Whether the model may call any, the caller's or its provider's."""
    return any(body.get(name) for name in _TOOLS) or bool(part(body, "toolConfig").get("tools"))


def has_images(body: Mapping[str, Any]) -> bool:
    """Whether there is a picture among what the model reads."""
    return any(map(_is_picture, _objects(body)))


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """All objects of a body, at whatever depth, but for those within what the caller made up."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            yield one
            todo += [inner for key, inner in one.items() if not _is_made_up(key, inner)]
        elif isinstance(one, list):
            todo += one


def _is_made_up(key: str, value: Any) -> bool:
    """`input` is a list where it is what the model reads, and an object where it is what a tool is given."""
    return key in _MADE_UP or (key == "input" and isinstance(value, dict))


def _is_picture(one: Mapping[str, Any]) -> bool:
    if one.get("type") in _PICTURES:
        return True
    if isinstance(one.get("image"), dict) or (one.get("images") and "content" in one):
        return True  # Bedrock's Converse; Ollama's messages
    types = [part(one, name) for name in _INLINE]
    return any(str(each.get("mimeType", each.get("mime_type"))).startswith("image/") for each in types)
