"""What a request can be billed for at most, shape by shape."""

from typing import Any

import pytest

from tests.tollway.bound.bounds import (
    CHAT,
    CLAUDE,
    GEMINI,
    LARGE,
    RESPONSE,
    SAID,
    bounded,
    endpoint,
    found,
    read,
    reason,
)
from tollway.bound.bound import Bound, Unbounded
from tollway.bound.capacity import UNKNOWN, Capacity
from tollway.bound.table import bound_of
from tollway.model import Asked, Endpoint, Kind
from tollway.wire import DIALECTS


def test_a_plain_request_has_a_bound_that_adds_up() -> None:
    """Keys, four marks each, and texts: model 5 + 4, messages 8 + 4, max_tokens 10 + 4, a message 4,
    its role 4 + 4 + 4 (user), its content 7 + 4 + 2 (Hi); and 2,048."""
    bound = bounded("anthropic_messages", CLAUDE)

    assert read(bound) == 9 + 12 + 14 + 4 + 12 + 13 + 2_048
    assert (bound.usage.output_tokens, bound.max_output, bound.answers) == (100, 100, 1)
    assert bound.shape == "anthropic_messages text"
    assert bound.why == (
        "input: 64 bytes + 2048 for what the provider adds",
        "output: the caller's maximum, 100 tokens",
    )


@pytest.mark.parametrize(("operation", "most"), [("embeddings", 0), ("rerank", 0), ("chat", None)])
def test_vectors_and_scores_are_no_output(operation: str, most: int | None) -> None:
    """Bedrock's InvokeModel takes them where it takes chats, too."""
    where = Endpoint(
        kind=Kind.INFERENCE, provider="bedrock", host="h", operation=operation, dialect="bedrock_invoke"
    )
    bound = bound_of(where, Asked(model="cohere.embed-v4:0"), {"texts": ["Hi"]}, UNKNOWN)

    assert isinstance(bound, Bound), bound
    assert (bound.max_output, bound.usage.output_tokens) == (most, most)


def test_a_request_without_a_table_has_no_bound() -> None:
    assert found("gemini_videos", {"prompt": "a"}) == Unbounded(
        reason="the bound table has nothing about gemini_videos requests", shape="gemini_videos"
    )


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("anthropic_messages", CLAUDE),
        ("openai_chat", CHAT),
        ("openai_responses", RESPONSE),
        ("gemini", GEMINI),
    ],
)
def test_a_key_that_the_table_does_not_have_refuses_by_name(dialect: str, body: dict[str, Any]) -> None:
    """A feature of tomorrow may cost anything."""
    assert reason(dialect, body | {"new_feature": 1}) == "new_feature is not in the bound table"


@pytest.mark.parametrize(
    ("dialect", "body", "named"),
    [
        (
            "anthropic_messages",
            {"messages": [{"role": "user", "content": [{"type": "hologram"}]}]},
            "hologram",
        ),
        ("anthropic_messages", {"tools": [{"type": "web_search_9"}]}, "web_search_9"),
        ("openai_chat", {"messages": [{"role": "user", "content": [{"type": "hologram"}]}]}, "hologram"),
        ("openai_chat", {"tools": [{"type": "teleport"}]}, "teleport"),
        ("openai_responses", {"input": [{"type": "hologram"}]}, "hologram"),
        ("openai_responses", {"tools": [{"type": "teleport"}]}, "teleport"),
        ("gemini", {"contents": [{"parts": [{"hologram": {}}]}]}, "hologram"),
        ("gemini", {"tools": [{"teleport": {}}]}, "teleport"),
        ("bedrock_converse", {"messages": [{"content": [{"hologram": {}}]}]}, "hologram"),
    ],
)
def test_an_unknown_kind_of_content_or_tool_refuses(dialect: str, body: dict[str, Any], named: str) -> None:
    assert named in reason(dialect, body)


@pytest.mark.parametrize("model", ["auto", "x" * 300 + "/auto"])
def test_a_model_that_stands_for_others_refuses_however_long_its_name_is(model: str) -> None:
    """Here a path names it. Twice: what was found for short names is remembered."""
    for _ in range(2):
        found = reason("openai_chat", {"messages": []}, model=model)
        assert found == "model: the provider chooses the model"


