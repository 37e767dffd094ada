"""How much a model is to think: Anthropic's thinking and effort as a level of `reasoning_effort`.

It only tunes the answer, so it is left out where the model is not known to have such levels: others refuse
the whole request for it. https://developers.openai.com/api/docs/guides/reasoning,
https://platform.claude.com/docs/en/build-with-claude/effort
"""

import re
from collections.abc import Mapping
from typing import Any

from tollway.translation.refused import Refused, check_members
from tollway.wire.counts import count, part

_TAKES = re.compile(
    r"(?:.*/)?(?:o1(?!-mini|-preview)|o[3-9]|gpt-oss|gpt-(?:[5-9]|\d\d)(?!.*chat))", re.IGNORECASE
)
"""Models that have the levels low, medium and high."""
_NOT_WITH_TOOLS = re.compile(r"gpt-(?:5\.[2-9]|[6-9])", re.IGNORECASE)
"""Models of OpenAI's that refuse a level beside tools in Chat: they want `/v1/responses` for that."""
_ONLY_NONE_WITH_TOOLS = re.compile(r"gpt-5\.[6-9]", re.IGNORECASE)
"""Those among them whose own default is refused, too."""
_KINDS = (None, "enabled", "adaptive", "disabled")
_EFFORTS: Mapping[str, str] = {
    "low": "low", "medium": "medium", "high": "high", "xhigh": "high", "max": "high",
}  # fmt: skip
"""Not all models have what is above high, which is Anthropic's own default."""
_BUDGETS = ((4096, "low"), (16384, "medium"))
"""Tokens of thoughts below which a level is meant."""


def reasoning_effort(body: Mapping[str, Any], model: str, tools: bool) -> str | None:
    """The level that a request asks for; None: none is to be sent. `tools`: it has some.

    Raises `Refused` if what it asks for is not known.
    """
    level = _level(body)
    if not _TAKES.match(model):
        return None
    if tools and _NOT_WITH_TOOLS.match(model):
        return "none" if _ONLY_NONE_WITH_TOOLS.match(model) else None
    return level


def _level(body: Mapping[str, Any]) -> str | None:
    thinking, effort = part(body, "thinking"), part(body, "output_config").get("effort")
    check_members("thinking.", thinking, ("type", "budget_tokens", "display"))
    kind = thinking.get("type")
    if kind not in _KINDS:
        raise Refused(f"thinking: {kind} is not known")
    if effort is not None and (not isinstance(effort, str) or effort not in _EFFORTS):
        raise Refused(f"output_config.effort: {effort} is not known")
    if kind == "disabled":
        return "low"
    if kind == "enabled" and effort is None:
        budget = count(thinking.get("budget_tokens")) or 0
        return next((level for below, level in _BUDGETS if budget < below), "high")
    if effort is None:
        return None if kind is None else "high"
    return _EFFORTS[effort]
