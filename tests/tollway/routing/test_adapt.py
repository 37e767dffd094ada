"""What a target model is known to refuse is left out where it only tunes the answer."""

from typing import Any

import pytest

from tollway.routing.adapt import adapted, dropped_betas

OLD = [
    "claude-haiku-4-5", "claude-haiku-4-5-20251001", "claude-sonnet-4-5", "claude-opus-4-1-20250805",
    "claude-opus-4-20250514", "claude-sonnet-4-0", "claude-opus-4", "claude-opus-4@20250514",
    "claude-3-5-haiku-latest", "claude-3.7-sonnet", "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "anthropic/claude-haiku-4.5", "claude-2.1", "Claude-Haiku-4-5",
]  # fmt: skip
NEW = ["claude-opus-4-7", "claude-opus-4-8", "claude-haiku-5-5", "claude-sonnet-5", "claude-opus-4-10"]
MIDDLE = ["claude-opus-4-6", "claude-sonnet-4.6"]
EDIT = {"type": "clear_thinking_20251015", "keep": "all"}
CLAUDE_CODE: dict[str, Any] = {
    "model": "claude-opus-4-8",
    "thinking": {"type": "adaptive"},
    "context_management": {"edits": [EDIT]},
    "output_config": {"effort": "high"},
    "messages": [
        {"role": "user", "content": [{"type": "text", "text": "hi"}]},
        {"role": "system", "content": "be brief"},
    ],
}


def claude(model: str, body: dict[str, Any], same_provider: bool = True) -> Any:
    return adapted("anthropic_messages", model, body, same_provider)


@pytest.mark.parametrize("model", OLD)
def test_a_claude_before_4_6_is_not_asked_to_think_as_it_likes(model: str) -> None:
    """Nor for what goes along with that; the system's messages become the user's."""
    assert claude(model, CLAUDE_CODE) == {
        "thinking": None,
        "context_management": None,
        "output_config": None,
        "messages": [CLAUDE_CODE["messages"][0], {"role": "user", "content": "be brief"}],
    }


@pytest.mark.parametrize(
    "model", ["claude-opus-4-8", "claude-haiku-5-5", "claude-sonnet-5", "claude-fable-5-1"]
)
def test_a_claude_from_4_8_on_takes_all_that_claude_code_sends(model: str) -> None:
    assert claude(model, CLAUDE_CODE) == {}


@pytest.mark.parametrize("model", [*MIDDLE, "claude-opus-4-7"])
def test_a_claude_before_4_8_takes_no_system_message_amid_the_others(model: str) -> None:
    assert claude(model, CLAUDE_CODE).keys() == {"messages"}


def test_thoughts_go_where_what_stands_before_them_changes_and_the_model_does_not_think() -> None:
    """A message without anything else goes with them; what is no message stays for the provider to refuse."""
    messages = [
        {"role": "system", "content": []},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "", "signature": "x"}]},
        {"role": "assistant", "content": [{"type": "redacted_thinking"}, {"type": "text", "text": "yes"}]},
        {"role": "user", "content": "go on"},
        7,
    ]
    kept = [{"role": "assistant", "content": [{"type": "text", "text": "yes"}]}, *messages[3:]]

    assert claude("claude-haiku-4-5", {**CLAUDE_CODE, "messages": messages})["messages"] == kept
    without = {**CLAUDE_CODE, "thinking": {"type": "enabled", "budget_tokens": 2000}, "messages": messages}
    assert claude("claude-haiku-4-5", without)["messages"][1:] == messages[1:]


def test_thoughts_stay_where_nothing_else_changes_in_the_messages() -> None:
    """Anthropic leaves out itself what another model can't read."""
    body = {**CLAUDE_CODE, "messages": [{"role": "assistant", "content": [{"type": "thinking"}]}]}

    assert "messages" not in claude("claude-haiku-4-5", body)


def test_other_settings_beside_those_that_are_refused_stay() -> None:
    tools = {"type": "clear_tool_uses_20250919"}
    body = {
        "thinking": {"type": "adaptive"},
        "context_management": {"edits": [EDIT, tools], "x": 1},
        "output_config": {"effort": "low", "format": {"type": "json_schema"}},
    }

    assert claude("claude-haiku-4-5", body) == {
        "thinking": None,
        "context_management": {"edits": [tools], "x": 1},
        "output_config": {"format": {"type": "json_schema"}},
    }


