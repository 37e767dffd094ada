"""Names of tools, and ids of their calls, that both sides take."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

LONGEST_NAME = 64
"""Letters of a function's name in Chat; Anthropic takes twice as many, which tools of MCP servers need."""
_CALL_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""Ids that OpenAI takes back."""
_NINE = re.compile(r"[A-Za-z0-9]{9}")
"""Ids that Mistral takes back."""
_USE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""Ids that Anthropic takes back, where the conversation may go on."""
_DIGITS = 9


def shortened(name: str) -> str:
    """The name, or one of the same beginning that is short enough, and always the same."""
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - _DIGITS - 1]}_{_hash(name)}"


def lengthened(tools: list[Any]) -> Mapping[str, str]:
    """The names of those tools that have to be shortened, by what they become."""
    names = [tool.get("name") for tool in tools if isinstance(tool, dict)]
    return {shortened(name): name for name in names if isinstance(name, str) and len(name) > LONGEST_NAME}


def call_id(id: str, nine: bool) -> str:
    """The id of a call as the target takes it; `nine`: it takes nine letters and digits alone (Mistral)."""
    return id if (_NINE if nine else _CALL_ID).fullmatch(id) else _hash(id)


def use_id(id: object, answer: str, index: int) -> str:
    """The id of a call as Anthropic takes it: the call's own, or that of this block of this answer.

    Some servers name calls with signs that Anthropic refuses (Kimi's `functions.read:0`), or not at all.
    """
    return id if isinstance(id, str) and _USE_ID.fullmatch(id) else f"toolu_{answer[:48]}{index}"


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
