"""What an answer of Bedrock reports: Converse in its own shape, InvokeModel in the model's, and headers."""

from typing import Any

from tests.corpus.anthropic_counts import of_anthropic
from tests.corpus.exchanges import Recorded
from tests.corpus.openai_counts import present

METRICS = "amazon-bedrock-invocationMetrics"


def of_bedrock(exchange: Recorded, things: list[dict[str, Any]]) -> dict[str, int]:
    """Converse's usage, or what an invoked model says; else what AWS counted for headers or metrics."""
    usage = next((found for thing in reversed(things) if (found := usage_of(thing))), {})
    if "inputTokens" in usage:
        return of_converse(usage)
    if found := of_anthropic(exchange, things):
        return found
    return of_headers(exchange.headers) or of_metrics(things)


def usage_of(thing: dict[str, Any]) -> dict[str, Any]:
    """The usage of an answer, or of a stream's metadata event (Nova's stands within `metadata`)."""
    return thing.get("usage") or (thing.get("metadata") or {}).get("usage") or {}


def of_converse(usage: dict[str, Any]) -> dict[str, int]:
    """Converse's counts, which Nova speaks through InvokeModel, too.

    `inputTokens` excludes the caches: 22 + 2,492 written + 13 of output is the reported total of 2,527. The
    pairs `cacheReadInputTokens` and `cacheReadInputTokenCount` are one count by two names.
    """
    read = usage.get("cacheReadInputTokens", usage.get("cacheReadInputTokenCount"))
    written = usage.get("cacheWriteInputTokens", usage.get("cacheWriteInputTokenCount"))
    split = [entry for entry in usage.get("cacheDetails") or [] if entry.get("ttl") == "1h"]
    return present(
        input_tokens=usage["inputTokens"] + (read or 0) + (written or 0),
        output_tokens=usage.get("outputTokens"),
        cache_read_tokens=read,
        cache_write_tokens=written,
        cache_write_1h_tokens=sum(entry["inputTokens"] for entry in split) if split else None,
    )


def of_headers(headers: dict[str, str]) -> dict[str, int]:
    """InvokeModel's headers: all that Cohere's, Mistral's and Amazon's embedding models report.

    Titan's and Llama's bodies have counts of their own, equal to these. Vectors have no output: no header.
    """
    prefix, suffix = "x-amzn-bedrock-", "-token-count"
    counts = {
        name: headers.get(f"{prefix}{name}{suffix}")
        for name in ("input", "output", "cache-read-input", "cache-write-input")
    }
    return with_caches(*(None if n is None else int(n) for n in counts.values()))


def of_metrics(things: list[dict[str, Any]]) -> dict[str, int]:
    """The metrics that AWS adds to the last event of an invoked stream."""
    metrics: dict[str, int] = next((thing[METRICS] for thing in reversed(things) if METRICS in thing), {})
    names = ("inputTokenCount", "outputTokenCount", "cacheReadInputTokenCount", "cacheWriteInputTokenCount")
    return with_caches(*(metrics.get(name) for name in names))


def with_caches(
    uncached: int | None, out: int | None, read: int | None, written: int | None
) -> dict[str, int]:
    """AWS's four counts, the input of which excludes both caches."""
    if uncached is None and out is None:
        return {}
    return present(
        input_tokens=None if uncached is None else uncached + (read or 0) + (written or 0),
        output_tokens=out,
        cache_read_tokens=read,
        cache_write_tokens=written,
    )