def test_several_reasons_are_named() -> None:
    assert reason("openai_chat", CHAT | {"a": 1, "b": 2, "c": 3, "d": 4}) == (
        "a is not in the bound table; b is not in the bound table; c is not in the bound table"
    )


def test_text_that_grows_when_normalised_is_counted_as_grown() -> None:
    """A thousand of U+FDFA are 3,000 bytes, 33,000 in NFKC."""
    body = CHAT | {"messages": [{"role": "user", "content": "\ufdfa" * 1_000}]}

    assert read(bounded("openai_chat", body)) > 33_000


def test_the_prompts_of_tools_are_counted() -> None:
    """Schemas, keys included, and what the provider adds for tools that it knows by name."""
    schema = {"type": "object", "properties": {"a_rather_long_key": {"type": "string"}}}
    plain = bounded("anthropic_messages", CLAUDE)
    own = bounded("anthropic_messages", CLAUDE | {"tools": [{"name": "t", "input_schema": schema}]})
    known = bounded("anthropic_messages", CLAUDE | {"tools": [{"type": "bash_20250124", "name": "bash"}]})

    assert read(own) - read(plain) > len(
        "toolsnametinput_schematypeobjectpropertiesa_rather_long_keytypestring"
    )
    assert read(known) - read(plain) > 2_048
    assert own.shape == "anthropic_messages text+tools"


def test_input_is_no_more_than_the_context_window() -> None:
    """A long context: 900,000 bytes of text can't be more than the 200,000 tokens that the model reads."""
    body = CLAUDE | {"messages": [{"role": "user", "content": "x" * 900_000}]}
    bound = bounded("anthropic_messages", body, LARGE)

    assert bound.usage.input_tokens == 200_000
    assert "input: no more than the context window, 200000 tokens" in bound.why


def test_long_context_without_a_known_window_is_its_bytes() -> None:
    body = CLAUDE | {"messages": [{"role": "user", "content": "x" * 900_000}]}

    assert read(bounded("anthropic_messages", body)) > 900_000


def test_cache_writes_are_within_the_input() -> None:
    """Marks for the cache change nothing: what is written to it, or read from it, is a part of the input."""
    plain = [{"type": "text", "text": "a long system prompt"}]
    marked = [plain[0] | {"cache_control": {"type": "ephemeral", "ttl": "1h"}}]
    bound = bounded("anthropic_messages", CLAUDE | {"system": marked})

    assert read(bound) >= read(bounded("anthropic_messages", CLAUDE | {"system": plain}))
    assert bound.usage.cache_write_tokens is None


@pytest.mark.parametrize(
    ("asked", "most", "each"),
    [(100, 64_000, 100), (100_000, 64_000, 64_000), (100, None, 100), (0, None, None), (0, 9, 9)],
)
def test_output_is_bound_by_the_caller_or_the_model(asked: int, most: int | None, each: int | None) -> None:
    bound = bounded("anthropic_messages", CLAUDE | {"max_tokens": asked}, Capacity(max_output=most))

    assert (bound.usage.output_tokens, bound.max_output) == (each, each)


def test_without_any_maximum_only_a_clamp_bounds_the_output() -> None:
    bound = bounded("openai_chat", CHAT)

    assert (bound.usage.output_tokens, bound.max_output) == (None, None)
    assert bound.why[-1] == "output: no maximum is asked for, and the model's is not known"
    assert bound.clamped(50).usage.output_tokens == 50


def test_an_absurd_maximum_is_none() -> None:
    """It would not fit into a ledger, times answers and prices."""
    assert bounded("openai_chat", CHAT | {"max_tokens": 10**12}).max_output is None


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("openai_chat", CHAT | {"max_tokens": 10, "n": 4}),
        ("openai_completions", {"prompt": "a", "max_tokens": 10, "best_of": 4, "n": 2}),
        ("gemini", GEMINI | {"generationConfig": {"maxOutputTokens": 10, "candidateCount": 4}}),
        ("bedrock_invoke", {"prompt": "a", "max_tokens": 10, "num_generations": 4}),
    ],
)
def test_each_of_several_answers_is_billed(dialect: str, body: dict[str, Any]) -> None:
    """Multi-sampling: 4 answers of 10 tokens each; the input is read once."""
    bound = bounded(dialect, body)

    assert (bound.usage.output_tokens, bound.max_output, bound.answers) == (40, 10, 4)
    assert bound.why[-1] == "output: the caller's maximum, 10 tokens, 4 times"
    assert "answers" in bound.shape


