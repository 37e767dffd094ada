"""Where each format, host and model looks for the output maximum."""

from typing import Any

import pytest

from tollway.model import Asked, Endpoint, Kind
from tollway.wire import DIALECTS
from tollway.wire.output_fields import is_named, places

NOTHING = [
    "openai_embeddings", "openai_decisions", "openai_images", "openai_speech", "openai_transcriptions",
    "openai_rerank", "gemini_embeddings", "ollama_embeddings", "cohere_meta", "mistral_ocr",
    "mistral_transcription", "mistral_speech", "mistral_moderation", "voyage", "gemini_images",
    "gemini_videos", "perplexity_search",
]  # fmt: skip


def endpoint(dialect: str, provider: str = "someone", operation: str = "chat") -> Endpoint:
    return Endpoint(
        kind=Kind.INFERENCE, provider=provider, host="h", operation=operation, dialect=dialect, errors=dialect
    )


def put(dialect: str, provider: str, model: str | None, body: dict[str, Any] | None = None) -> str | None:
    """The path of the member that would be put into an empty request."""
    found = places(endpoint(dialect, provider), Asked(model=model), body or {})
    return ".".join([*(names[0] for names in found[0].within), found[0].names[0]]) if found else None


@pytest.mark.parametrize(
    ("dialect", "provider", "model", "field"),
    [
        ("openai_chat", "openai", "gpt-4o-2024-08-06", "max_tokens"),
        ("openai_chat", "openai", "ft:gpt-4.1:acme::x", "max_tokens"),
        ("openai_chat", "openai", "o3-mini", "max_completion_tokens"),
        ("openai_chat", "openai", "gpt-5.5", "max_completion_tokens"),
        ("openai_chat", "openai", "gpt-7-unheard-of", "max_completion_tokens"),
        ("openai_chat", "openai", None, "max_completion_tokens"),
        ("openai_chat", "azure", "our-deployment", "max_completion_tokens"),
        ("openai_chat", "azure", "gpt-35-turbo", "max_tokens"),
        ("openai_chat", "azure", "Mistral-Large-2411", "max_tokens"),
        ("openai_chat", "openrouter", "openai/gpt-5", "max_completion_tokens"),
        ("openai_chat", "openrouter", "anthropic/claude-opus-4.8", "max_tokens"),
        ("openai_chat", "groq", "openai/gpt-oss-120b", "max_completion_tokens"),
        ("openai_chat", "gemini", "gemini-3-pro", "max_tokens"),
        ("openai_chat", "mistral", "mistral-large-latest", "max_tokens"),
        ("openai_chat", "an operator's own", "anything", "max_tokens"),
        ("openai_completions", "openai", "gpt-3.5-turbo-instruct", "max_tokens"),
        ("openai_responses", "openai", "gpt-5", "max_output_tokens"),
        ("anthropic_messages", "anthropic", "claude-opus-4-8", "max_tokens"),
        ("gemini", "vertex", "gemini-3-pro", "generationConfig.maxOutputTokens"),
        ("bedrock_converse", "bedrock", "amazon.nova-pro-v1:0", "inferenceConfig.maxTokens"),
        ("bedrock_invoke", "bedrock", "us.amazon.nova-lite-v1:0", "inferenceConfig.maxTokens"),
        ("bedrock_invoke", "bedrock", "amazon.titan-text-lite-v1", "textGenerationConfig.maxTokenCount"),
        ("bedrock_invoke", "bedrock", "meta.llama3-1-70b-instruct-v1:0", "max_gen_len"),
        ("bedrock_invoke", "bedrock", "mistral.mistral-7b-instruct-v0:2", "max_tokens"),
        ("bedrock_invoke", "bedrock", "cohere.command-r-v1:0", "max_tokens"),
        ("bedrock_invoke", "bedrock", "ai21.j2-ultra-v1", "maxTokens"),
        ("bedrock_invoke", "bedrock", "ai21.jamba-1-5-large-v1:0", "max_tokens"),
        ("bedrock_invoke", "bedrock", "openai.gpt-oss-120b-1:0", "max_completion_tokens"),
        ("bedrock_invoke", "bedrock", "anthropic.claude-v2", "max_tokens_to_sample"),
        ("bedrock_invoke", "bedrock", "arn:aws:bedrock:us-east-1:1:application-inference-profile/x", None),
        ("bedrock_invoke", "bedrock", None, None),
        ("cohere_chat", "cohere", "command-a-03-2025", "max_tokens"),
        ("ollama", "ollama", "qwen3", "options.num_predict"),
        ("mistral_conversations", "mistral", None, "completion_args.max_tokens"),
        ("gemini_interactions", "gemini", "deep-research", None),
        ("cloudflare_run", "cloudflare", "@cf/meta/llama", None),
    ],
)
def test_a_host_is_told_in_its_own_words(dialect: str, provider: str, model: str, field: str | None) -> None:
    assert put(dialect, provider, model) == field


@pytest.mark.parametrize(
    ("dialect", "body", "field"),
    [
        ("gemini", {"request": {"contents": []}}, "request.generationConfig.maxOutputTokens"),
        ("gemini", {"request": None}, "generationConfig.maxOutputTokens"),
        ("gemini_interactions", {"model": "gemini-3-pro"}, "generation_config.max_output_tokens"),
        ("cloudflare_run", {"messages": []}, "max_tokens"),
        ("cloudflare_run", {"prompt": "", "max_tokens": 5}, "max_tokens"),
        ("cloudflare_run", {"prompt": "a cat"}, None),
        ("bedrock_invoke", {"anthropic_version": "x", "messages": []}, "max_tokens"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value,
)
def test_a_body_says_more_than_its_path(dialect: str, body: dict[str, Any], field: str | None) -> None:
    """Code Assist's wrapper, a model or an agent, a text or an image, Claude behind a profile's name."""
    assert put(dialect, "someone", None, body) == field


def test_claudes_newer_format_on_bedrock_is_known_by_its_messages() -> None:
    assert put("bedrock_invoke", "bedrock", "anthropic.claude-v2", {"messages": []}) == "max_tokens"


@pytest.mark.parametrize("dialect", NOTHING)
def test_a_format_without_an_output_maximum_has_no_place_for_one(dialect: str) -> None:
    assert places(endpoint(dialect), Asked(), {}) == ()


def test_every_dialect_was_thought_of() -> None:
    """One that comes anew needs a place, or a line above."""
    body = {"messages": [], "model": "x", "anthropic_version": "x"}
    placed = {name for name in DIALECTS if places(endpoint(name), Asked(), body)}

    assert placed | set(NOTHING) == set(DIALECTS)
    assert not placed & set(NOTHING)


@pytest.mark.parametrize("operation", ["embeddings", "compact", "retrieve", "rerank", "images"])
def test_what_writes_no_answer_has_no_output_maximum(operation: str) -> None:
    assert places(endpoint("openai_responses", operation=operation), Asked(), {}) == ()


@pytest.mark.parametrize(
    ("model", "is_one"),
    [
        ("gpt-5", True),
        ("GPT-5-mini", True),
        ("openai/gpt-5", True),
        ("ft:gpt-5:me", True),
        ("my-gpt-5", False),
        (None, False),
    ],
)
def test_a_model_is_known_by_the_last_part_of_its_name(model: str | None, is_one: bool) -> None:
    assert is_named(model, ("gpt-5*",)) is is_one
