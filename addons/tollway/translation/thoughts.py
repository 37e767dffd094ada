"""What another model thought, as thinking blocks of Anthropic's; and without these once they come back to it.

Anthropic signs its thoughts, and refuses a conversation in which one has another signature. So a block that
was made here has a mark in the place of one, and is taken out where the conversation goes on at Anthropic: as
Anthropic would leave out what another of its models thought.
"""

from collections.abc import Mapping
from typing import Any

from tollway.wire.edit import set_member

MARK = "dG9sbHdheTogdHJhbnNsYXRlZCB0aG91Z2h0cywgbm90IHNpZ25lZA=="
"""The signature of a block that was made here."""
_MARK = MARK.encode()


def without_ours(body: bytes, parsed: Mapping[str, Any]) -> bytes | None:
    """The body of a Messages request without thoughts that were made here; None: there are none in it.

    `parsed`: its members.
    """
    messages = parsed.get("messages")
    if _MARK not in body or not isinstance(messages, list):
        return None
    kept = [message for message in map(_without, messages) if message is not None]
    return None if kept == messages else set_member(body, "messages", kept)


def _without(message: Any) -> Any:
    """The message; None if it was nothing but thoughts."""
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, list):
        return message
    kept = [block for block in content if not _is_ours(block)]
    if len(kept) == len(content):
        return message
    return {**message, "content": kept} if kept else None


def _is_ours(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") == "thinking" and block.get("signature") == MARK
