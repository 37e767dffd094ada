"""Recorded traffic, read just enough to price it: what the dialects read is tested with them."""

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.tollway.prices.calls import BOOK, call

FOLDER = Path(os.environ.get("TOLLWAY_CORPUS", Path(__file__).parents[4] / "shared/corpus"))
EXCHANGES = FOLDER / "exchanges.jsonl.gz"

PROVIDERS = {
    "api.openai.com": "openai",
    "api.anthropic.com": "anthropic",
    "generativelanguage.googleapis.com": "gemini",
    "api.groq.com": "groq",
    "api.mistral.ai": "mistral",
    "api.deepseek.com": "deepseek",
    "openrouter.ai": "openrouter",
    "api.cerebras.ai": "cerebras",
    "api.z.ai": "zai",
    "router.huggingface.co": "huggingface",
    "api.voyageai.com": "voyage",
    "ollama.com": "ollama",
}
ENDINGS = {"aiplatform.googleapis.com": "vertex", ".openai.azure.com": "azure", ".amazonaws.com": "bedrock"}
COUNTS = {
    "input_tokens": ("prompt_tokens", "input_tokens", "promptTokenCount", "inputTokens"),
    "output_tokens": ("completion_tokens", "output_tokens", "candidatesTokenCount", "outputTokens"),
    "cache_read_tokens": ("cache_read_input_tokens", "cachedContentTokenCount", "cacheReadInputTokens"),
    "cache_write_tokens": ("cache_creation_input_tokens", "cacheWriteInputTokens"),
}
KNOWN_TO_LACK = {
    ("openrouter", "x-ai/grok-4"),
    ("groq", "groq/compound"),
    ("bedrock", "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile"),
}
"""An old model, a compound of several, and a profile whose name says nothing."""


def provider_of(host: str) -> str:
    return PROVIDERS.get(host) or next(
        (name for end, name in ENDINGS.items() if host.endswith(end)), "stranger"
    )


def asked_for(exchange: dict[str, Any]) -> str | None:
    request, path = exchange["request"], unquote(urlsplit(exchange["uri"]).path)
    if isinstance(request, dict) and request.get("model"):
        return str(request["model"])
    return (
        path.partition("/model/")[2].partition("/")[0]
        or path.partition("/models/")[2].partition(":")[0]
        or None
    )


def events(answer: object) -> Iterator[object]:
    """The answer, or each event of a streamed one."""
    if not isinstance(answer, str):
        yield answer
        return
    for line in answer.splitlines():
        try:
            yield json.loads(line.removeprefix("data:"))
        except ValueError:
            continue


def usages(answer: object) -> Iterator[tuple[dict[str, int], str | None]]:
    """The counts of each usage object in an answer, and the model beside it."""
    if isinstance(answer, dict):
        usage = answer.get("usage") or answer.get("usageMetadata")
        if isinstance(usage, dict):
            yield counts(usage), answer.get("model") or answer.get("modelVersion")
        for value in answer.values():
            yield from usages(value)


def counts(usage: dict[str, Any]) -> dict[str, int]:
    return {
        field: int(usage[key])
        for field, keys in COUNTS.items()
        for key in keys
        if isinstance(usage.get(key), int | float)
    }


def recorded() -> Iterator[tuple[str, str, str | None, str | None, dict[str, int]]]:
    """Provider, host, model asked for, model that served and counts, of each usage."""
    with gzip.open(EXCHANGES, "rt") as lines:
        for exchange in map(json.loads, lines):
            host = urlsplit(exchange["uri"]).hostname or ""
            for event in events(exchange["response"]):
                for usage, served in usages(event):
                    yield provider_of(host), host, asked_for(exchange), served, usage


@pytest.mark.skipif(
    not EXCHANGES.exists(), reason="NO RECORDED CORPUS HERE: set TOLLWAY_CORPUS to its folder"
)
def test_every_recorded_usage_has_a_price() -> None:
    """Nothing raises, nothing that was used is free unless it says so, and hardly a model is unknown."""
    priced, unknown = 0, set()

    for provider, host, asked, served, usage in recorded():
        cost = BOOK.price(call(provider, asked, host=host, model=served, **usage))
        assert cost.nano > 0 or not any(usage.values()) or cost.flags == ("free",), (
            host,
            asked,
            served,
            usage,
        )
        priced += 1
        if "unknown_price" in cost.flags and provider != "stranger":
            unknown.add((provider, served or asked))

    assert priced > 500
    assert unknown <= KNOWN_TO_LACK
