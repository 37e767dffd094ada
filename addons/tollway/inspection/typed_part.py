"""Parts of a content that say their type, as OpenAI's, Anthropic's, Cohere's and Mistral's do."""

from collections.abc import Callable, Mapping
from typing import Any

from tollway.inspection.as_json import as_json
from tollway.inspection.attachment import attachment
from tollway.inspection.conversation import (
    Block,
    Other,
    Refusal,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    clipped,
)

type Part = Mapping[str, Any]
type Inner = Callable[[object], tuple[Block, ...]]
"""Reads the content of a content."""

NOT_SHOWN = "[not shown]"
"""A thought that its provider keeps to itself."""

_RESULTS = ("_result", "_call_output")
_ANSWERS = ("tool_use_id", "call_id", "tool_call_id")


def typed_part(kind: str, part: Part, inner: Inner) -> tuple[Block, ...]:
    """What a part of this type says."""
    if kind in _TEXTS:
        return (Text(_said(part, "text", "content", "refusal", "logs")),)
    if kind in _THOUGHTS:
        return _thought(part, inner)
    if kind in _INSIDE:
        return inner(part.get("content"))
    if kind in _ATTACHED:
        return (attachment(_ATTACHED[kind], part),)
    if kind == "refusal":
        return (Refusal(_said(part, "refusal", "text")),)
    if kind.endswith(_RESULTS):
        return (_result(part, inner),) if _said(part, *_ANSWERS) else _found(kind, part, inner)
    if kind in _CALLS or kind.endswith(("_call", "tool_use")):
        return _called(kind, part, inner)
    return (Other(kind, _said(part, "tool_name") or as_json(part)),)


_TEXTS = frozenset("text logs input_text output_text summary_text reasoning_text".split())
_THOUGHTS = frozenset("thinking redacted_thinking reasoning thought compaction".split())
_INSIDE = frozenset("user_input model_output message message.input message.output search_result".split())
_CALLS = frozenset("tool_call function.call tool.execution function".split())
_ATTACHED = {
    "image": "image", "image_url": "image", "input_image": "image", "output_image": "image",
    "input_audio": "audio", "audio": "audio", "output_audio": "audio", "audio_url": "audio",
    "video": "video", "video_url": "video", "input_video": "video",
    "file": "file", "input_file": "file", "document_url": "file", "container_upload": "file",
}  # fmt: skip


def _said(part: Part, *names: str) -> str:
    return next((clipped(t) for name in names if isinstance(t := part.get(name), str)), "")


def _thought(part: Part, inner: Inner) -> tuple[Block, ...]:
    """Plain, as a list of texts, as a summary; or withheld, as a code."""
    values = [part.get(name) for name in ("thinking", "summary", "content", "text")]
    texts = [
        block.text for value in values for block in inner(value) if isinstance(block, Text) and block.text
    ]
    return (Thinking("\n\n".join(texts) or NOT_SHOWN),)


def _called(kind: str, part: Part, inner: Inner) -> tuple[Block, ...]:
    """A call; what its provider has made of it at once comes along."""
    function = part.get("function")
    source = function if isinstance(function, dict) else part
    name = _said(source, "name") or kind.removesuffix("_call")
    given = next((source[n] for n in _ARGUMENTS if source.get(n) not in (None, "")), "")
    id = _said(part, "call_id", "id")[:256]
    blocks: list[Block] = [ToolCall(name[:256], as_json(given), id)]
    if kind == "image_generation_call":
        return (*blocks, attachment("image", part)) if part.get("result") else tuple(blocks)
    for name in ("output", "outputs", "results", "error"):
        if part.get(name):
            blocks.append(ToolResult(id, inner(part[name]), name == "error"))
    return tuple(blocks)


_ARGUMENTS = ("arguments", "input", "action", "code", "queries", "args", "parameters")


def _result(part: Part, inner: Inner) -> ToolResult:
    id = _said(part, *_ANSWERS)[:256]
    content = next(
        (part[n] for n in ("content", "output", "result", "outputs") if part.get(n) is not None), None
    )
    return ToolResult(id, inner(content), part.get("is_error") is True)


def _found(kind: str, part: Part, inner: Inner) -> tuple[Block, ...]:
    """What a tool of the provider's found or wrote, without what only the provider reads."""
    page = " ".join(said for name in ("title", "url") if (said := _said(part, name)))
    written = [said for name in ("text", "stdout", "stderr") if (said := _said(part, name))]
    content = part.get("content")
    within = inner(content) if content else ()
    told = "\n".join([page, *written] if page else written)
    if not told and not within:
        return (Other(kind, as_json(part)),)
    return (Other(kind, told), *within)


def document(part: Part, inner: Inner) -> tuple[Block, ...]:
    """A document: Anthropic's may be a text or a content, Cohere's are data."""
    source = part.get("source")
    if isinstance(source, dict) and source.get("type") == "text":
        return (Text(_said(source, "data")),)
    if isinstance(source, dict) and source.get("type") == "content":
        return inner(source.get("content"))
    if isinstance(given := part.get("document"), str | dict) and "source" not in part:
        return (Other("document", as_json(given)),)
    return (attachment("file", part),)
