"""How low a maximum may be set: counted by hand from the format's least, the budget and the model."""

from typing import Any

import pytest

from tollway.model import Asked, Endpoint, Kind
from tollway.wire.output_floor import floor


def least(dialect: str, body: dict[str, Any], model: str | None = "plain", own: int | None = None) -> int:
    endpoint = Endpoint(
        kind=Kind.INFERENCE, provider="p", host="h", operation="chat", dialect=dialect, errors=dialect
    )
    return floor(endpoint, Asked(model=model), body, own)


TOOL = [{"name": "read"}]


def thinking(budget: int) -> dict[str, Any]:
    return {"thinking": {"type": "enabled", "budget_tokens": budget}}


def gemini(budget: int) -> dict[str, Any]:
    return {"generationConfig": {"thinkingConfig": {"thinkingBudget": budget}}}


def additional(**fields: Any) -> dict[str, Any]:
    return {"additionalModelRequestFields": fields}


@pytest.mark.parametrize(
    ("dialect", "model", "body", "tokens"),
    [
        ("openai_chat", "gpt-4o", {}, 256),
        ("openai_chat", None, {}, 256),
        ("openai_chat", "gpt-4o", {"tools": []}, 256),
        ("openai_chat", "gpt-4o", {"tools": TOOL}, 4096),
        ("openai_chat", "gpt-4o", {"functions": TOOL}, 4096),
        ("openai_chat", "openai/o3-mini", {}, 4096),
        ("openai_chat", "gpt-5-chat-latest", {}, 256),
        ("openai_chat", "gpt-5", {"reasoning_effort": "none"}, 256),
        ("openai_chat", "plain", {"reasoning_effort": "low"}, 4096),
        ("openai_chat", "qwen-plus", {"enable_thinking": True}, 4096),
        ("openai_chat", "qwen3-8b", {"enable_thinking": False}, 256),
        ("openai_chat", "qwen-plus", {"thinking_budget": 6000}, 6001),
        ("openai_chat", "x/y", {"reasoning": {"max_tokens": 8000}}, 8001),
        ("openai_chat", "plain", {"reasoning": {"effort": None}}, 256),
        ("openai_responses", "gpt-4o", {}, 256),
        ("openai_responses", "gpt-5.5", {}, 4096),
        ("anthropic_messages", "claude-opus-4-8", {}, 256),
        ("anthropic_messages", "claude-opus-5-5", {}, 4096),
        ("anthropic_messages", "claude-opus-5", {"thinking": {"type": "disabled"}}, 256),
        ("anthropic_messages", "claude-opus-4-8", {"thinking": {"type": "adaptive"}}, 4096),
        ("anthropic_messages", "claude-opus-4-1", thinking(2048), 4096),
        ("anthropic_messages", "claude-opus-4-1", thinking(9000), 9001),
        ("anthropic_messages", "claude-opus-4-1", {"thinking": "enabled"}, 256),
        ("gemini", "gemini-2.0-flash", {}, 256),
        ("gemini", "gemini-2.5-pro", {}, 4096),
        ("gemini", "gemini-2.5-flash-lite", {}, 256),
        ("gemini", "gemini-2.5-flash", gemini(0), 256),
        ("gemini", "gemini-2.5-flash", gemini(-1), 4096),
        ("gemini", "gemini-2.5-flash", gemini(24576), 24577),
        ("gemini", "x", {"generation_config": {"thinking_config": {"thinking_budget": 5000}}}, 5001),
        ("gemini", "x", {"request": gemini(5000)}, 5001),
        ("bedrock_converse", "us.anthropic.claude-opus-5-v1:0", {}, 4096),
        ("bedrock_converse", "amazon.nova-pro-v1:0", {"toolConfig": {"tools": TOOL}}, 4096),
        ("bedrock_converse", "c", additional(thinking={"budget_tokens": 7000}), 7001),
        ("bedrock_converse", "c", additional(reasoning_config={"budget_tokens": 7000}), 7001),
        ("bedrock_converse", "c", additional(reasoningConfig={"type": "disabled"}), 256),
        ("bedrock_invoke", "us.deepseek.r1-v1:0", {}, 4096),
        ("bedrock_invoke", "openai.gpt-oss-120b-1:0", {}, 4096),
        ("cohere_chat", "command-a-reasoning-08-2025", {}, 4096),
        ("cohere_chat", "command-a-reasoning-08-2025", {"thinking": {"type": "disabled"}}, 256),
        ("cohere_chat", "command-a-reasoning-08-2025", {"thinking": {"token_budget": 5000}}, 5001),
        ("ollama", "gemma3", {"think": True}, 4096),
        ("ollama", "gemma3", {"think": "high"}, 4096),
    ],
)  # fmt: skip
def test_a_floor_leaves_room_for_what_the_request_asks(
    dialect: str, model: str | None, body: dict[str, Any], tokens: int
) -> None:
    assert least(dialect, body, model) == tokens


def test_a_policys_own_floor_goes_before_our_opinion() -> None:
    """But never below what the provider takes, nor into a thinking budget."""
    assert least("anthropic_messages", {"tools": TOOL}, own=100) == 100
    assert least("anthropic_messages", {}, own=20_000) == 20_000
    assert least("anthropic_messages", thinking(2048), own=100) == 2049
    assert least("openai_responses", {}, own=1) == 16
    assert least("openai_chat", {}, own=0) == 1


@pytest.mark.parametrize("budget", [None, "2048", -1, True, {"x": 1}, 1e30])
def test_a_budget_that_is_no_count_is_no_budget(budget: object) -> None:
    """The provider will refuse it, or it decides itself."""
    assert least("anthropic_messages", {"thinking": {"budget_tokens": budget}}, own=1) == 1
