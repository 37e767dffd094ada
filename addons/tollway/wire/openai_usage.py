"""The usage objects of OpenAI's formats, and of all who speak them, in our vocabulary."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from msgspec.structs import replace

from tollway.model import USAGE_FIELDS, Usage
from tollway.wire.counts import count, first, part
from tollway.wire.server_tools import calls, searches

_NANO = Decimal(10**9)
_NANO_PER_TICK = Decimal("0.1")  # xAI: "1 tick = 1e-10 USD"


def usage_of(usage: Mapping[str, Any], reasoning_extra: bool = False) -> Usage | None:
    """What a `usage` object reports, in Chat's, Responses' or Realtime's names; None if that is nothing.

    `reasoning_extra`: reasoning tokens come on top of the completion tokens, where the total is silent, and
    on top of the total, too, where they stand beside it (Perplexity).
    """
    came = {name: n for key in _CAME for name, n in part(usage, key).items()}
    went = {name: n for key in _WENT for name, n in part(usage, key).items()}
    read = first(came, "cached_tokens", _READ)
    if read is None:  # DeepSeek; Mistral; Together, Moonshot; Databricks
        read = first(usage, "prompt_cache_hit_tokens", "num_cached_tokens", "cached_tokens", _READ)
    written = first(came, "cache_write_tokens", _WRITTEN)
    reasoning = first(went, "reasoning_tokens")
    if reasoning is None:  # Perplexity, Databricks
        reasoning = first(usage, "reasoning_tokens")
    found = Usage(
        input_tokens=first(usage, "prompt_tokens", "input_tokens"),
        cache_read_tokens=read,
        cache_write_tokens=first(usage, _WRITTEN) if written is None else written,
        cache_write_12h_tokens=first(part(came, "cache_write_tokens_details"), "ttl_12h_tokens"),
        output_tokens=_output(usage, reasoning if reasoning_extra else None),
        reasoning_tokens=reasoning,
        input_audio_tokens=first(came, "audio_tokens"),
        input_image_tokens=first(came, "image_tokens"),
        input_video_tokens=first(came, "video_tokens"),
        cache_audio_read_tokens=first(part(came, "cached_tokens_details"), "audio_tokens"),  # Realtime
        output_audio_tokens=first(went, "audio_tokens"),
        output_image_tokens=first(went, "image_tokens"),
        web_searches=searches(usage),
        tool_calls=calls(usage),
        seconds=first(usage, "prompt_audio_seconds"),  # Mistral
    )
    if found.seconds:
        found = _heard(found, usage)
    return found if found != _NOTHING else None


_NOTHING = Usage()
_CAME = ("prompt_tokens_details", "input_token_details", "input_tokens_details")
_WENT = ("completion_tokens_details", "output_token_details", "output_tokens_details")
_READ, _WRITTEN = "cache_read_input_tokens", "cache_creation_input_tokens"


def _heard(found: Usage, usage: Mapping[str, Any]) -> Usage:
    """The usage of an answer to sound that is billed by the second.

    Total, details and cache count the sound as tokens, too; prompt and completion do not.
    """
    read = found.cache_read_tokens
    return replace(
        found,
        cache_read_tokens=None if read is None else min(read, found.input_tokens or 0),
        output_tokens=first(usage, "completion_tokens"),
        input_audio_tokens=None,
    )


def summed(usages: Sequence[Usage]) -> Usage:
    """Field by field; what none of them reports stays unknown."""
    known = [u.known() for u in usages]
    return Usage(
        **{name: sum(k.get(name, 0) for k in known) for name in USAGE_FIELDS if any(name in k for k in known)}
    )


def _output(usage: Mapping[str, Any], extra: int | None) -> int | None:
    """All output that is billed.

    The total decides: where it is more than input and completion, the rest is thinking that the completion
    leaves out (xAI's Chat; Gemini's OpenAI endpoint, which says so nowhere else).
    """
    completion = first(usage, "completion_tokens", "output_tokens")
    if completion is None:
        return None
    if extra and "reasoning_tokens" in usage:
        return completion + extra
    came, total = first(usage, "prompt_tokens", "input_tokens"), count(usage.get("total_tokens"))
    if came is not None and total is not None and total >= came + completion:
        return total - came
    return completion + (extra or 0)


def cost_nano(usage: Mapping[str, Any]) -> int | None:
    """What the provider says it billed, in nano-dollars, rounded half up; None if it does not say.

    xAI: `cost_in_usd_ticks`. OpenRouter: `cost` in USD, which leaves out what a caller's own upstream key
    pays: then that is added. Perplexity: `cost.total_cost`, which is zero in chunks that are not the last.
    """
    ticks = count(usage.get("cost_in_usd_ticks"))
    if ticks is not None:
        return _rounded(ticks * _NANO_PER_TICK)
    cost = usage.get("cost")
    if isinstance(cost, dict):
        return None if _is_skeleton(cost) else _rounded(_nano(cost.get("total_cost")))
    billed = _nano(cost)
    if billed is not None and usage.get("is_byok") is True:
        upstream = _nano(part(usage, "cost_details").get("upstream_inference_cost"))
        billed = None if upstream is None else billed + upstream
    return _rounded(billed)


def _is_skeleton(cost: Mapping[str, Any]) -> bool:
    """No cost yet, or none in dollars: a chat's has the request's fee once its answer is whole (SDK 0.46)."""
    settled = cost.get("total_cost") != 0 or "request_cost" in cost or "currency" in cost
    return not settled or cost.get("currency", "USD") != "USD"


def _nano(usd: object) -> Decimal | None:
    """Exact: the shortest text of a float is what the JSON said."""
    if type(usd) not in (int, float):
        return None
    nano = Decimal(str(usd)) * _NANO
    return nano if 0 <= nano < Decimal(10**18) else None


def _rounded(nano: Decimal | None) -> int | None:
    return None if nano is None else int(nano.to_integral_value(ROUND_HALF_UP))
