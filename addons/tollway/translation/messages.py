"""The conversation: Anthropic's system and messages as Chat's messages."""

from collections.abc import Mapping, Sequence
from typing import Any

from tollway.translation.content import BETWEEN, Part, blocks, call, part, result, text_of
from tollway.translation.refused import Refused, a_list, an_object, check_members

Message = dict[str, Any]
PREFILLED = "messages: the last one is the model's, and no model goes on with one in OpenAI Chat"
HEADER = "x-anthropic-billing-header:"
"""How a text begins that Claude Code puts first, for Anthropic alone. It is another one in each request, so
that nothing behind it would ever be read from a cache."""
OF_A_TOOL = "The tool's result has this picture:"


def messages(body: Mapping[str, Any], nine: bool) -> list[Message]:
    """All of them. `nine`: as `names.call_id` has it. Raises `Refused`."""
    said: list[Message] = []
    told = [text_of("system", block) for block in blocks("system", body.get("system"))]
    if system := BETWEEN.join(text for text in told if not text.startswith(HEADER)):
        said.append({"role": "system", "content": system})
    spoken = a_list("messages", body.get("messages"))
    for message in spoken:
        _add(said, an_object("messages", message), nine)
    if said and said[-1]["role"] == "assistant":
        raise Refused(PREFILLED)
    return [_plain(message) for message in said]


def _add(said: list[Message], message: Mapping[str, Any], nine: bool) -> None:
    check_members("messages: ", message, ("role", "content"))
    role, content = message.get("role"), blocks("messages", message.get("content"))
    if role == "assistant":
        said += _of_the_model(content, nine)
    elif role in ("user", "system"):  # those of the system amid the others are the user's, as `adapt` has it
        said += _of_tools(content, nine)
        _add_parts(said, [part("messages", block) for block in content if block["type"] != "tool_result"])
    else:
        raise Refused(f"messages: {role} is nobody's role")


def _of_the_model(content: Sequence[Mapping[str, Any]], nine: bool) -> list[Message]:
    """One message; none where there were only thoughts."""
    spoken = [block for block in content if block["type"] != "thinking"]
    texts = [text_of("messages", block) for block in spoken if block["type"] != "tool_use"]
    calls = [call("messages", block, nine) for block in spoken if block["type"] == "tool_use"]
    if not spoken:
        return []
    message: Message = {"role": "assistant", "content": BETWEEN.join(texts) if texts else None}
    return [{**message, "tool_calls": calls} if calls else message]


def _of_tools(content: Sequence[Mapping[str, Any]], nine: bool) -> list[Message]:
    """A message for each result, and one of the user's with the pictures among them."""
    results = [result("messages", block, nine) for block in content if block["type"] == "tool_result"]
    said: list[Message] = [
        {"role": "tool", "tool_call_id": found.id, "content": found.text} for found in results
    ]
    if pictures := [picture for found in results for picture in found.pictures]:
        said.append({"role": "user", "content": [{"type": "text", "text": OF_A_TOOL}, *pictures]})
    return said


def _add_parts(said: list[Message], parts: list[Part]) -> None:
    """To the user's message before, if one stands there: some models take no two of one role in a row."""
    if parts and said and said[-1]["role"] == "user":
        said[-1]["content"] += parts
    elif parts:
        said.append({"role": "user", "content": parts})


def _plain(message: Message) -> Message:
    """Texts alone as one string: not every server takes a list of them."""
    parts = message["content"]
    if not isinstance(parts, list) or any(each["type"] != "text" for each in parts):
        return message
    return {**message, "content": BETWEEN.join(each["text"] for each in parts)}
