"""Each model is told how hard to think in the words that it knows."""

from typing import Any

import pytest

from tollway.routing.effort import EFFORTS, effort

LEVEL, BUDGET = "thinkingLevel", "thinkingBudget"


def told(dialect: str, model: str, value: str | None, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What is put, by the name of the innermost member; None: it is taken out."""
    edits = effort(dialect, model, value, body, **more)
    return {path[-1] if isinstance(path[-1], str) else path[-1][0]: new for path, new in edits}


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("o3-mini", "low low low medium high high"),
        ("openai/gpt-oss-120b", "low low low medium high high"),
        ("gpt-5-mini-2025-08-07", "minimal minimal low medium high high"),
        ("gpt-5-pro", "high high high high high high"),
        ("gpt-5-codex", "low low low medium high high"),
        ("gpt-5.1-codex-max", "low low low medium high xhigh"),
        ("gpt-5.1", "none none low medium high high"),
        ("gpt-5.4-pro", "medium medium medium medium high xhigh"),
        ("gpt-5.6-sol", "none none low medium high xhigh"),
        ("gpt-6", "none none low medium high xhigh"),
        ("grok-3-mini", "low low low low high high"),
        ("kimi-k3", "none minimal low medium high xhigh"),
    ],
)
def test_who_speaks_openais_formats_gets_the_nearest_word(model: str, words: str) -> None:
    """The lower one of two. Of models that nobody knows, whatever is said."""
    chat = [told("openai_chat", model, word, {})["reasoning_effort"] for word in EFFORTS]
    responses = [told("openai_responses", model, word, {})["effort"] for word in EFFORTS]

    assert chat == words.split()
    assert responses == chat


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-5-chat-latest", "grok-4-fast", "grok-code-fast-1"])
@pytest.mark.parametrize("dialect", ["openai_chat", "openai_responses"])
def test_a_model_that_takes_none_gets_none(dialect: str, model: str) -> None:
    assert effort(dialect, model, "low", {}) == []


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("claude-sonnet-4-6", "low low medium high high"),
        ("us.anthropic.claude-opus-4-8-v1:0", "low low medium high xhigh"),
        ("claude-opus-5-5", "low low medium high xhigh"),
    ],
)
def test_claude_has_efforts(model: str, words: str) -> None:
    assert [told("anthropic_messages", model, w, {})["effort"] for w in EFFORTS[1:]] == words.split()


def test_claude_is_told_not_to_think_where_it_would() -> None:
    """And with its thoughts goes the clearing of old ones."""
    clearing = {"edits": [{"type": "clear_thinking_20251015"}, {"type": "clear_tool_uses_20250919"}]}
    body = {"thinking": {"type": "adaptive"}, "context_management": clearing}

    assert told("anthropic_messages", "claude-opus-4-8", "none", body) == {
        "thinking": {"type": "disabled"},
        "context_management": {"edits": [{"type": "clear_tool_uses_20250919"}]},
    }
    assert told("anthropic_messages", "claude-opus-4-8", "none", {"thinking": {"type": "disabled"}}) == {}
    assert told("anthropic_messages", "claude-fable-5", "none", body) == {"effort": "low"}


@pytest.mark.parametrize(
    ("value", "most", "budget"),
    [
        ("low", 32_000, 1024),
        ("medium", None, 8192),
        ("high", 10_000, 9_999),
        ("xhigh", 64_000, 24_576),
    ],
)
def test_claudes_before_have_budgets_below_the_maximum(value: str, most: int | None, budget: int) -> None:
    body = {"thinking": {"type": "enabled", "budget_tokens": 5000}}

    assert told("anthropic_messages", "claude-sonnet-4-5", value, body, most=most) == {
        "budget_tokens": budget
    }


@pytest.mark.parametrize(
    ("body", "most"), [({}, None), ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, 1024)]
)
def test_who_has_not_asked_for_thoughts_or_has_no_room_for_them_is_left_alone(
    body: dict[str, Any], most: int | None
) -> None:
    assert told("anthropic_messages", "claude-sonnet-4-5", "high", body, most=most) == {}


def test_at_another_provider_claude_has_no_efforts() -> None:
    """Not all know them."""
    assert told("anthropic_messages", "claude-opus-4-8", "low", {}, same_provider=False) == {}


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("gemini-3-pro-preview", "low low low low high high"),
        ("gemini-3.1-pro-preview", "low low low medium high high"),
        ("gemini-3-flash-preview", "minimal minimal low medium high high"),
        ("gemini-3.8-flash", "low low low medium high high"),
        ("gemini-flash-latest", "low low low medium high high"),
    ],
)
def test_gemini_has_levels_and_no_budget_beside_them(model: str, words: str) -> None:
    found = [told("gemini", model, word, {}) for word in EFFORTS]

    assert [each[LEVEL] for each in found] == words.split()
    assert all(each[BUDGET] is None for each in found)


def test_gemini_before_has_budgets_and_the_first_ones_nothing() -> None:
    flash = [told("gemini", "gemini-2.5-flash", word, {}) for word in EFFORTS]

    assert [each[BUDGET] for each in flash] == [0, 1024, 1024, 8192, 24_576, 24_576]
    assert all(each[LEVEL] is None for each in flash)
    assert told("gemini", "models/gemini-2.5-pro", "none", {})[BUDGET] == 128
    assert effort("gemini", "gemini-2.0-flash", "low", {}) == []
    assert effort("gemini", "gemma-4-27b-it", "low", {}) == []


@pytest.mark.parametrize(
    ("dialect", "names"),
    [
        ("openai_chat", ["reasoning_effort"]),
        ("openai_responses", ["effort"]),
        ("anthropic_messages", ["effort"]),
        ("gemini", [LEVEL, BUDGET]),
    ],
)
def test_no_effort_leaves_it_to_the_model(dialect: str, names: list[str]) -> None:
    assert told(dialect, "m", None, {}) == dict.fromkeys(names)