def test_a_mode_that_samples_out_of_sight_has_no_bound() -> None:
    assert reason("openai_responses", RESPONSE | {"reasoning": {"mode": "pro"}}) == (
        "reasoning.mode: several answers are sampled"
    )
    assert bounded("openai_responses", RESPONSE | {"reasoning": {"effort": "high", "mode": "standard"}})


def test_a_prediction_may_be_rejected_and_billed() -> None:
    """5 bytes, with key and marks of its content."""
    prediction = {"type": "content", "content": "12345"}
    bound = bounded("openai_chat", CHAT | {"max_tokens": 10, "prediction": prediction})

    more = len("typecontentcontent12345") + 2 * 4
    assert (bound.usage.output_tokens, bound.more_output) == (10 + more, more)
    assert bound.why[-1] == f"output: {more} tokens that no maximum limits"


@pytest.mark.parametrize(
    ("dialect", "body", "model"),
    [
        ("openai_chat", CHAT | {"models": ["a", "b"]}, "m"),
        ("openai_chat", CHAT | {"route": "fallback"}, "m"),
        ("openai_chat", CHAT | {"model": "openrouter/auto"}, "openrouter/auto"),
        ("openai_chat", CHAT | {"plugins": [{"id": "web"}]}, "m"),
        ("openai_responses", RESPONSE | {"models": ["a", "b"]}, "m"),
        ("anthropic_messages", CLAUDE | {"fallbacks": "default"}, "m"),
        ("gemini", GEMINI | {"generationConfig": {"routingConfig": {"autoMode": {}}}}, "m"),
        ("bedrock_converse", {"messages": []}, "arn:aws:bedrock:us-east-1:1:default-prompt-router/x"),
    ],
)
def test_a_model_that_the_provider_chooses_has_no_bound(
    dialect: str, body: dict[str, Any], model: str
) -> None:
    """Its price is that of whichever it takes."""
    assert reason(dialect, body, model=model)


@pytest.mark.parametrize(
    "model", ["openai/gpt-5:online", "sonar-pro", "groq/compound", "gpt-4o-search-preview"]
)
def test_a_model_that_does_more_than_answer_has_no_bound(model: str) -> None:
    assert reason("openai_chat", CHAT | {"model": model}).startswith("model: the provider")


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("anthropic_messages", {"tools": [{"type": "code_execution_20260120", "name": "c"}]}),
        ("anthropic_messages", {"tools": [{"type": "advisor_20260301", "model": "m"}]}),
        ("anthropic_messages", {"mcp_servers": [{"type": "url", "url": "u"}]}),
        ("anthropic_messages", {"context_management": {"edits": [{"type": "compact_20260112"}]}}),
        ("openai_responses", {"tools": [{"type": "mcp", "server_label": "s"}], "max_tool_calls": 1}),
        ("openai_responses", {"tools": [{"type": "code_interpreter", "container": {"type": "auto"}}]}),
        ("openai_responses", {"tools": [{"type": "image_generation"}]}),
        ("openai_responses", {"tools": [{"type": "shell", "environment": {"type": "container_auto"}}]}),
        ("openai_responses", {"tools": [{"type": "tool_search"}], "max_tool_calls": 1}),
        ("openai_responses", {"context_management": [{"type": "compaction"}]}),
        ("openai_chat", CHAT | {"web_search_options": {}}),
        ("openai_chat", CHAT | {"modalities": ["text", "audio"]}),
        ("gemini", GEMINI | {"tools": [{"googleSearch": {}}]}),
        ("gemini", GEMINI | {"tools": [{"google_search": {}}]}),
        ("gemini", GEMINI | {"tools": [{"codeExecution": {}}]}),
        ("gemini", GEMINI | {"generationConfig": {"responseModalities": ["IMAGE"]}}),
        ("bedrock_converse", {"toolConfig": {"tools": [{"systemTool": {"name": "nova_grounding"}}]}}),
        ("mistral_conversations", {"inputs": "a", "tools": [{"type": "web_search"}]}),
    ],
)
def test_what_nothing_limits_has_no_bound(dialect: str, body: dict[str, Any]) -> None:
    """Even where the model's window is known."""
    assert reason(dialect, body, LARGE)


