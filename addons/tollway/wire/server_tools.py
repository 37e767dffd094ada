"""What the provider's own tools did for an answer, as the usage objects of OpenAI's formats count it."""

from collections.abc import Mapping
from typing import Any

from tollway.wire.counts import count, first, part

_SEARCH = "search_web"


def searches(usage: Mapping[str, Any]) -> int | None:
    """Web searches: of Perplexity, of its agents, of OpenRouter."""
    queries = first(usage, "num_search_queries")
    if queries is None:
        queries = first(part(_agent(usage), _SEARCH), "invocation")
    return first(_router(usage), "web_search_requests") if queries is None else queries


def calls(usage: Mapping[str, Any]) -> int | None:
    """Calls of other tools. OpenRouter counts the searches that it ran itself among them."""
    others = [
        n
        for name, tool in _agent(usage).items()
        if name != _SEARCH and isinstance(tool, dict) and (n := count(tool.get("invocation"))) is not None
    ]
    if others:
        return sum(others)
    run = first(_router(usage), "tool_calls_executed")
    return None if run is None else max(0, run - (first(_router(usage), "web_search_requests") or 0))


def _agent(usage: Mapping[str, Any]) -> Mapping[str, Any]:
    return part(usage, "tool_calls_details")


def _router(usage: Mapping[str, Any]) -> Mapping[str, Any]:
    return part(usage, "server_tool_use_details") or part(usage, "server_tool_use")
