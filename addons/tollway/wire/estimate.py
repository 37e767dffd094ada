"""What an answer that reports no usage probably used: its texts, counted."""

import math
import re
from collections.abc import Callable, Iterable

from tollway.model import Usage

PER_CALL = 3
"""Tokens that open the answer."""
PER_TEXT = 4
"""Tokens around each text: roles, separators, the marks of tools."""
MARGIN = 1.4
"""Tokens that others make of what is one of OpenAI's: Claude 1.1 to 1.5 in recorded answers, others less."""
COUNTED = 2_000_000
"""Characters that are counted; the rest of a longer input is taken to be like them."""

_OPENAI = re.compile(r"(?:^|[/:])(?:gpt-|chatgpt|o\d|codex|text-embedding-|computer-use)")


def estimate(
    input_texts: Iterable[str], delivered: bytes | str, count: Callable[[str], int], model: str | None
) -> Usage:
    """Input and output tokens, rather too many than too few; hidden reasoning shows in no text.

    `count` counts as OpenAI's models do: for others MARGIN is added.
    """
    margin = 1.0 if _OPENAI.search(model or "") else MARGIN
    if isinstance(delivered, bytes):
        delivered = delivered.decode("utf-8", "replace")
    return Usage(
        input_tokens=math.ceil(_counted(input_texts, count, PER_TEXT) * margin) + PER_CALL,
        output_tokens=math.ceil(_counted([delivered], count, 0) * margin),
    )


def _counted(texts: Iterable[str], count: Callable[[str], int], around: int) -> float:
    tokens = overhead = characters = uncounted = 0
    for text in texts:
        overhead += around
        part = text[: COUNTED - characters]
        tokens += count(part)
        characters += len(part)
        uncounted += len(text) - len(part)
    return overhead + tokens + (uncounted * tokens / characters if uncounted else 0)
