"""What a rule may ask of a call beside its model: its attributes, when it comes, and what is in it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from tollway.budget.attributes import Value
from tollway.wire.counts import part

_TOOLS = ("tools", "functions")
_PICTURES = frozenset({"image", "image_url", "input_image"})
"""Types of parts that are a picture: Anthropic's, OpenAI's in Chat, OpenAI's in Responses."""
_INLINE = ("inlineData", "inline_data", "fileData", "file_data")
"""Where Gemini has files, with their media type."""


class Circumstances(Struct, frozen=True, kw_only=True):
    """Of one call."""

    attributes: Mapping[str, Value]
    at: datetime
    """When it came, in the policy's time zone."""
    size: int
    """Bytes of its request, decoded."""
    stream: bool
    body: Mapping[str, Any]

    def __repr__(self) -> str:
        """Without the body."""
        return f"Circumstances({self.size} bytes at {self.at})"

    @property
    def has_tools(self) -> bool:
        """Whether the model may call any, the caller's or its provider's."""
        return any(self.body.get(name) for name in _TOOLS) or bool(part(self.body, "toolConfig").get("tools"))

    @property
    def has_images(self) -> bool:
        """Whether there is a picture among what the model reads."""
        return any(map(_is_picture, _objects(self.body)))


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """All objects of a body, at whatever depth."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            yield one
            todo += one.values()
        elif isinstance(one, list):
            todo += one


def _is_picture(one: Mapping[str, Any]) -> bool:
    if one.get("type") in _PICTURES:
        return True
    if isinstance(one.get("image"), dict) or (one.get("images") and "content" in one):
        return True  # Bedrock's Converse; Ollama's messages
    types = [part(one, name) for name in _INLINE]
    return any(str(each.get("mimeType", each.get("mime_type"))).startswith("image/") for each in types)
