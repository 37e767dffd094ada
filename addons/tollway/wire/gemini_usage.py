"""Gemini's usageMetadata in our vocabulary."""

from collections.abc import Mapping
from typing import Any

from tollway.model import Usage
from tollway.wire.counts import count, text

# Clients may ask for enums as numbers (`$alt=json;enum-encoding=int`, as the vertexai SDK does).
_MODALITIES = {1: "TEXT", 2: "IMAGE", 3: "VIDEO", 4: "AUDIO", 5: "DOCUMENT"}
_TRAFFIC = {1: "ON_DEMAND", 2: "PROVISIONED_THROUGHPUT"}
_TIERS = {
    "ON_DEMAND": "standard",
    "ON_DEMAND_PRIORITY": "priority",
    "ON_DEMAND_FLEX": "flex",
    "ON_DEMAND_OFFPEAK": "offpeak",
    "PROVISIONED_THROUGHPUT": "provisioned",
}


def usage_of(metadata: Mapping[str, Any], searches: int | None = None) -> Usage | None:
    """What a `usageMetadata` reports; None if it counts nothing (Vertex's may hold the traffic type alone).

    Thoughts are output beside the candidates; what tools found and fed back is input beside the prompt.
    `searches` stand elsewhere in the answer.
    """
    came = _total(metadata, "promptTokenCount", "toolUsePromptTokenCount")
    thoughts = count(metadata.get("thoughtsTokenCount"))
    prompt = _modalities(metadata, "promptTokensDetails", "promptTokenDetails", "toolUsePromptTokensDetails")
    cached = _modalities(metadata, "cacheTokensDetails")
    answer = _modalities(metadata, "candidatesTokensDetails")
    found = Usage(
        input_tokens=came,
        cache_read_tokens=count(metadata.get("cachedContentTokenCount")),
        output_tokens=_output(metadata, came),
        reasoning_tokens=thoughts,
        input_audio_tokens=prompt.get("AUDIO"),
        input_image_tokens=prompt.get("IMAGE"),
        input_video_tokens=prompt.get("VIDEO"),
        cache_audio_read_tokens=cached.get("AUDIO"),
        output_audio_tokens=answer.get("AUDIO"),
        output_image_tokens=answer.get("IMAGE"),
        web_searches=searches,
    )
    return found if found != _NOTHING else None


def tier_of(metadata: Mapping[str, Any]) -> str | None:
    """The tier that served: the Gemini API's `serviceTier`, or Vertex's traffic type in the same words."""
    if (tier := text(metadata, "serviceTier")) is not None:
        return tier.lower()
    traffic = named(metadata.get("trafficType"), _TRAFFIC)
    return None if traffic is None else _TIERS.get(traffic, traffic.lower())


def named(value: object, names: Mapping[int, str]) -> str | None:
    """An enum by its name; None for what is none, and for a number that has no name here."""
    if isinstance(value, str):
        return value[:64] or None
    return names.get(value) if type(value) is int else None


_NOTHING = Usage()


def _output(metadata: Mapping[str, Any], came: int | None) -> int | None:
    """Candidates and thoughts. The format leaves zeros out, so where both lack, the total tells."""
    parts = _total(metadata, "candidatesTokenCount", "thoughtsTokenCount")
    total = count(metadata.get("totalTokenCount"))
    if parts is None and came is not None and total is not None and total >= came:
        return total - came
    return parts


def _total(metadata: Mapping[str, Any], *keys: str) -> int | None:
    known = [n for key in keys if (n := count(metadata.get(key))) is not None]
    return sum(known) if known else None


def _modalities(metadata: Mapping[str, Any], *keys: str) -> dict[str, int]:
    """The tokens of each modality, over these lists."""
    found: dict[str, int] = {}
    for key in keys:
        details = metadata.get(key)
        for detail in details if isinstance(details, list) else ():
            if isinstance(detail, dict) and (n := count(detail.get("tokenCount"))) is not None:
                modality = named(detail.get("modality"), _MODALITIES) or ""
                found[modality] = found.get(modality, 0) + n
    return found
