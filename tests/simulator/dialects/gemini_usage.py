"""Gemini's `usageMetadata`: thoughts beside the candidates, tool prompts beside the prompt."""

from typing import Any

import orjson

from tests.simulator.usage import Usage, literal, tidy


def usage_metadata(
    usage: Usage | None, *, part: tuple[int, int] = (1, 1)
) -> dict[str, Any] | orjson.Fragment | None:
    """The metadata after `part[0]` of `part[1]` chunks: outputs grow, the rest is constant."""
    if usage is None or usage.raw is not None:
        return literal(usage)
    prompt = None
    if usage.input_tokens is not None:
        prompt = usage.input_tokens - usage.count("tool_input_tokens")
    output = None
    if usage.output_tokens is not None:
        output = (usage.output_tokens - usage.count("reasoning_tokens")) * part[0] // part[1]
    counts = (prompt, output, usage.reasoning_tokens, usage.tool_input_tokens)
    return tidy({
        "promptTokenCount": prompt,
        "cachedContentTokenCount": usage.cache_read_tokens,
        "candidatesTokenCount": output,
        "toolUsePromptTokenCount": usage.tool_input_tokens,
        "thoughtsTokenCount": usage.reasoning_tokens,
        "totalTokenCount": sum(count for count in counts if count is not None),
        "promptTokensDetails": _modalities(usage, prompt),
        "candidatesTokensDetails": _spoken(usage),
        "serviceTier": usage.tier,
    })  # fmt: skip


def _modalities(usage: Usage, prompt: int | None) -> list[dict[str, Any]] | None:
    if prompt is None:
        return None
    parts = {"AUDIO": usage.count("input_audio_tokens"), "IMAGE": usage.count("input_image_tokens")}
    counts = {"TEXT": prompt - sum(parts.values()), **parts}
    return [{"modality": name, "tokenCount": count} for name, count in counts.items() if count]


def _spoken(usage: Usage) -> list[dict[str, Any]] | None:
    if usage.output_audio_tokens is None:
        return None
    return [{"modality": "AUDIO", "tokenCount": usage.output_audio_tokens}]