@pytest.mark.parametrize("management", [None, {}, {"edits": 1}, {"edits": []}, {"edits": [{"type": "x"}, 1]}])
def test_edits_that_clear_no_thoughts_stay(management: object) -> None:
    body = {"thinking": {"type": "adaptive"}, "context_management": management}

    assert claude("claude-haiku-4-5", body) == {"thinking": None}


@pytest.mark.parametrize("model", NEW)
def test_a_budget_of_thoughts_is_refused_from_4_7_on(model: str) -> None:
    """It is no matter of taste: without it the model would not think, or think at any length."""
    body = {"thinking": {"type": "enabled", "budget_tokens": 4096}}

    assert claude(model, body) == f"thinking: {model} takes no budget of thoughts"
    assert claude("claude-haiku-4-5", body) == {}
    assert claude("claude-opus-4-6", body) == {}


@pytest.mark.parametrize(
    "model", ["claude-fable-5-1", "claude-mythos-5", "claude-opus-5-5", "claude-sonnet-5.5"]
)
def test_what_always_thinks_can_not_be_told_not_to(model: str) -> None:
    assert claude(model, {"thinking": {"type": "disabled"}}) == f"thinking: {model} can't do without"
    assert claude("claude-haiku-5-5", {"thinking": {"type": "disabled"}}) == {}


def test_sampling_is_left_out_for_a_claude_from_4_7_on() -> None:
    body = {"temperature": 0, "top_p": 0.9, "stop_sequences": ["x"]}

    assert claude("claude-opus-4-8", body) == {"temperature": None, "top_p": None}
    assert claude("claude-opus-4-6", body) == claude("claude-haiku-4-5", body) == {}
    assert claude("deepseek-chat", body, same_provider=False) == {}


@pytest.mark.parametrize("model", ["deepseek-chat", "claude-opus-4-8"])
def test_another_provider_gets_what_all_that_speak_the_format_know(model: str) -> None:
    """Adaptive thinking, effort and messages of the system are Anthropic's own."""
    assert claude(model, CLAUDE_CODE, same_provider=False).keys() == {
        "thinking", "context_management", "output_config", "messages",
    }  # fmt: skip


@pytest.mark.parametrize("messages", [None, "hi", [], [1], [{"role": "user"}]])
def test_messages_of_no_system_stay(messages: object) -> None:
    assert claude("claude-haiku-4-5", {"messages": messages}) == {}


def test_the_long_context_is_not_asked_of_what_has_none() -> None:
    assert dropped_betas("claude-haiku-4-5") == dropped_betas("claude-opus-4-5") == ("context-1m-",)
    assert dropped_betas("claude-sonnet-4-5") == dropped_betas("claude-opus-4-8") == ()


CHAT = {"max_tokens": 9, "temperature": 0, "top_p": 1, "presence_penalty": 1, "frequency_penalty": 0, "n": 1}


@pytest.mark.parametrize("model", ["gpt-5-mini", "gpt-6", "o3", "o4-mini", "openai/gpt-5.1"])
def test_a_reasoning_model_is_asked_in_its_own_words(model: str) -> None:
    """`max_tokens` has another name there; how others are sampled it does not know."""
    assert adapted("openai_chat", model, CHAT, True) == {
        "temperature": None, "top_p": None, "presence_penalty": None, "frequency_penalty": None,
        "max_tokens": None, "max_completion_tokens": 9,
    }  # fmt: skip
    both = {"max_tokens": 9, "max_completion_tokens": 5}
    assert adapted("openai_chat", model, both, True) == {"max_tokens": None, "max_completion_tokens": 5}
    assert adapted("openai_chat", model, {"max_completion_tokens": 5}, True) == {}
    assert adapted("openai_responses", model, {"temperature": 0, "reasoning": {}}, True) == {
        "temperature": None
    }


@pytest.mark.parametrize(
    "model", ["gpt-4o", "gpt-4.1-mini", "gpt-3.5-turbo", "chatgpt-4o-latest", "gpt-5-chat-latest"]
)
def test_what_does_not_reason_is_not_told_how(model: str) -> None:
    chat = {**CHAT, "reasoning_effort": "low", "verbosity": "low"}
    responses = {
        "reasoning": {"effort": "low"},
        "text": {"verbosity": "low", "format": {}},
        "include": ["reasoning.encrypted_content", "message.output_text.logprobs"],
        "input": [{"role": "user", "content": "hi"}],
        "temperature": 0,
    }

    assert adapted("openai_chat", model, chat, True) == {"reasoning_effort": None, "verbosity": None}
    assert adapted("openai_responses", model, responses, True) == {
        "reasoning": None, "text": {"format": {}}, "include": ["message.output_text.logprobs"],
    }  # fmt: skip
    least = {"input": "hi", "text": {"verbosity": "low"}, "include": ["reasoning.encrypted_content"]}
    assert adapted("openai_responses", model, least, True) == {"text": None, "include": None}
    assert adapted("openai_responses", model, {"input": "hi", "include": ["x"], "text": {}}, True) == {}


