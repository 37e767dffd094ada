"""How low an output maximum may be set: below it an answer would be an error, or of no use."""

from collections.abc import Iterator, Mapping
from typing import Any

from tollway.model import Asked, Endpoint
from tollway.wire.counts import count, part
from tollway.wire.output_fields import is_named

USEFUL = 256
"""Tokens in which a plain answer may say something."""
THOUGHTFUL = 4_096
"""The same for a model that thinks first, or calls tools: half an argument of a tool is worth nothing."""
LEAST: Mapping[str, int] = {"openai_responses": 16}
"""What formats take at the least, where it is more than one."""

_THINKERS = (
    "o1*", "o3*", "o4*", "gpt-5*", "gpt-6*", "codex*", "gpt-oss*", "openai.gpt-oss*", "*claude-opus-5*",
    "*claude-sonnet-5*", "*claude-haiku-5*", "*claude-fable-*", "*claude-mythos-*", "gemini-2.5-pro*",
    "gemini-2.5-flash*", "gemini-3*", "gemini-4*", "gemini-pro-latest*", "gemini-flash-latest*",
    "grok-3-mini*", "grok-4*", "grok-code*", "deepseek-reasoner*", "*deepseek-r*", "*deepseek.r*", "qwq*",
    "qwen3*", "magistral*", "glm-4.5*", "glm-4.6*", "glm-4.7*", "glm-5*", "kimi-k2-thinking*",
    "kimi-k2.5*", "kimi-k3*", "minimax-m*", "sonar-reasoning*", "sonar-deep-research*",
    "command-a-reasoning*", "*-thinking*", "*-reasoning*", "*-r1*",
)  # fmt: skip
"""Models that think unless a request says otherwise."""
_SPEAKERS = (
    "gpt-5*chat*", "gemini-2.5-flash-lite*", "*-non-reasoning*", "*-non-thinking*", "qwen3*-instruct*",
    "qwen3-coder*",
)  # fmt: skip
"""Models that do not, though the names above are theirs, too."""

Path = tuple[str, ...]

_CONFIGS = ("generationConfig", "generation_config")
_BUDGETS: tuple[Path, ...] = (
    ("thinking", "budget_tokens"),  # Anthropic
    ("thinking", "token_budget"),  # Cohere
    ("thinking_budget",),  # Qwen
    ("reasoning", "max_tokens"),  # OpenRouter
    ("additionalModelRequestFields", "thinking", "budget_tokens"),
    ("additionalModelRequestFields", "reasoning_config", "budget_tokens"),
    *((config, "thinkingConfig", "thinkingBudget") for config in _CONFIGS),
    *((config, "thinking_config", "thinking_budget") for config in _CONFIGS),
    ("extra_body", "google", "thinking_config", "thinking_budget"),
    ("google", "thinking_config", "thinking_budget"),
)
"""Thinking budgets, which count towards the maximum: it must stay above them."""
_SWITCHES: tuple[Path, ...] = (
    *_BUDGETS,
    ("thinking", "type"),
    ("reasoning_effort",),
    ("reasoning", "effort"),
    ("reasoning", "enabled"),
    ("enable_thinking",),
    ("chat_template_kwargs", "enable_thinking"),
    ("chat_template_kwargs", "thinking"),
    ("think",),  # Ollama
    ("reasoningConfig", "type"),  # Nova
    ("inferenceConfig", "reasoningConfig", "type"),
    ("additionalModelRequestFields", "reasoningConfig", "type"),
    ("additionalModelRequestFields", "thinking", "type"),
    ("additionalModelRequestFields", "reasoning_config", "type"),
    *((config, "thinkingConfig", "thinkingLevel") for config in _CONFIGS),
    *((config, "thinking_config", "thinking_level") for config in _CONFIGS),
    ("generation_config", "thinking_level"),
)
"""What turns thinking on or off."""
_OFF = (False, 0, "", "none", "disabled", "off")
_TOOLS: tuple[Path, ...] = (("tools",), ("functions",), ("toolConfig", "tools"))


def floor(endpoint: Endpoint, asked: Asked, parsed: Mapping[str, Any], own: int | None = None) -> int:
    """The lowest maximum that may be written into this request, in tokens.

    `own`: what the policy says instead of our opinion of what is useful; the format's own least and the
    thinking budget hold all the same.
    """
    inner = part(parsed, "request") or parsed if endpoint.dialect == "gemini" else parsed
    if own is None:
        own = THOUGHTFUL if _thinks(asked.model, inner) or _has_tools(inner) else USEFUL
    budget = max((n for value in _values(inner, _BUDGETS) if (n := count(value))), default=0)
    return max(own, LEAST.get(endpoint.dialect, 1), budget + 1 if budget else 0)


def _thinks(model: str | None, parsed: Mapping[str, Any]) -> bool:
    said = list(_values(parsed, _SWITCHES))
    if said:
        return any(value not in _OFF for value in said)
    return is_named(model, _THINKERS) and not is_named(model, _SPEAKERS)


def _has_tools(parsed: Mapping[str, Any]) -> bool:
    return any(_values(parsed, _TOOLS))


def _values(parsed: Mapping[str, Any], paths: tuple[Path, ...]) -> Iterator[Any]:
    """What stands at these paths, nulls left out."""
    for path in paths:
        value: Any = parsed
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            yield value
