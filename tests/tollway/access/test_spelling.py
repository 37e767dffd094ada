"""All names of one model, as providers and routers have them."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.access.spelling import MOST_FORMS, _spelled, family, meant, nameless, spelled

OPUS = [
    "claude-opus-4-8",
    "CLAUDE-Opus-4-8",
    " claude-opus-4-8 ",
    "claude-opus-4-8-20260528",
    "claude-opus-4-8@20260528",
    "claude-opus-4-8@default",
    "claude-opus-4-8-latest",
    "claude-opus-4-8[1m]",
    "anthropic/claude-opus-4-8",
    "anthropic/claude-opus-4.8",
    "~anthropic/claude-opus-4.8",
    "anthropic/claude-4.8-opus-20260528",
    "anthropic/claude-opus-4.8:thinking",
    "claude-opus-4.8",
    "anthropic.claude-opus-4-8",
    "anthropic.claude-opus-4-8-v1",
    "anthropic.claude-opus-4-8-v1:0",
    "anthropic.claude-opus-4-8-20260528-v1:0:200k",
    "us.anthropic.claude-opus-4-8-v1:0",
    "us-gov.anthropic.claude-opus-4-8-v1:0",
    "global.anthropic.claude-opus-4-8-v1:0",
    "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-8-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-8-v1:0",
    "publishers/anthropic/models/claude-opus-4-8",
    "models/claude-opus-4-8",
    "projects/p/locations/l/publishers/anthropic/models/claude-opus-4-8@20260528",
]
"""As Anthropic, Bedrock, Vertex, OpenRouter, Copilot and Claude Code call one model."""
ALIKE = [
    "databricks-claude-opus-4-8",
    "anthropic/claude-opus-4.8-fast",
    "anthropic/claude-opus-4.8:batch",
    "claude-opus-4-8-thinking",
    "claude-opus-4-8-preview",
]
"""What may be another model, and more likely is not."""


@pytest.mark.parametrize("name", OPUS)
def test_names_of_one_model_are_surely_its_own(name: str) -> None:
    assert "claude-opus-4-8" in spelled(name).sure
    assert spelled(name).is_clear


@pytest.mark.parametrize("name", ALIKE)
def test_what_may_be_another_model_is_so_only_loosely(name: str) -> None:
    found = spelled(name)

    assert "claude-opus-4-8" in found.loose - found.sure


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("gpt-5-pro-2025-10-06", "gpt-5-pro"),
        ("openai/gpt-5:online", "gpt-5"),
        ("models/gemini-2.5-pro-001", "gemini-2.5-pro"),
        ("mistral.mistral-large-2402-v1:0", "mistral-large"),
        ("openai.gpt-oss-120b-1:0", "gpt-oss-120b"),
        ("claude-opus-4-0", "claude-opus-4"),
        ("accounts/fireworks/models/kimi-k2", "kimi-k2"),
        ("accounts/fireworks/models/kimi-k2#accounts/me/deployments/x", "kimi-k2"),
    ],
)
def test_other_models_have_several_names_too(name: str, also: str) -> None:
    assert also in spelled(name).sure


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("databricks-gpt-5-1", "gpt-5.1"),
        ("openai-gpt-5.1", "gpt-5.1"),
        ("accounts/fireworks/models/deepseek-v3p2", "deepseek-v3.2"),
        ("ft:gpt-4.1-mini-2025-04-14:org:name:id", "gpt-4.1-mini"),
        ("openai/gpt-oss-120b:groq", "gpt-oss-120b"),
        ("gpt-oss:120b", "gpt-oss"),
        ("openai/o3-mini-high", "o3-mini"),
        ("gemini-2.5-pro-preview-05-06", "gemini-2.5-pro"),
    ],
)
def test_what_is_surely_a_name_of_its_own_may_be_anothers(name: str, also: str) -> None:
    found = spelled(name)

    assert also in found.loose - found.sure


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("gpt-5-mini", "gpt-5"),
        ("gpt-5.1", "gpt-5"),
        ("gpt-4-1106-preview", "gpt-4.1"),
        ("claude-opus-4-8", "claude-opus-4"),
        ("claude-haiku-4-5", "claude-opus-4-5"),
        ("gemini-2.5-flash-lite", "gemini-2.5-flash"),
        ("o3-mini", "o3"),
        ("mistral-medium", "mistral"),
        ("ft:gpt-4o:org::x", "ft"),
    ],
)
def test_another_model_has_another_name(name: str, other: str) -> None:
    assert other not in spelled(name).loose


@pytest.mark.parametrize(
    "name",
    [
        "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3",
        "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a1b2c3",
        "arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1",
        "1234567890",
        "projects/p/locations/l/endpoints/1234567890",
        "openrouter/auto",
        "auto",
        "model-router",
        "@preset/cheap",
        "anthropic/claude-haiku-4-5@preset/mine",
    ],
)
def test_a_name_that_tells_no_model_means_only_itself(name: str) -> None:
    found = spelled(name)

    assert not found.is_clear
    assert found.sure == {name.lower()}


@pytest.mark.parametrize(
    "name",
    [
        "claude-haiku-4-5/../claude-opus-4-8",
        "claude-haiku-4-5%2f..%2fclaude-opus-4-8",
        "x//claude-opus-4-8",
        "claude\u2010opus-4-8",
        "clаude-opus-4-8",
        "claude-opus-4-8\x00",
        "x/" * 200 + "claude-opus-4-8",
        "a" * 257,
        "x" + ":a" * MOST_FORMS,
    ],
)
def test_a_name_that_no_provider_gives_means_nothing(name: str) -> None:
    """An allow rule never means it, whatever its pattern."""
    found = spelled(name)

    assert (found.is_clear, found.sure, found.loose) == (False, frozenset(), frozenset())


def test_what_is_long_is_not_remembered() -> None:
    before = _spelled.cache_info().currsize
    spelled("x" * 10_000_000)

    assert _spelled.cache_info().currsize == before


def test_a_rules_text_keeps_its_date_and_its_maker() -> None:
    found = meant("openai/gpt-4-0613")

    assert found.sure == {"openai/gpt-4-0613"}
    assert "gpt-4" in found.loose - found.undated
    assert "gpt-4-0613" in found.undated


def test_a_name_without_a_version_is_a_familys() -> None:
    assert spelled("~anthropic/claude-opus-latest").families >= {"claude-opus-latest", "claude-opus"}
    assert not any(
        spelled(name).families for name in ("claude-3-5-sonnet-latest", "gpt-audio", "mistral-ocr-2505")
    )
    assert [family(text) for text in ("gemini-3*", "claude-opus-4-*", "openai/gpt-5-pro", "*4*")] == [
        "gemini*",
        "claude-opus*",
        "gpt-pro",
        "**",
    ]


def test_an_agents_name_is_itself() -> None:
    assert nameless("My-Agent").sure == {"my-agent"}


@given(st.text(string.ascii_lowercase + string.digits + "-._:/@[]~ ", max_size=300))
def test_names_are_few_and_found_again(name: str) -> None:
    """What is sure is loose, too; a model's other names are names of the same."""
    found = spelled(name)

    assert found.sure <= found.loose
    assert found.undated <= found.loose
    if found.is_clear:
        assert name.lower().strip() in found.sure


