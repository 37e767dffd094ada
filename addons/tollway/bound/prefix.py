"""What the previous turn of a conversation reported bounds its unchanged prefix in the next.

Agents send their whole history again with each turn. A request is hashed message by message, each hash over
all that came before; if a former request ended where one of the hashes stands, its reported input, plus the
bytes of what is new, plus some slack, bounds this one's input far closer than bytes do.

It holds since the same messages are read as the same tokens again, or fewer: what a provider leaves out of
earlier turns (thoughts) stays out. It is not claimed where that may not be so: where tool results are cleared
or a summary is written on the way (`context_management`), where the provider cuts what is too long
(`truncation`), beyond a picture or document that is fetched anew from the web, and with tools that the
provider runs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

import orjson
from msgspec.structs import replace

from tollway.bound.bound import Bound
from tollway.bound.capacity import Capacity
from tollway.bound.grammar import table_of
from tollway.bound.tally import Tally
from tollway.wire.counts import part

SEAM = 256
"""Tokens for what is read otherwise where the new meets the old: marks of turns, reminders of budgets."""

SEQUENCES = {
    "anthropic_messages": "messages",
    "openai_chat": "messages",
    "openai_responses": "input",
    "gemini": "contents",
    "bedrock_converse": "messages",
}
"""The member that grows from turn to turn, by dialect."""

_UNREAD = frozenset({
    "cache_control", "prompt_cache_breakpoint", "max_tokens", "max_completion_tokens", "max_output_tokens",
    "stream", "stream_options", "metadata", "client_metadata", "prompt_cache_key", "prompt_cache_options",
    "service_tier", "serviceTier", "store", "include", "temperature", "user_prompt_id", "diagnostics",
    "inferenceConfig", "requestMetadata", "maxOutputTokens",
})  # fmt: skip
"""Members beside the messages, and of Gemini's configuration, that may differ from turn to turn, and that no
model reads. The output maximum is one: a clamp changes it."""
_CONFIGS = ("generationConfig", "generation_config")

_MARKS = frozenset({"cache_control", "cachePoint", "prompt_cache_breakpoint"})
_MEDIA = frozenset({
    "image", "document", "video", "audio", "file", "image_url", "document_url", "video_url", "input_image",
    "input_file", "fileData", "file_data",
})  # fmt: skip
"""Types of blocks, and members where blocks have no types."""
MARK = 16
"""Bytes of a hash that are kept."""
PLAIN = 2
"""Members of a block that is nothing but a text."""
_RESULTS = ("toolResult", "functionResponse")
_FETCHED = (b'"http://', b'"https://', b'"s3://', b'"gs://')
_SIGNS = re.compile(rb'"(?:https?://|s3://|gs://|cache_control"|cachePoint"|prompt_cache_breakpoint")')
"""Of what is fetched, and of marks: the looking for both at once, in what most messages have neither of."""
_BILLING = "x-anthropic-billing-header:"
"""Opens a text of Claude Code's system prompt that may change with each turn."""
_BILLING_MOST = 160
"""Characters of it: its tokens are within SEAM, too."""


def marks(dialect: str, body: Mapping[str, Any], *facts: str) -> tuple[bytes, ...]:
    """A hash after each message, over it and all before it; system, tools and model are in the first.

    `facts`: what else decides how the request is read: the provider, the model where the path names it, the
    betas of the headers. Empty where a former report says nothing: see the module.
    """
    inner = _inner(body)
    sequence = inner.get(SEQUENCES.get(dialect, ""))
    if not isinstance(sequence, list) or rewrites(inner):
        return ()
    try:
        start = _bytes([facts, body.get("model"), _head(inner, sequence)])
        return tuple(_chain(sha256(start), sequence))
    except orjson.JSONEncodeError:  # files of a form, or nested deeper than it writes
        return ()


def tightened(
    dialect: str,
    bound: Bound,
    body: Mapping[str, Any],
    chain: tuple[bytes, ...],
    known: Callable[[bytes], int | None],
    capacity: Capacity,
) -> Bound:
    """The bound with the input of the longest prefix that is known, if that is less.

    `chain`: the request's `marks`. `known`: what a request that ended at a mark reported as its whole input
    (`Conversations.get`).
    """
    found = next(((n, told) for n, mark in _backwards(chain) if (told := known(mark)) is not None), None)
    if found is None:
        return bound
    length, told = found
    new = _new(dialect, body, length, capacity)
    if new is None or bound.usage.input_tokens is None or told + new + SEAM >= bound.usage.input_tokens:
        return bound
    why = f"input: {told} tokens that an earlier turn reported + {new} bytes that are new + {SEAM}"
    usage = replace(bound.usage, input_tokens=told + new + SEAM)
    return replace(bound, usage=usage, why=(*bound.why, why))


