"""What models can't do is known of those that are well known, and never guessed."""

from importlib import resources
from typing import Any

import pytest
import yaml
from genai_prices.data import providers

from tollway.bound.capacity import capacity_of
from tollway.routing.abilities import IMAGES, THINKING, TOOLS, UNKNOWN, abilities_of

ROWS: list[dict[str, Any]] = yaml.safe_load(
    (resources.files("tollway.routing") / "abilities.yaml").read_text("utf-8")
)


@pytest.mark.parametrize(
    ("provider", "model", "context", "lacks"),
    [
        ("openai", "gpt-4o-2024-11-20", None, {THINKING}),
        ("openai", "o3-mini", None, {IMAGES}),
        ("openai", "chatgpt-4o-latest", None, {TOOLS, THINKING}),
        ("groq", "openai/gpt-oss-120b", None, {IMAGES}),
        ("groq", "mixtral-8x7b-32768", 32_768, {IMAGES, THINKING}),
        ("groq", "llama-3.3-70b-versatile", 131_072, {IMAGES, THINKING}),
        ("together", "meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo", 131_072, {IMAGES, THINKING}),
        ("bedrock", "us.meta.llama4-scout-17b-instruct-v1:0", 10_485_760, {THINKING}),
        ("anthropic", "claude-3-5-haiku-20241022", None, {THINKING}),
        ("bedrock", "anthropic.claude-v2:1", 200_000, {TOOLS, IMAGES, THINKING}),
        ("gemini", "models/gemini-2.0-flash", None, {THINKING}),
        ("gemini", "gemini-2.0-flash-thinking-exp", None, set()),
        ("mistral", "open-mistral-nemo", 131_072, {IMAGES, THINKING}),
        ("mistral", "codestral-2508", 262_144, {IMAGES, THINKING}),
        ("deepseek", "deepseek-chat", None, {IMAGES}),
        ("xai", "grok-2-vision-1212", 32_768, {THINKING}),
        ("ollama", "qwen3:8b", None, {IMAGES}),
        ("openrouter", "qwen/qwen-2.5-coder-32b-instruct", 131_072, {IMAGES, THINKING}),
    ],
)
def test_a_well_known_model_has_what_its_page_says(
    provider: str, model: str, context: int | None, lacks: set[str]
) -> None:
    found = abilities_of(provider, model)

    assert (found.context, set(found.lacks)) == (context, lacks)


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("openai", None),
        ("openai", "gpt-7"),
        ("openai", "gpt-5.6-sol"),
        ("anthropic", "claude-opus-4-8"),
        ("mistral", "mistral-large-latest"),
        ("azure", "gpt-3.5-turbo"),
        ("anthropic", "claude-2".ljust(257, "x")),
    ],
)
def test_what_is_not_known_to_lack_anything_is_in_nobodys_way(provider: str, model: str | None) -> None:
    """Models to come, aliases whose meaning changes, deployments."""
    assert abilities_of(provider, model) == UNKNOWN


def test_each_row_holds_for_what_it_names() -> None:
    """None before it takes its names away; and each says something that it is there for."""
    for row in ROWS:
        expected = (row.get("context"), frozenset(row.get("lacks", ())))
        for glob in row["models"]:
            found = abilities_of("x", glob.replace("*", "zz"))
            assert (found.context, found.lacks) == expected, glob
        assert row.keys() <= {"models", "context", "lacks"}
        assert set(row.get("lacks", ())) <= {TOOLS, IMAGES, THINKING}


LISTED = {
    (one.id, model.id): model.context_window
    for one in providers
    for model in one.models
    if model.context_window
}


def test_no_context_is_below_what_a_price_list_knows_of_any_host() -> None:
    short = {
        name: (known, listed)
        for name, listed in LISTED.items()
        if (known := abilities_of("x", name[1]).context) is not None and known < listed
    }

    assert short == {}
    assert sum(abilities_of("x", model).context is not None for _, model in LISTED) > 50


def test_no_context_is_in_both_tables() -> None:
    both = [
        model for _, model in LISTED if abilities_of("x", model).context and capacity_of("x", model).context
    ]

    assert both == []
