"""How hard a model is to think, in the words of each dialect: an effort, a level, or a budget of tokens.

A model that knows no such word gets the nearest that it knows, the lower of two; one that does not think, or
a request that has not asked for thoughts where they are told by a budget, is left as it is.

Sources: https://developers.openai.com/api/docs/guides/reasoning and the pages of its models;
https://platform.claude.com/docs/en/build-with-claude/effort; https://ai.google.dev/gemini-api/docs/thinking,
and .../docs/openai for the budgets that Google itself puts in the place of efforts;
https://docs.x.ai/docs/guides/reasoning (Grok 4 takes none).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tollway.routing.adapt import adapted, without_clearing
from tollway.wire.counts import part
from tollway.wire.edit import Path

Edit = tuple[Path, Any]
"""Where a member stands, and its new value; None: it is taken out."""

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")
"""From the least on."""
LEAST_BUDGET = 1024
"""Of Claude's thoughts."""

_CHAT: Path = ("reasoning_effort",)
_RESPONSES: Path = ("reasoning", "effort")
_CLAUDE: Path = ("output_config", "effort")
_THINKING = (("generationConfig", "generation_config"), ("thinkingConfig", "thinking_config"))
_LEVEL: Path = (*_THINKING, ("thinkingLevel", "thinking_level"))
_BUDGET: Path = (*_THINKING, ("thinkingBudget", "thinking_budget"))

_KNOWN: tuple[tuple[str, str], ...] = (
    (r"o\d|gpt-oss|gpt-5-codex|gpt-5\.1-codex(?!-max)", "low medium high"),
    (r"gpt-5-pro", "high"),
    (r"gpt-5\.\d+-pro", "medium high xhigh"),
    (r"(?:gpt-5[.\d]*-)?codex|gpt-5[.\d]*-codex", "low medium high xhigh"),
    (r"gpt-5(?!\.)", "minimal low medium high"),
    (r"gpt-5\.1(?!\d)", "none low medium high"),
    (r"gpt-(?:[5-9]|\d\d)", "none low medium high xhigh"),
    (r"grok-3-mini", "low high"),
    (r"grok-4(?!\.)|grok-code", ""),
)
"""What models take that speak OpenAI's formats, by how their names begin; of others nothing is known."""
_BUDGETS = {"none": 0, "minimal": 1024, "low": 1024, "medium": 8192, "high": 24_576, "xhigh": 24_576}
_GEMINI_BEFORE_2_5 = re.compile(r"gemini-(?:1|2\.0)|(?!gemini-)")
_GEMINI_2_5 = re.compile(r"gemini-2\.5")
_GEMINI_MINIMAL = re.compile(r"gemini-3(?:\.[1-6])?-flash|gemini-[\d.]+-flash-lite")
_LEAST_OF_PRO = 128


def effort(
    dialect: str,
    model: str,
    value: str | None,
    body: Mapping[str, Any],
    *,
    most: int | None = None,
    same_provider: bool = True,
) -> Sequence[Edit]:
    """The edits that have this model think so hard; of no effort (None), that leave it to the model.

    `most`: the output maximum, which a budget has to stay below. `same_provider`: as of `adapted`.
    """
    return _DIALECTS[dialect](model.lower().rpartition("/")[2], value, body, most, same_provider)


def _openai(path: Path) -> "_Effort":
    def edits(
        name: str, value: str | None, body: Mapping[str, Any], most: int | None, same: bool
    ) -> list[Edit]:
        if value is None:
            return [(path, None)]
        known = next((words for pattern, words in _KNOWN if re.match(pattern, name)), None)
        if known == "" or adapted("openai_chat", name, {"reasoning_effort": value}, same):
            return []
        return [(path, value if known is None else _nearest(value, known.split()))]

    return edits


def _claude(
    name: str, value: str | None, body: Mapping[str, Any], most: int | None, same: bool
) -> list[Edit]:
    kind = part(body, "thinking").get("type")
    if value is None:
        return [(_CLAUDE, None)]
    if value == "none" and not _must_think(name):
        if kind not in ("enabled", "adaptive"):
            return []
        return [
            (("thinking",), {"type": "disabled"}),
            *[((key,), new) for key, new in without_clearing(body).items()],
        ]
    if not adapted("anthropic_messages", name, {"output_config": {"effort": value}}, same):
        known = ["low", "medium", "high", *(() if _takes_budgets(name) else ("xhigh",))]
        return [(_CLAUDE, _nearest(value, known))]
    budget = _BUDGETS[value] if most is None else min(_BUDGETS[value], most - 1)
    return [(("thinking", "budget_tokens"), budget)] if kind == "enabled" and budget >= LEAST_BUDGET else []


def _must_think(name: str) -> bool:
    return isinstance(adapted("anthropic_messages", name, {"thinking": {"type": "disabled"}}, True), str)


def _takes_budgets(name: str) -> bool:
    return adapted("anthropic_messages", name, {"thinking": {"type": "enabled"}}, True) == {}


def _gemini(
    name: str, value: str | None, body: Mapping[str, Any], most: int | None, same: bool
) -> list[Edit]:
    if value is None:
        return [(_LEVEL, None), (_BUDGET, None)]
    if _GEMINI_BEFORE_2_5.match(name):
        return []
    if _GEMINI_2_5.match(name):
        least = _LEAST_OF_PRO if "pro" in name else 0
        return [(_LEVEL, None), (_BUDGET, max(_BUDGETS[value], least))]
    known = ["low", "medium", "high"]
    if _GEMINI_MINIMAL.match(name):
        known = ["minimal", *known]
    elif name.startswith("gemini-3-pro"):
        known = ["low", "high"]
    return [(_BUDGET, None), (_LEVEL, _nearest(value, known))]


def _nearest(value: str, known: Sequence[str]) -> str:
    at = EFFORTS.index(value)
    return min(known, key=lambda word: (abs(EFFORTS.index(word) - at), EFFORTS.index(word)))


_Effort = Callable[[str, str | None, Mapping[str, Any], int | None, bool], list[Edit]]
_DIALECTS: Mapping[str, _Effort] = {
    "openai_chat": _openai(_CHAT),
    "openai_responses": _openai(_RESPONSES),
    "anthropic_messages": _claude,
    "gemini": _gemini,
}
