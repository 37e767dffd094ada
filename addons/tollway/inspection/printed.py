"""A conversation as plain text, for a terminal, a pager or a browser."""

import re
from collections.abc import Iterable, Iterator

import orjson

from tollway.inspection.conversation import (
    Attachment,
    Block,
    Conversation,
    Refusal,
    Text,
    Thinking,
    ToolCall,
    ToolResult,
)

MOST = 4 * 2**20
"""Characters of a text."""
_WIDE = 100
"""Characters of arguments that stay on one line."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""What would move a terminal's cursor, or turn its text round."""


def as_text(conversation: Conversation) -> str:
    """Turn by turn: who, then what. No control characters are in it, but tabs and line feeds."""
    parts = list(_parts(conversation))
    text = "\n\n".join(parts) + "\n" if parts else ""
    text = _CONTROL.sub("�", text.replace("\r\n", "\n"))
    return text if len(text) <= MOST else f"{text[:MOST]}\n[... {len(text) - MOST:,} more characters]\n"


def _parts(conversation: Conversation) -> Iterator[str]:
    if conversation.tools:
        yield f"tools: {', '.join(map(_line, conversation.tools))}"
    for turn in conversation.turns:
        yield "\n".join([f"── {_line(turn.role)} ──", *_lines(turn.blocks)])
    if conversation.remarks:
        yield "\n".join(f"! {_line(remark)}" for remark in conversation.remarks)


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Text(text):
                yield text
            case Thinking(text):
                yield f"[thinking]\n{_set_in(text)}"
            case Refusal(text):
                yield f"[refusal] {text}"
            case ToolCall(name, arguments, id):
                yield _called(name, arguments, id)
            case ToolResult(id, inner, failed):
                head = f"[result{_behind(id)}{', failed' if failed else ''}]"
                yield "\n".join([head, *(_set_in(line) for line in _lines(inner))])
            case Attachment():
                yield _attached(block)
            case _:
                yield f"[{_line(block.kind)}] {block.text}" if block.kind else block.text


def _called(name: str, arguments: str, id: str) -> str:
    try:
        value = orjson.loads(arguments)
        if len(arguments) > _WIDE:
            arguments = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except (ValueError, TypeError):
        pass  # no JSON, or deeper than it writes: as it came
    return f"[call {_line(name)}{_behind(id)}]" + (f"\n{_set_in(arguments)}" if arguments else "")


def _attached(block: Attachment) -> str:
    size = "" if block.size is None else f"{block.size:,} bytes"
    return f"[{', '.join(_line(said) for said in (block.kind, block.media, size, block.place) if said)}]"


def _behind(id: str) -> str:
    return f" {_line(id)}" if id else ""


def _line(text: str) -> str:
    """A name as one line: what callers and models wrote there looks like no turn."""
    return " ".join(text.split())


def _set_in(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.split("\n"))
