"""What is not billed by tokens, and what providers' tools cost, by hand, in USD at `calls.NOW`."""

from typing import Any

import pytest

from tests.tollway.prices.calls import EACH, MILLION, dollars, portion, price


@pytest.mark.parametrize(
    ("provider", "model", "said", "usd"),
    [
        ("openai", "whisper-1", {"operation": "transcription", "seconds": 600}, "0.06"),
        ("openai", "gpt-transcribe", {"operation": "transcription", "seconds": 600}, "0.045"),
        ("openai", "tts-1", {"operation": "speech", "characters": 4096}, "0.06144"),
        ("openai", "tts-1-hd", {"operation": "speech", "characters": 4096}, "0.12288"),
        ("openai", "dall-e-2", {"operation": "images", "images": 2}, "0.04"),
        ("openai", "dall-e-3", {"operation": "images", "images": 2}, "0.24"),
        ("openai", "sora-2", {"operation": "video", "seconds": 8}, "0.8"),
        ("openai", "sora-2-pro", {"operation": "video", "seconds": 8}, "4"),
        ("gemini", "imagen-4.0-generate-001", {"operation": "images", "images": 4}, "0.16"),
        ("gemini", "imagen-4.0-ultra-generate-001", {"operation": "images", "images": 4}, "0.24"),
        ("vertex", "imagen-4.0-fast-generate-001", {"operation": "images", "images": 4}, "0.08"),
        ("gemini", "veo-3.1-generate-001", {"operation": "video", "seconds": 8}, "4.8"),
        ("gemini", "veo-3.1-fast-generate-preview", {"operation": "video", "seconds": 8}, "2.4"),
        ("vertex", "veo-2.0-generate-001", {"operation": "video", "seconds": 8}, "4"),
        ("vertex", "text-embedding-005", {"operation": "embeddings", "characters": 40_000}, "0.001"),
        ("mistral", "mistral-ocr-latest", {"operation": "ocr", "pages": 10}, "0.04"),
        ("mistral", "mistral-ocr-3-0", {"operation": "ocr", "pages": 10}, "0.02"),
        ("mistral", "voxtral-mini-tts-2603", {"operation": "speech", "characters": 1000}, "0.016"),
        ("cohere", "rerank-v3.5", {"operation": "rerank", "requests": 5}, "0.01"),
        ("cohere", "rerank-v4.0-pro", {"operation": "rerank", "requests": 5}, "0.0125"),
        ("cohere", "rerank-v5.0-pro", {"operation": "rerank", "input_tokens": MILLION}, "0.05"),
        ("cohere", "embed-english-v3.0", {"operation": "embeddings", "images": 3}, "0.0003"),
        ("cohere", "parse-v5.0", {"operation": "ocr", "pages": 10}, "0.015"),
        ("voyage", "rerank-2.5-lite", {"operation": "rerank", "input_tokens": MILLION}, "0.02"),
        ("perplexity", None, {"operation": "search", "requests": 2}, "0.01"),
        ("groq", "whisper-large-v3-turbo", {"operation": "transcription", "seconds": 3600}, "0.04"),
        ("groq", "canopylabs/orpheus-v1-english", {"operation": "speech", "characters": 1000}, "0.022"),
        ("xai", "grok-imagine-image-2.0", {"operation": "images", "images": 2}, "0.12"),
    ],
)  # fmt: skip
def test_what_is_billed_by_the_piece(
    provider: str, model: str | None, said: dict[str, Any], usd: str
) -> None:
    """600 s of 0.36 an hour; 0.27 an hour; 4096 of 15 or 30 a million; 2 x 0.02; 2 x 0.12 ... and no flag."""
    cost = price(provider, model, **said)

    assert (dollars(provider, model, **said), cost.flags) == (usd, ())


def test_images_shown_to_an_embedding_model_cost_what_they_are_listed_at() -> None:
    """embed-v4.0: 0.12 a million of text, 0.47 of images."""
    usage = {"input_tokens": 2 * MILLION, "input_image_tokens": MILLION}

    assert dollars("cohere", "embed-v4.0", **usage, operation="embeddings") == "0.59"


def test_sound_in_chats_has_its_own_price() -> None:
    """gpt-4o-audio-preview: 0.5 x 2.5 + 0.5 x 40 in, 0.5 x 10 + 0.5 x 80 out = 21.25 + 45."""
    usage = EACH | {"input_audio_tokens": MILLION // 2, "output_audio_tokens": MILLION // 2}

    assert dollars("openai", "gpt-4o-audio-preview-2025-06-03", **usage) == "66.25"


def test_what_the_list_prices_is_not_supplemented() -> None:
    """whisper-1 is on it; a row of ours for a listed model fills what has no price, and nothing else."""
    assert price("openai", "whisper-1", seconds=1).price_version == "genai-prices 0.2.3 openai/whisper-1"
    assert dollars("openai", "gpt-4o-audio-preview", **EACH) == "12.5"


@pytest.mark.parametrize(
    ("provider", "model", "usage", "nano"),
    [
        ("openai", "gpt-5", {"web_searches": 2}, 20_000_000),
        ("openai", "gpt-5", {"tool_calls": 2}, 5_000_000),
        ("anthropic", "claude-opus-5-5", {"web_searches": 2, "tool_calls": 3}, 20_000_000),
        ("gemini", "gemini-2.5-flash", {"web_searches": 2}, 35_000_000),
        ("gemini", "gemini-3.8-flash", {"web_searches": 2}, 28_000_000),
        ("gemini", "gemini-2.5-flash", {"tool_calls": 2}, 50_000_000),
        ("gemini", "gemini-3.8-flash", {"tool_calls": 2}, 28_000_000),
        ("xai", "grok-4.7", {"web_searches": 2, "tool_calls": 1}, 15_000_000),
        ("mistral", "mistral-medium-latest", {"web_searches": 2, "tool_calls": 1}, 90_000_000),
    ],
)
def test_fees_of_providers_own_tools(provider: str, model: str, usage: dict[str, int], nano: int) -> None:
    """Per 1000: OpenAI's searches 10 and file searches 2.5; Anthropic's searches 10, fetches nothing;

    Gemini 35 a grounded request, 14 a query from 3 on, Maps 25, 14 from 3 on; xAI 5; Mistral's connectors 30.
    """
    assert price(provider, model, input_tokens=0, **usage).other_nano == nano


def test_containers_of_the_code_interpreter_are_portions_of_a_call() -> None:
    """gpt-5, 1.25; two containers of 0.03."""
    portions = (portion("gpt-5", input_tokens=MILLION), portion("tool/code_interpreter", requests=2))

    assert dollars("openai", "gpt-5", portions=portions) == "1.31"
