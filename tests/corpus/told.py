"""What else a recorded answer tells: who served, what it was billed, whether it failed, and what it said."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Things = list[dict[str, Any]]
SAID = ("text", "content", "thinking", "partial_json", "outputText", "generation", "message")
"""Members whose strings a model wrote, unless within a request's echo or the quotation of a source."""
NOT_SAID = frozenset(
    "instructions input tools chat_history tool_results annotations citations groundingMetadata error".split()
)


def served(things: Things) -> str | None:
    """The model that served, as the provider names it last."""
    found = None
    for thing in things:
        for holder in (thing, thing.get("message"), thing.get("response")):
            if isinstance(holder, dict):
                found = holder.get("model") or holder.get("modelVersion") or found
    return found if isinstance(found, str) else None


def named(things: Things) -> str | None:
    """The provider's id of the answer: its own, that of what an event wraps, or Gemini's `responseId`."""
    found = None
    for thing in things:
        for holder in (thing, thing.get("message"), thing.get("response")):
            if isinstance(holder, dict):
                found = found or holder.get("id") or holder.get("responseId")
    return found or None


def most_output(asked: dict[str, Any]) -> int | None:
    """The output maximum that a request sets, by whichever name its shape has for it."""
    names = (
        *("max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "maxTokens"),
        *("max_new_tokens", "maxTokenCount", "max_gen_len"),  # Nova's, Titan's and Llama's, invoked
    )
    within = [asked.get(f"{name}Config") for name in ("generation", "inference", "textGeneration")]
    holders = [asked, *(holder for holder in within if isinstance(holder, dict))]
    return next((holder[name] for holder in holders for name in names if holder.get(name) is not None), None)


def billed_nano(things: Things) -> int | None:
    """What the provider says it billed, in nano-dollars (OpenRouter)."""
    found = None
    for thing in things:
        response = thing.get("response")
        for holder in (thing, response if isinstance(response, dict) else {}):
            cost = (holder.get("usage") or {}).get("cost")
            found = cost if cost is not None else found
    return None if found is None else round(Decimal(str(found)) * 1_000_000_000)


def failed(things: Things) -> bool:
    """Whether the answer carries an error, or says that the prompt was blocked."""
    return any(
        bool(thing.get("error")) or bool((thing.get("promptFeedback") or {}).get("blockReason"))
        for thing in things
    )


def texts(thing: Any) -> Iterator[str]:
    """The texts that a model wrote, wherever they stand in an answer or an event."""
    if isinstance(thing, list):
        for part in thing:
            yield from texts(part)
    elif isinstance(thing, dict):
        for name, value in thing.items():
            if name in SAID and isinstance(value, str):
                yield value
            elif name not in NOT_SAID:
                yield from texts(value)
