"""A target as a call would find it."""

from typing import Any

import pytest

from tests.tollway.decision.calls import REGISTRY, call
from tollway.decision.stop import Stop, Stops
from tollway.policy.load import load
from tollway.routing.resolve import Target
from tollway.routing.setting import Settings


def at(target: str, settings: Settings = (), asked: str = "gpt-4o", **known: Any) -> Stop:
    policy = load("version: 1\naccess: [{name: no-nano, deny: {model: gpt-4.1-nano}}]", "p.yaml")
    provider, _, model = target.partition("/")
    return Stops(policy, call(asked, **known), REGISTRY).at(Target(provider, model), settings)


@pytest.mark.parametrize(
    ("target", "known", "why"),
    [
        ("openai/gpt-4.1", {"tools": True, "images": True, "size": 300_000}, None),
        ("openai/o1-mini", {"tools": True}, "it has tools, and o1-mini calls none"),
        ("openai/gpt-4", {"images": True}, "it shows images, and gpt-4 sees none"),
        ("openai/gpt-4", {"size": 24_578}, None),
        ("openai/gpt-4", {"size": 24_579}, "it may be 8193 tokens long, and gpt-4 reads 8192"),
        ("openai/gpt-4-turbo", {"size": 9_000_000, "images": True}, None),
        ("openai/nobody-knows", {"tools": True, "images": True, "size": 9_000_000}, None),
        ("openai/gpt-4.1-nano", {}, "the access rule no-nano denies gpt-4.1-nano at openai (chat)"),
        ("openai/gpt-4o", {"operation": "embeddings"}, None),
        ("openai/x", {"operation": "embeddings"}, "embeddings of two models can't be compared"),
        (
            "openai/x",
            {"operation": "compact"},
            "compact: only the model that gave the answer can go on from it",
        ),
    ],
)
def test_a_target_has_to_be_able_to_take_the_call(target: str, known: Any, why: str | None) -> None:
    """Pictures are long, and read short: of a call that has some, its size tells nothing."""
    assert at(target, **known) == Stop(target=target, why_not=why)


def test_where_its_client_sent_it_a_call_can_be() -> None:
    """Whatever is known of the model: the provider may know better."""
    assert at("openai/o1-mini", asked="o1-mini", tools=True).why_not is None
    assert at("openai/gpt-4", (("seed", 7),), "gpt-4", images=True).why_not is None


def test_what_has_no_word_for_a_parameter_is_no_target() -> None:
    assert at("groq/x", (("top_k", 7),)).why_not == "set top_k: openai_chat has none"
    assert at("openai/o1-mini", (("top_k", 7),), tools=True).why_not == "it has tools, and o1-mini calls none"


def test_what_is_left_out_is_told() -> None:
    found = at("openai/o3", (("temperature", 0.2), ("seed", 7)))

    assert (found.why_not, found.left_out, list(found.not_as)) == (
        None,
        ("temperature",),
        ["openai_responses"],
    )
    found = at("anthropic/claude-haiku-4-5", (("temperature", 0.2),), provider="anthropic")
    assert found.may_be_left_out == ("temperature",)