def test_reasoning_that_was_done_is_nothing_for_what_does_not_reason() -> None:
    body = {"input": [{"type": "reasoning", "id": "rs_1"}]}

    assert adapted("openai_responses", "gpt-4.1", body, True) == "input: gpt-4.1 reads no reasoning"


@pytest.mark.parametrize("model", ["openai/gpt-oss-120b", "deepseek-chat", "llama-4"])
@pytest.mark.parametrize("dialect", ["openai_chat", "openai_responses"])
def test_of_other_models_nothing_is_known(dialect: str, model: str) -> None:
    assert adapted(dialect, model, {**CHAT, "reasoning_effort": "low", "reasoning": {}}, False) == {}


def test_gemini_s_levels_of_thinking_are_for_3_and_later() -> None:
    config = {"thinkingConfig": {"includeThoughts": True, "thinkingLevel": "HIGH"}, "topK": 64}
    body = {"contents": [], "generationConfig": config}

    assert adapted("gemini", "gemini-3-flash", body, True) == {}
    assert adapted("gemini", "gemini-2.5-flash", body, True) == {
        "generationConfig": {"thinkingConfig": {"includeThoughts": True}, "topK": 64}
    }
    assert adapted("gemini", "gemini-2.0-flash", body, True) == {"generationConfig": {"topK": 64}}
    snake = {"generation_config": {"thinking_config": {"thinking_level": "low"}}}
    assert adapted("gemini", "gemini-2.5-pro", snake, True) == {"generation_config": {"thinking_config": {}}}
    assert adapted("gemini", "gemini-1.5-pro", snake, True) == {"generation_config": {}}
    budget = {"generationConfig": {"thinkingConfig": {"thinkingBudget": 100}}}
    assert adapted("gemini", "gemini-2.5-pro", budget, True) == {}


@pytest.mark.parametrize(
    ("parts", "signed"),
    [
        ([{"functionCall": {"name": "f"}}], False),
        ([{"function_call": {"name": "f"}, "thought_signature": "x"}], True),
        ([{"functionCall": {}, "thoughtSignature": "x"}, {"functionCall": {}}], True),
        ([{"text": "hi"}, 1], True),
        ("hi", True),
    ],
)
def test_gemini_3_wants_the_signature_of_each_call(parts: object, signed: bool) -> None:
    """Of calls side by side, the first one's."""
    body = {"contents": [{"role": "model", "parts": parts}, "x"]}

    found = adapted("gemini", "gemini-3-flash", body, True)
    assert found == (
        {} if signed else "contents: gemini-3-flash wants the signature of each call of a function"
    )
    assert adapted("gemini", "gemini-2.5-pro", body, True) == {}


def test_other_dialects_stay_as_they_are() -> None:
    assert adapted("ollama", "claude-haiku-4-5", CLAUDE_CODE, True) == {}


@pytest.mark.parametrize(
    ("dialect", "model", "body", "changes"),
    [
        (
            "anthropic_messages", "claude-3-5-haiku-20241022",
            {"thinking": {}, "context_management": {"edits": [{"type": "clear_thinking_1"}]}},
            {"thinking": None, "context_management": None},
        ),
        ("anthropic_messages", "claude-3-7-sonnet", {"thinking": {"type": "enabled"}}, {}),
        ("openai_chat", "llama-3.3-70b-versatile", {"reasoning_effort": "low"}, {"reasoning_effort": None}),
        ("openai_chat", "openai/gpt-oss-20b", {"reasoning_effort": "low"}, {}),
        ("openai_responses", "meta-llama/llama-3.3-70b", {"reasoning": {}}, {"reasoning": None}),
        ("gemini", "gemma-3-27b-it", {"generationConfig": {"thinkingConfig": {}}}, {"generationConfig": {}}),
    ],
)  # fmt: skip
def test_a_model_that_is_known_not_to_think_is_not_asked_to(
    dialect: str, model: str, body: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert adapted(dialect, model, body, True) == changes
