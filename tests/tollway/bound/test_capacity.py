"""What models read and write at most."""

import pytest

from tollway.bound.capacity import UNKNOWN, capacity_of


@pytest.mark.parametrize(
    ("provider", "model", "context", "output"),
    [
        ("anthropic", "claude-opus-4-8", 1_000_000, 128_000),
        ("anthropic", "claude-sonnet-4-5-20250929", 1_000_000, 64_000),
        ("anthropic", "claude-haiku-4-5", 200_000, 64_000),
        ("anthropic", "claude-haiku-5-5", 1_000_000, 128_000),
        ("anthropic", "claude-3-5-sonnet-20241022", 200_000, 8_192),
        ("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", 1_000_000, 64_000),
        ("bedrock", "global.anthropic.claude-opus-4-6-v1", 1_000_000, 128_000),
        ("bedrock", "us.amazon.nova-lite-v1:0", 300_000, 10_240),
        ("vertex", "claude-opus-4@20250514", 200_000, 32_000),
        ("openrouter", "anthropic/claude-sonnet-4.5", 1_000_000, 64_000),
        ("openai", "gpt-6.1-sol", 1_050_000, 128_000),
        ("openai", "gpt-4o", 128_000, 16_384),
        ("openai", "gpt-4o-mini", 128_000, 16_384),
        ("openai", "ft:gpt-4.1-mini-2025-04-14:org::id", 1_047_576, 32_768),
        ("openai", "o4-mini", 200_000, 100_000),
        ("gemini", "models/gemini-2.5-pro", 1_048_576, 65_536),
        ("gemini", "gemini-4-argon", 1_048_576, 1_048_576),
    ],
)
def test_a_model_s_limits_are_those_of_its_page(provider: str, model: str, context: int, output: int) -> None:
    """By the name it is asked for, whatever region or publisher stands before it."""
    found = capacity_of(provider, model)

    assert (found.context, found.max_output) == (context, output)


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("openai", None),
        ("openai", "gpt-7"),
        ("anthropic", "claude-opus-9"),
        ("gemini", "gemini-3.1-flash-image-preview"),
        ("azure", "gpt-4o"),
        ("bedrock", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"),
    ],
)
def test_a_name_that_says_nothing_has_no_known_limits(provider: str, model: str | None) -> None:
    """Models to come, deployments and profiles: customers name those as they like."""
    assert capacity_of(provider, model) == UNKNOWN


def test_a_name_longer_than_any_model_s_is_none() -> None:
    """Clients choose names, and each that is looked up is remembered."""
    assert capacity_of("anthropic", "claude-opus-4-8".ljust(256, "x")) != UNKNOWN
    assert capacity_of("anthropic", "claude-opus-4-8".ljust(257, "x")) == UNKNOWN


def test_an_image_of_a_model_for_pictures_has_a_known_most() -> None:
    """High-resolution models of Anthropic's: 4,784; gpt-4o-mini: 2,833 + 8 tiles of 5,667 = 48,169."""
    assert capacity_of("anthropic", "claude-opus-4-8").image == 5_000
    assert capacity_of("openai", "gpt-4o-mini").image == 49_000
    assert capacity_of("gemini", "gemini-2.5-pro").image is None
