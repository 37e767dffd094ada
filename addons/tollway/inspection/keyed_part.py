"""Parts of a content that are known by what they have: Gemini's and Bedrock's."""

from collections.abc import Callable, Mapping
from typing import Any

from tollway.inspection.as_json import as_json
from tollway.inspection.attachment import attachment
from tollway.inspection.conversation import (
    LONGEST,
    Block,
    Other,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
    clipped,
)
from tollway.inspection.typed_part import NOT_SHOWN, Inner
from tollway.wire.counts import part as member
from tollway.wire.counts import text

type Part = Mapping[str, Any]


def keyed_part(part: Part, inner: Inner) -> tuple[Block, ...]:
    """What a part says; one that nothing here knows is shown as JSON."""
    known = [name for name in _READS if name in part]
    if not known and part:
        return (Other("", as_json(part)),)
    return tuple(block for name in known for block in _READS[name](part, name, inner))


def _text(part: Part, name: str, inner: Inner) -> tuple[Block, ...]:
    value = part[name]
    if not isinstance(value, str):
        return inner(value)
    return (Thinking(clipped(value)) if part.get("thought") is True else Text(clipped(value)),)


def _call(part: Part, name: str, inner: Inner) -> tuple[Block, ...]:
    call = member(part, name)
    given = call.get("args", call.get("input", ""))
    called = text(call, "name") or text(call, "toolUseId") or name
    return (ToolCall(called, as_json(given), text(call, "id") or text(call, "toolUseId") or ""),)


def _result(part: Part, name: str, inner: Inner) -> tuple[Block, ...]:
    answer = member(part, name)
    id = text(answer, "toolUseId") or text(answer, "id") or text(answer, "name") or ""
    content = (
        inner(answer["content"]) if "content" in answer else (Text(as_json(answer.get("response", ""))),)
    )
    return (ToolResult(id, content, answer.get("status") == "error"),)


def _thought(part: Part, name: str, inner: Inner) -> tuple[Block, ...]:
    thought = member(part, name)
    said = text(member(thought, "reasoningText") or thought, "text", LONGEST)
    return (Thinking(said or NOT_SHOWN),)


def _code(part: Part, name: str, inner: Inner) -> tuple[Block, ...]:
    return (ToolCall(name, as_json(member(part, name).get("code", ""))),)


def _ran(part: Part, name: str, inner: Inner) -> tuple[Block, ...]:
    ran = member(part, name)
    return (ToolResult(name, (Text(as_json(ran.get("output", ""))),), ran.get("outcome") != "OUTCOME_OK"),)


def _inside(part: Part, name: str, inner: Inner) -> tuple[Block, ...]:
    value = part[name]
    inside = (
        next((value[n] for n in ("content", "text") if n in value), value)
        if isinstance(value, dict)
        else value
    )
    return inner(inside)


def _json(part: Part, name: str, inner: Inner) -> tuple[Block, ...]:
    return (Text(as_json(part[name])),)


def _attached(kind: str) -> "Read":
    return lambda part, name, inner: (attachment(kind, part[name]),)


def _nothing(part: Part, name: str, inner: Inner) -> tuple[Block, ...]:
    return ()


type Read = Callable[[Part, str, Inner], tuple[Block, ...]]
_READS: dict[str, Read] = {
    "text": _text,
    "functionCall": _call,
    "function_call": _call,
    "toolUse": _call,
    "functionResponse": _result,
    "function_response": _result,
    "toolResult": _result,
    "reasoningContent": _thought,
    "executableCode": _code,
    "executable_code": _code,
    "codeExecutionResult": _ran,
    "code_execution_result": _ran,
    "content": _inside,
    "parts": _inside,
    "prompt": _inside,
    "citationsContent": _inside,
    "guardContent": _inside,
    "inlineData": _attached("file"),
    "inline_data": _attached("file"),
    "fileData": _attached("file"),
    "file_data": _attached("file"),
    "image": _attached("image"),
    "image_url": _attached("image"),
    "b64_json": _attached("image"),
    "bytesBase64Encoded": _attached("file"),
    "gcsUri": _attached("file"),
    "video": _attached("video"),
    "audio": _attached("audio"),
    "document": _attached("file"),
    "json": _json,
    "cachePoint": _nothing,
    "thoughtSignature": _nothing,
}
"""By the members that tell what a part is."""
