"""What an answer in Anthropic's shape reports, at Anthropic and within Bedrock's InvokeModel."""

from typing import Any

from tests.corpus.exchanges import Recorded
from tests.corpus.openai_counts import present


def of_anthropic(exchange: Recorded, things: list[dict[str, Any]]) -> dict[str, int]:
    """What Anthropic's counts mean, spelled out.

    `input_tokens` is what met no cache: "Total input tokens in a request is the summation of input_tokens,
    cache_creation_input_tokens, and cache_read_input_tokens". A stream's later counts replace the earlier
    ones; the split by lifetime comes with the first event only. Thinking is within the output. Web fetches
    cost nothing.
    """
    usage = merged(things)
    if not usage:
        return {}
    beside = beside_the_whole(usage)
    uncached, read, written, out = (
        total(usage, beside, name)
        for name in (
            "input_tokens",
            "cache_read_input_tokens",
            "cache_creation_input_tokens",
            "output_tokens",
        )
    )
    return present(
        input_tokens=(uncached or 0) + (read or 0) + (written or 0),
        cache_read_tokens=read,
        cache_write_tokens=written,
        cache_write_1h_tokens=hour_long(usage, beside),
        output_tokens=out,
        reasoning_tokens=(usage.get("output_tokens_details") or {}).get("thinking_tokens"),
        web_searches=(usage.get("server_tool_use") or {}).get("web_search_requests"),
    )


def merged(things: list[dict[str, Any]]) -> dict[str, Any]:
    """One usage of all that came: the later that is not null wins, field by field."""
    usage: dict[str, Any] = {}
    for thing in things:
        for holder in (thing, thing.get("message")):
            if isinstance(holder, dict) and isinstance(holder.get("usage"), dict):
                usage |= {name: value for name, value in holder["usage"].items() if value is not None}
    return usage


def beside_the_whole(usage: dict[str, Any]) -> list[dict[str, Any]]:
    """The iterations that the top level leaves out: all but those of type `message`.

    Documented for compaction. For an advisor (whose tokens are billed at its own model's rates) the corpus
    shows it: 1,128 + 1,289 tokens of two `message`s are the top level's 2,417, with 2,529 of the advisor
    beside them.
    """
    return [entry for entry in usage.get("iterations") or [] if entry.get("type") != "message"]


def total(usage: dict[str, Any], beside: list[dict[str, Any]], name: str) -> int | None:
    """A count of the whole and of what stands beside it; None where nobody reports it."""
    found = [holder[name] for holder in (usage, *beside) if holder.get(name) is not None]
    return sum(found) if found else None


def hour_long(usage: dict[str, Any], beside: list[dict[str, Any]]) -> int | None:
    """The writes that live for an hour."""
    splits = [holder.get("cache_creation") or {} for holder in (usage, *beside)]
    return total(splits[0], splits[1:], "ephemeral_1h_input_tokens")
