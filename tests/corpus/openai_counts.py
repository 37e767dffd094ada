"""What an answer in OpenAI's shapes reports: Chat, Responses, embeddings, and those of all who speak them."""

from typing import Any

from tests.corpus.exchanges import Recorded

Things = list[dict[str, Any]]


def of_openai(exchange: Recorded, things: Things) -> dict[str, int]:
    """What OpenAI's shapes count, spelled out.

    Details are parts of the counts, never additions. The usage of a stream is that of its last event that has
    one: Chat's extra chunk, `response.completed`'s response, Groq's `x_groq` (which repeats the chunk's).
    """
    usage = last_usage(things)
    if usage is None:
        return {}
    came = usage.get("prompt_tokens_details") or usage.get("input_tokens_details") or {}
    went = usage.get("completion_tokens_details") or usage.get("output_tokens_details") or {}
    tokens_in, tokens_out = whole(usage)
    return present(
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        cache_read_tokens=cache_read(usage, came),
        cache_write_tokens=came.get("cache_write_tokens"),
        reasoning_tokens=went.get("reasoning_tokens"),
        input_audio_tokens=came.get("audio_tokens"),
        input_image_tokens=came.get("image_tokens"),
        input_video_tokens=came.get("video_tokens"),
        output_audio_tokens=went.get("audio_tokens"),
        output_image_tokens=went.get("image_tokens"),
        web_searches=web_searches(usage, things),
        tool_calls=tool_calls(usage, things),
    )


def present(**counts: Any) -> dict[str, int]:
    """The counts that there are."""
    return {name: int(n) for name, n in counts.items() if n is not None}


def last_usage(things: Things) -> dict[str, Any] | None:
    """The last usage, wherever the shape has it: Responses' events wrap the response."""
    found = None
    for thing in things:
        holders = (thing, thing.get("response"), thing.get("x_groq"))
        for holder in holders:
            if isinstance(holder, dict) and isinstance(holder.get("usage"), dict):
                found = holder["usage"]
    return found


def whole(usage: dict[str, Any]) -> tuple[int | None, int | None]:
    """Input and output as billed.

    Embeddings have no output; Voyage reports a total alone, which is the input. Where the total exceeds the
    sum, the rest was generated out of sight and is billed as output: xAI's reasoning ("in addition to"), and
    the thoughts of Gemini behind its OpenAI door, which has no other place for them (native: total = prompt +
    candidates + thoughts). How many of it were thoughts nobody reports: no `reasoning_tokens` are made up.
    """
    tokens_in = usage.get("prompt_tokens", usage.get("input_tokens"))
    tokens_out = usage.get("completion_tokens", usage.get("output_tokens"))
    total = usage.get("total_tokens")
    if tokens_in is None and tokens_out is None:
        return total, None
    if tokens_in is not None and tokens_out is not None and total is not None:
        tokens_out = max(tokens_out, total - tokens_in)
    return tokens_in, tokens_out


def cache_read(usage: dict[str, Any], came: dict[str, Any]) -> int | None:
    """The part of the input that came from a cache, by whichever name the provider has for it.

    All of them are within the prompt's tokens: DeepSeek's hits and misses add up to it, Mistral's
    `num_cached_tokens` (before it took OpenAI's details) never exceed it; routers put `cached_tokens` beside
    it.
    """
    names = ("prompt_cache_hit_tokens", "num_cached_tokens", "cached_tokens")
    found = [came.get("cached_tokens"), *(usage.get(name) for name in names)]
    return next((int(n) for n in found if n is not None), None)


def output_items(things: Things) -> list[dict[str, Any]]:
    """The items of a response; of a stream's last event that has them."""
    for thing in reversed(things):
        response = thing.get("response") if isinstance(thing.get("response"), dict) else thing
        if isinstance(response, dict) and isinstance(response.get("output"), list):
            return [item for item in response["output"] if isinstance(item, dict)]
    return []


def web_searches(usage: dict[str, Any], things: Things) -> int | None:
    """Billed searches: OpenAI's own count where there is one, else its `web_search_call` items that searched.

    "Search actions incur a tool call cost": opening a page and finding in it do not; several queries in one
    action are one call. An item without an action is taken for a search. Groq's Compound lists what it
    executed. OpenRouter counts them in its server tools' details.
    """
    for thing in reversed(things):
        response = thing.get("response") if isinstance(thing.get("response"), dict) else thing
        counted = ((response or {}).get("tool_usage") or {}).get("web_search") or {}
        if "num_requests" in counted:
            return int(counted["num_requests"])
    details = usage.get("server_tool_use_details") or {}
    if details.get("web_search_requests") is not None:
        return int(details["web_search_requests"])
    calls = [item for item in output_items(things) if item.get("type") == "web_search_call"]
    if calls:
        return len([c for c in calls if (c.get("action") or {}).get("type", "search") == "search"])
    return len([tool for tool in executed(things) if tool.get("type") == "search"]) or None


def executed(things: Things) -> list[dict[str, Any]]:
    """The tools that Groq's Compound ran on its own servers."""
    choices = [choice for thing in things for choice in thing.get("choices") or []]
    messages = [choice.get("message") or choice.get("delta") or {} for choice in choices]
    return [tool for message in messages for tool in message.get("executed_tools") or []]


def tool_calls(usage: dict[str, Any], things: Things) -> int | None:
    """Other calls that are billed by the call.

    OpenAI's are `file_search_call`s ($2.50 per 1,000). Its code interpreter is billed by the container and
    its MCP calls by nothing, so neither is counted. OpenRouter reports what it executed, its searches
    included.
    """
    details = usage.get("server_tool_use_details") or {}
    if details.get("tool_calls_executed") is not None:
        return int(details["tool_calls_executed"]) - int(details.get("web_search_requests") or 0)
    return len([item for item in output_items(things) if item.get("type") == "file_search_call"]) or None
