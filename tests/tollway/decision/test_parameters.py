"""What a rule's `set` comes to at a target."""

from typing import Any

import pytest

from tests.tollway.decision.calls import REGISTRY
from tollway.decision.parameters import Put, formats_of, put
from tollway.routing.resolve import Target

CHAT = ("openai_chat",)
CLAUDE = ("anthropic_messages",)


def found(target: str, formats: tuple[str, ...], operation: str = "chat", **settings: Any) -> Put | str:
    provider, _, model = target.partition("/")
    return put(formats, operation, Target(provider, model), tuple(settings.items()), same_provider=True)


@pytest.mark.parametrize(
    ("target", "formats", "settings", "left_out", "maybe"),
    [
        ("openai/gpt-4o", CHAT, {"temperature": 0.2, "seed": 7}, (), ()),
        ("openai/gpt-4o", CHAT, {"reasoning_effort": "low"}, ("reasoning_effort",), ()),
        ("openai/o3", CHAT, {"temperature": 0.2, "reasoning_effort": "low"}, ("temperature",), ()),
        ("openai/o3", CHAT, {"temperature": "drop"}, (), ()),
        ("anthropic/claude-haiku-4-5", CLAUDE, {"temperature": 0.2}, (), ("temperature",)),
        ("anthropic/claude-haiku-4-5", CLAUDE, {"reasoning_effort": "low"}, (), ("reasoning_effort",)),
        ("anthropic/claude-haiku-4-5", CLAUDE, {"max_output_tokens": 100}, (), ()),
        ("gemini/gemini-2.0-flash", ("gemini",), {"reasoning_effort": "low"}, ("reasoning_effort",), ()),
    ],
)
def test_what_the_model_takes_none_of_is_left_out(
    target: str, formats: tuple[str, ...], settings: Any, left_out: tuple[str, ...], maybe: tuple[str, ...]
) -> None:
    """And some of what hangs on the rest of the request: Claude takes no temperature while it thinks."""
    assert found(target, formats, **settings) == Put(left_out=left_out, may_be_left_out=maybe)


def test_a_format_without_the_parameter_leads_nothing_there() -> None:
    why = "set seed: openai_responses has none"

    assert found("openai/gpt-4o", ("openai_responses",), seed=7) == why
    assert found("openai/gpt-4o", (*CHAT, "openai_responses"), seed=7) == Put(
        not_as={"openai_responses": why}
    )
    assert found("groq/x", CHAT, service_tier="auto", top_k=4) == "set top_k: openai_chat has none"


def test_what_writes_no_answer_has_no_parameters() -> None:
    said = "set: nothing says how openai_embeddings (embeddings) has it"

    assert found("openai/x", ("openai_embeddings",), "embeddings", temperature=1) == said


def test_of_a_provider_without_the_operation_nothing_is_told() -> None:
    assert found("voyage/x", (), temperature=1) == Put()


@pytest.mark.parametrize(
    ("provider", "other", "formats"),
    [
        ("openai", "openai", ["openai_chat", "openai_responses"]),
        ("anthropic", "bedrock", ["anthropic_messages"]),
        ("anthropic", "mistral", ["mistral_conversations", "openai_chat", "openai_responses"]),
        ("openai", "voyage", []),
    ],
)
def test_formats_are_those_that_both_speak_else_the_others(
    provider: str, other: str, formats: list[str]
) -> None:
    assert sorted(formats_of(REGISTRY, "chat", provider, other)) == formats