WRAPPED = [
    "{}", "{}-20260528", "{}@20260528", "{}-2026-05-28", "{}@default", "{}-latest", "{}[1m]",
]  # fmt: skip
CARRIED = [
    "{}", "anthropic/{}", "openai/{}:nitro", "models/{}", "publishers/x/models/{}", "x/{}:batch", "~x/{}",
    "projects/p/locations/l/models/{}", "us.anthropic.{}-v1:0", "anthropic.{}-v2:0:200k", "databricks-{}",
    "arn:aws:bedrock:r::foundation-model/anthropic.{}-v1:0",
    "arn:aws:bedrock:r:1:inference-profile/eu.anthropic.{}-v1:0",
]  # fmt: skip
BASES = [
    "claude-opus-4-8",
    "claude-3-5-haiku",
    "gpt-5-pro",
    "gpt-5.1",
    "gemini-2.5-pro",
    "o3",
    "mistral-large",
]


@given(
    st.sampled_from(BASES), st.sampled_from(WRAPPED), st.sampled_from(CARRIED), st.booleans(), st.booleans()
)
def test_whatever_is_put_around_a_name_it_stays_a_name_of_the_model(
    base: str, wrapped: str, carried: str, upper: bool, dotted: bool
) -> None:
    """For a rule that denies: a date, a maker, a path, a region, a revision, another case."""
    name = carried.format(wrapped.format(base))
    name = name.replace("4-8", "4.8").replace("3-5", "3.5").replace("5.1", "5-1") if dotted else name
    found, rule = spelled(name.upper() if upper else name), meant(base)

    assert found.loose & rule.undated or found.undated & rule.loose
