"""What an answer of Gemini or Vertex reports."""

from typing import Any

from tests.corpus.exchanges import Recorded
from tests.corpus.openai_counts import present

PARTS = {
    "AUDIO": "input_audio_tokens",
    "IMAGE": "input_image_tokens",
    "VIDEO": "input_video_tokens",
}
NUMBERED = {1: "TEXT", 2: "IMAGE", 3: "VIDEO", 4: "AUDIO", 5: "DOCUMENT"}
"""The modalities as protobuf numbers them: `$alt=json;enum-encoding=int` asks for that."""
OUT = {"AUDIO": "output_audio_tokens", "IMAGE": "output_image_tokens"}


def of_gemini(exchange: Recorded, things: list[dict[str, Any]]) -> dict[str, int]:
    """What `usageMetadata` means, spelled out.

    The total "is the sum of prompt, candidates, tool_use_prompt and thoughts", so what tools brought is input
    beside the prompt, and thoughts are output beside the candidates. Cached content is within the prompt. A
    stream's counts are cumulative: the last stand. A usage that has only the traffic's type reports no count.
    Embeddings have a prompt and nothing else.
    """
    usage: dict[str, Any] = {}
    for thing in things:
        usage = thing.get("usageMetadata") or usage
    if "promptTokenCount" not in usage:
        return {}
    answered = [usage[name] for name in ("candidatesTokenCount", "thoughtsTokenCount") if name in usage]
    found = present(
        input_tokens=usage["promptTokenCount"] + usage.get("toolUsePromptTokenCount", 0),
        output_tokens=sum(answered) if answered else None,
        cache_read_tokens=usage.get("cachedContentTokenCount"),
        reasoning_tokens=usage.get("thoughtsTokenCount"),
        cache_audio_read_tokens=by_modality(usage, "cacheTokensDetails").get("AUDIO"),
        web_searches=len(queries(things)) or None,
    )
    for key, names in (
        ("promptTokensDetails", PARTS),
        ("toolUsePromptTokensDetails", PARTS),
        ("candidatesTokensDetails", OUT),
    ):
        for modality, n in by_modality(usage, key).items():
            if modality in names:
                found[names[modality]] = found.get(names[modality], 0) + n
    return found


def by_modality(usage: dict[str, Any], key: str) -> dict[str, int]:
    """Tokens by modality. DOCUMENT is none of DESIGN's parts, and not IMAGE: Google tells the two apart."""
    found: dict[str, int] = {}
    for detail in usage.get(key) or []:
        modality = NUMBERED.get(detail.get("modality"), str(detail.get("modality")))
        found[modality] = found.get(modality, 0) + int(detail.get("tokenCount", 0))
    return found


def queries(things: list[dict[str, Any]]) -> set[str]:
    """The searches of Google: "we ignore the empty web search queries when counting unique queries".

    That models before Gemini 3 are billed once a prompt, however many queries, is a matter of price. A call
    of the search tool among the parts says that one was asked for, not that it was billed: only grounding
    counts.
    """
    found = set()
    for thing in things:
        for candidate in thing.get("candidates") or []:
            grounding = candidate.get("groundingMetadata") or {}
            found |= {query for query in grounding.get("webSearchQueries") or [] if query}
    return found