def test_claude_s_format_within_bedrock_is_read_as_such() -> None:
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 10, "messages": SAID}

    assert bounded("bedrock_invoke", body).shape == "bedrock_invoke text"
    assert "tool" in reason("bedrock_invoke", body | {"tools": [{"type": "advisor_20260301"}]})


def test_vectors_have_no_output() -> None:
    bound = bounded("openai_embeddings", {"model": "m", "input": ["a", "b"]})

    assert (bound.usage.output_tokens, bound.max_output) == (0, 0)
    assert len(bound.why) == 1


@pytest.mark.parametrize("dialect", ["voyage", "openai_rerank"])
def test_a_rerank_reads_the_query_with_each_document(dialect: str) -> None:
    """1,000 bytes, twenty times."""
    bound = bounded(dialect, {"model": "m", "query": "q" * 1_000, "documents": ["a"] * 20})

    assert read(bound) > 20 * 1_000
    assert bound.usage.output_tokens == 0


def test_a_rerank_by_chunks_has_no_bound() -> None:
    assert "chunks" in reason("bedrock_invoke", {"query": "q", "documents": ["a"], "api_version": 2})


def test_what_the_request_alone_decides_is_in_the_bound() -> None:
    """Five characters to speak."""
    assert bounded("openai_speech", {"model": "tts-1", "input": "Hello"}).usage.characters == 5


def test_thoughts_beside_the_maximum_are_bound_by_the_window() -> None:
    """Where a provider counts reasoning in addition to the completion (xAI)."""
    habits = frozenset({"reasoning_extra"})
    bound = bounded("openai_chat", CHAT | {"max_tokens": 10, "n": 2}, Capacity(context=1_000), habits=habits)

    assert (bound.usage.output_tokens, bound.more_output) == (2 * 10 + 2 * 1_000, 2_000)
    assert "thinks beside" in reason("openai_chat", CHAT, habits=habits)


@pytest.mark.parametrize("body", [{}, {"messages": None}, {"messages": 3, "tools": "t"}, {"messages": [[]]}])
def test_a_broken_request_is_bound_or_refused_but_never_raises(body: dict[str, Any]) -> None:
    """Its provider says what is wrong."""
    for dialect in DIALECTS:
        where = endpoint(dialect)
        assert isinstance(bound_of(where, Asked(), body, UNKNOWN), Bound | Unbounded)


def test_the_defaults_of_coding_agents_are_in_the_table() -> None:
    """Claude Code, Codex and Gemini CLI, as they were recorded in November 2026 (see tests/agents)."""
    claude = CLAUDE | {
        "system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral", "scope": "global"}}],
        "messages": [{"role": "system", "content": "mid-conversation"}, *SAID],
        "tools": [{"name": "Bash", "description": "d", "input_schema": {}, "defer_loading": True}],
        "thinking": {"type": "adaptive"},
        "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
        "output_config": {"effort": "high"},
        "metadata": {"user_id": "u"},
        "stream": True,
    }
    grammar = {"type": "grammar", "syntax": "lark", "definition": "start: x"}
    custom = {"type": "custom", "name": "apply_patch", "description": "d", "format": grammar}
    tools = [{"type": "namespace", "name": "n", "description": "d", "tools": [custom, {"type": "function"}]}]
    codex = {
        "model": "gpt-6.1-sol",
        "input": [
            {"type": "additional_tools", "id": "i", "role": "developer", "tools": tools},
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
        ],
        "tool_choice": "auto",
        "parallel_tool_calls": False,
        "reasoning": {"effort": "low", "context": "all_turns"},
        "store": False,
        "stream": True,
        "include": ["reasoning.encrypted_content"],
        "prompt_cache_key": "k",
        "text": {"verbosity": "low"},
        "client_metadata": {"a": "b"},
    }
    gemini = GEMINI | {
        "systemInstruction": {"role": "user", "parts": [{"text": "s"}]},
        "tools": [{"functionDeclarations": [{"name": "n", "description": "d", "parametersJsonSchema": {}}]}],
        "generationConfig": {"temperature": 1, "thinkingConfig": {"includeThoughts": True}},
    }

    assert bounded("anthropic_messages", claude).max_output == 100
    assert bounded("openai_responses", codex).max_output is None
    assert bounded("gemini", gemini, LARGE).max_output == 64_000
    assert bounded("gemini", {"model": "m", "project": "p", "user_prompt_id": "i", "request": gemini})
