"""Which entry of the price list a call means."""

import pytest

from tests.tollway.prices.calls import EACH, SMALL, price
from tollway.model import Source


@pytest.mark.parametrize(
    ("provider", "asked", "served"),
    [
        ("gemini", "gemma-4-31b-it", None),
        ("gemini", "gemma-3-27b-it", "models/gemma-3-27b-it"),
        ("openai", "omni-moderation-latest", "omni-moderation-latest"),
        ("openrouter", "google/gemini-2.0-flash-exp:free", "google/gemini-2.0-flash-exp"),
        ("openrouter", "google/gemini-2.0-flash-exp:free", None),
        ("copilot", "gpt-4o", "gpt-4o-2024-11-20"),
        ("ollama", "gpt-oss:20b", "gpt-oss:20b"),
    ],
)
def test_deliberately_free_models_cost_nothing_and_say_so(
    provider: str, asked: str, served: str | None
) -> None:
    cost = price(provider, asked, model=served, **EACH)

    assert (cost.nano, cost.source, cost.flags) == (0, Source.COMPUTED, ("free",))


def test_a_paid_model_that_served_in_a_free_ones_stead_is_not_free() -> None:
    cost = price("openrouter", "google/gemini-2.0-flash-exp:free", model="openai/gpt-5", **EACH)

    assert cost.nano == 11_250_000_000


def test_an_entry_without_prices_is_unknown_unless_it_is_deliberately_free() -> None:
    """Gemma has no price on the Gemini API, where it is free, and none on Vertex, where it is not."""
    assert price("vertex", "gemma-4-31b-it", **EACH).flags == ("unknown_price",)
    assert price("cerebras", "qwen-3-coder-480b", **EACH).flags == ("unknown_price",)


def test_a_router_that_was_told_who_is_to_serve_costs_what_that_one_asks() -> None:
    """It does not repeat it; one that chose by itself may have chosen the dearest."""
    served = "openai/gpt-oss-120b"
    told, free = (
        price("huggingface", f"{served}{upstream}", model=served, **EACH) for upstream in (":nebius", "")
    )

    assert (told.nano, told.flags) == (750_000_000, ())
    assert free.nano > told.nano


def test_the_model_that_served_comes_before_the_one_that_was_asked_for() -> None:
    assert price("azure", "production", model="gpt-4o-2024-11-20", **EACH).nano == 12_500_000_000
    assert price("openai", "gpt-5", model="gpt-5-nano-2025-08-07", **EACH).nano == 450_000_000
    assert price("openai", "gpt-5", model="some-internal-name", **EACH).nano == 11_250_000_000


@pytest.mark.parametrize(
    ("provider", "model", "version"),
    [
        ("openai", "gpt-5.5-2026-04-01", "openai/gpt-5.5 rule=date-suffix"),
        ("gemini", "models/gemini-2.5-pro", "google/gemini-2.5-pro rule=path"),
        ("openrouter", "openai/gpt-5:online", "openrouter/openai/gpt-5 rule=variant"),
        ("openai", "gpt-4o-2024-08-06", "openai/gpt-4o"),
        ("chatgpt", "gpt-6-sol", "openai/gpt-6-sol"),
        ("codex", "gpt-6-sol", "openai/gpt-6-sol"),
        ("code-assist", "gemini-2.5-pro", "google/gemini-2.5-pro"),
        ("xai", "grok-4.5", "x-ai/grok-4.5"),
        ("moonshot", "kimi-k2-0905-preview", "moonshotai/kimi-k2-0905-preview"),
        ("bedrock", "us.anthropic.claude-opus-5", "aws/regional.anthropic.claude-opus-5"),
        ("copilot", "claude-opus-5.5", "github-copilot/claude-opus-5.5"),
        ("zai", "glm-4.7", "zai/GLM-4.7"),
        ("novita", "zai-org/glm-4.6", "novita/zai-org/glm-4.6"),
        ("huggingface", "deepseek-ai/DeepSeek-R1:novita", "huggingface_novita/deepseek-ai/DeepSeek-R1"),
        ("huggingface", "deepseek-ai/DeepSeek-R1", "huggingface_together/deepseek-ai/DeepSeek-R1"),
        ("openai", "gpt-6.2-sol", "openai/gpt-6.1-sol supplement/gpt-6.2-sol"),
    ],
)
def test_the_price_version_says_which_entry_and_which_rule(provider: str, model: str, version: str) -> None:
    assert price(provider, model, **SMALL).price_version == f"genai-prices 0.2.3 {version}"


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("gemini", "gemini-3.8-flash-lite"),
        ("gemini", "gemini-2.5-pro-ultra"),
        ("gemini", "gemini-4-argon-2-lite"),
        ("anthropic", "claude-sonnet-4-5-ultra"),
        ("anthropic", "claude-opus-5-9"),
        ("openai", "gpt-6-sol-pro"),
    ],
)
def test_a_new_model_does_not_get_its_namesakes_price(provider: str, model: str) -> None:
    assert price(provider, model, **SMALL).flags == ("unknown_price",)
