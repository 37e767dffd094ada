"""How much a model is to think, where it is known to have levels."""

from typing import Any

import pytest

from tollway.translation.effort import reasoning_effort
from tollway.translation.refused import Refused


def enabled(budget: int) -> dict[str, Any]:
    """Thoughts within a budget."""
    return {"thinking": {"type": "enabled", "budget_tokens": budget}}


ADAPTIVE = {"thinking": {"type": "adaptive", "display": "omitted"}}


@pytest.mark.parametrize(
    ("body", "level"),
    [
        ({}, None),
        (enabled(1024), "low"),
        (enabled(4096), "medium"),
        (enabled(32_000), "high"),
        (ADAPTIVE, "high"),
        (ADAPTIVE | {"output_config": {"effort": "low"}}, "low"),
        (enabled(32_000) | {"output_config": {"effort": "medium"}}, "medium"),
        ({"output_config": {"effort": "xhigh"}}, "high"),
        (ADAPTIVE | {"output_config": {"effort": "max"}}, "high"),
        ({"thinking": {"type": "disabled"}, "output_config": {"effort": "high"}}, "low"),
    ],
)
def test_thinking_and_effort_are_a_level(body: dict[str, Any], level: str | None) -> None:
    assert reasoning_effort(body, "gpt-5-mini", tools=True) == level


@pytest.mark.parametrize(
    ("model", "tools", "level"),
    [
        ("o3", True, "high"), ("o1", True, "high"), ("o1-mini", False, None), ("gpt-4o", False, None),
        ("gpt-5-chat-latest", False, None), ("openai/gpt-oss-120b", True, "high"),
        ("openai/gpt-5.4", True, "high"), ("llama-3.3-70b", False, None),
        ("mistral-large-latest", False, None),
        ("gpt-5.1", True, "high"), ("gpt-5.4", False, "high"), ("gpt-5.4", True, None),
        ("gpt-5.6-luna", False, "high"), ("gpt-5.6-luna", True, "none"), ("gpt-6-astra", True, None),
    ],
)  # fmt: skip
def test_who_is_not_known_to_take_a_level_gets_none(model: str, tools: bool, level: str | None) -> None:
    """OpenAI's newer models take none beside tools in Chat."""
    assert reasoning_effort(ADAPTIVE, model, tools) == level


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"thinking": {"type": "deep"}}, "thinking: deep is not known"),
        ({"thinking": {"type": "enabled", "keep": 1}}, "thinking.keep: OpenAI Chat has nothing like it"),
        ({"output_config": {"effort": "utmost"}}, "output_config.effort: utmost is not known"),
        ({"output_config": {"effort": ["low"]}}, "output_config.effort: ['low'] is not known"),
    ],
)
def test_what_is_not_known_is_refused_whatever_the_model(body: dict[str, Any], says: str) -> None:
    with pytest.raises(Refused, match=says.replace("[", r"\[")):
        reasoning_effort(body, "llama", tools=False)