def _backwards(chain: tuple[bytes, ...]) -> Iterator[tuple[int, bytes]]:
    """Each mark with the number of messages up to it, the longest first."""
    for index in range(len(chain) - 1, -1, -1):
        yield index + 1, chain[index]


def _new(dialect: str, body: Mapping[str, Any], length: int, capacity: Capacity) -> int | None:
    """What follows so many messages, at most; None where that is not known, or tools run at the provider."""
    table = table_of(dialect)
    assert table is not None  # SEQUENCES names dialects with tables alone
    inner, name = _inner(body), SEQUENCES[dialect]
    head, rest = Tally(), Tally()
    table.request.take({key: value for key, value in inner.items() if key != name}, "", head)
    table.request.take({name: inner[name][length:]}, "", rest)
    unknown = rest.references or rest.refusals or (rest.images and capacity.image is None)
    if head.servers or head.references or head.refusals or unknown:
        return None
    return rest.tokens + rest.images * (capacity.image or 0)


def _inner(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request in Code Assist's wrapper, if it is in one."""
    request = body.get("request")
    return request if isinstance(request, dict) else body


def _head(body: Mapping[str, Any], sequence: object) -> Mapping[str, Any]:
    """What is read before the messages: system, tools, and what else stands beside them."""
    head = {key: value for key, value in body.items() if key not in _UNREAD and value is not sequence}
    for key in _CONFIGS:
        if isinstance(config := head.get(key), dict):
            head[key] = {name: value for name, value in config.items() if name not in _UNREAD}
    if isinstance(system := head.get("system"), list):
        head["system"] = [block for block in system if not _is_billing(block)]
    return head


def _is_billing(block: object) -> bool:
    said = block.get("text") if isinstance(block, dict) else None
    return isinstance(said, str) and len(said) <= _BILLING_MOST and said.startswith(_BILLING)


def rewrites(body: Mapping[str, Any]) -> bool:
    """Whether the provider may change what it reads of earlier turns, other than by leaving out thoughts."""
    if body.get("truncation") not in (None, "disabled"):
        return True
    management = body.get("context_management")
    if management is None:
        return False
    edits = management.get("edits") if isinstance(management, dict) else None
    kinds = [edit.get("type") if isinstance(edit, dict) else None for edit in edits or [None]]
    return not all(isinstance(kind, str) and kind.startswith("clear_thinking_") for kind in kinds)


def _chain(running: Any, sequence: list[Any]) -> Iterator[bytes]:
    """The hashes, up to the first message with something that is fetched anew each time."""
    for message in sequence:
        said = orjson.dumps(_settled(message))
        if _SIGNS.search(said):
            if fetches(message):
                return
            said = orjson.dumps(_unmarked(_settled(message)))
        running.update(len(said).to_bytes(8, "big") + said)
        yield running.digest()[:MARK]


def _bytes(value: object) -> bytes:
    """As JSON, without the marks of a cache, which move on with each turn."""
    said = orjson.dumps(value)
    return orjson.dumps(_unmarked(value)) if _SIGNS.search(said) else said


def _unmarked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unmarked(one) for key, one in value.items() if key not in _MARKS}
    if isinstance(value, list):
        found = [_unmarked(one) for one in value]
        return [new for new, old in zip(found, value, strict=True) if new or not old]
    return [*map(_unmarked, value)] if isinstance(value, tuple) else value


def _settled(message: Any) -> Any:
    """A message whose content is one plain text, as that text: agents write both, and mean the same."""
    if not isinstance(message, dict):
        return message
    content = message.get("content")
    if not isinstance(content, list) or len(content) != 1 or not isinstance(block := content[0], dict):
        return message
    if block.get("type") != "text" or "text" not in block:
        return message
    if len(block) > PLAIN and block.keys() - _MARKS != {"type", "text"}:
        return message
    return message | {"content": block["text"]}


def fetches(message: Any) -> bool:
    """Whether it has an image or a document that is fetched from the web, and may be another next time."""
    if not isinstance(message, dict):
        return False
    return any(
        (block.get("type") in _MEDIA or block.keys() & _MEDIA)
        and any(sign in orjson.dumps(block) for sign in _FETCHED)
        for block in _blocks(message)
    )


def may_fetch(sequence: object) -> bool:
    """Whether any message of a sequence has one."""
    return isinstance(sequence, list) and any(map(fetches, sequence))


def _blocks(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The blocks of its content, and those within results of tools."""
    stack = [message.get(name) for name in ("content", "output", "parts")]
    while stack:
        value = stack.pop()
        for block in value if isinstance(value, list) else ():
            if isinstance(block, dict):
                yield block
                stack += [block.get("content"), *(part(block, name).get("content") for name in _RESULTS)]
