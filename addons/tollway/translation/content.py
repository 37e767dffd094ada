"""What a message says: blocks as texts, pictures and calls."""

from collections.abc import Mapping
from typing import Any

import orjson
from msgspec import Struct

from tollway.translation.names import call_id, shortened
from tollway.translation.refused import Refused, a_list, a_string, an_object, check_members

BETWEEN = "\n\n"
"""Stands between two texts: one string is what every server takes."""
NOW_THERE = "The tool {} is available."
"""In the place of a reference to a tool whose definition was to be shown from then on."""
FAILED = "Error: "
"""Before the result of a tool that failed: Chat has no member that says so."""
_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "citations"),
    "image": ("source",),
    "tool_use": ("id", "name", "input", "caller"),
    "tool_result": ("tool_use_id", "content", "is_error"),
    "thinking": ("thinking", "signature"),
    "tool_reference": ("tool_name",),
}
"""The types of blocks that have a counterpart, or are left out, with their members."""

Part = dict[str, Any]
"""A part of a user's message."""


class Result(Struct, frozen=True, kw_only=True):
    """What a tool found."""

    id: str
    """Of the call."""
    text: str
    pictures: list[Part]
    """No message of a tool has any."""


def blocks(where: str, content: object) -> list[Mapping[str, Any]]:
    """The blocks of a content, each known by its type and its members; a string is one of text."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [_known(where, an_object(where, block)) for block in a_list(where, content)]


def _known(where: str, block: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = block.get("type")
    members = _MEMBERS.get(kind) if isinstance(kind, str) else None
    if members is None:
        raise Refused(f"{where}: {kind} has no counterpart in OpenAI Chat")
    check_members(f"{where}: {kind}.", block, ("type", "cache_control", *members))
    return block


def text_of(where: str, block: Mapping[str, Any]) -> str:
    """The text of a block that is one."""
    kind = block["type"]
    if kind != "text":
        raise Refused(f"{where}: {kind} can't stand here")
    if block.get("citations"):
        raise Refused(f"{where}: citations have no counterpart in OpenAI Chat")
    return a_string(f"{where}: text", block.get("text"))


def part(where: str, block: Mapping[str, Any]) -> Part:
    """A text or a picture as a part of a user's message."""
    if block["type"] != "image":
        return {"type": "text", "text": text_of(where, block)}
    source = an_object(f"{where}: image.source", block.get("source"))
    kind = source.get("type")
    if kind == "url":
        check_members(f"{where}: image.source.", source, ("type", "url"))
        url = a_string(f"{where}: image.source.url", source.get("url"))
    elif kind == "base64":
        check_members(f"{where}: image.source.", source, ("type", "media_type", "data"))
        media = a_string(f"{where}: image.source.media_type", source.get("media_type"))
        url = f"data:{media};base64,{a_string(f'{where}: image.source.data', source.get('data'))}"
    else:
        raise Refused(f"{where}: a picture from a {kind} is one that only the first provider has")
    return {"type": "image_url", "image_url": {"url": url}}


def call(where: str, block: Mapping[str, Any], nine: bool) -> dict[str, Any]:
    """The use of a tool as a call of a function."""
    if block.get("caller") not in (None, {"type": "direct"}):
        raise Refused(f"{where}: tool_use.caller is a tool of the first provider's")
    given = an_object(f"{where}: tool_use.input", block.get("input"))
    name = shortened(a_string(f"{where}: tool_use.name", block.get("name")))
    return {
        "id": call_id(a_string(f"{where}: tool_use.id", block.get("id")), nine),
        "type": "function",
        "function": {"name": name, "arguments": orjson.dumps(given).decode()},
    }


def result(where: str, block: Mapping[str, Any], nine: bool) -> Result:
    """What a tool found, its texts as one."""
    id = a_string(f"{where}: tool_result.tool_use_id", block.get("tool_use_id"))
    texts, pictures = [], []
    for inner in blocks(f"{where}: tool_result", block.get("content")):
        if inner["type"] == "image":
            pictures.append(part(where, inner))
        elif inner["type"] == "tool_reference":
            texts.append(NOW_THERE.format(inner.get("tool_name")))
        else:
            texts.append(text_of(f"{where}: tool_result", inner))
    failed = FAILED if block.get("is_error") is True else ""
    return Result(id=call_id(id, nine), text=failed + BETWEEN.join(texts), pictures=pictures)
