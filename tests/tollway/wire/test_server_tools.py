"""Searches and tool calls are found wherever a provider counts them."""

from typing import Any

import pytest

from tollway.wire.server_tools import calls, searches


@pytest.mark.parametrize(
    ("usage", "searched", "called"),
    [
        ({"num_search_queries": 3}, 3, None),
        ({"tool_calls_details": {"search_web": {"invocation": 2}}}, 2, None),
        ({"tool_calls_details": {"fetch_url": {"invocation": 2}, "run": {"invocation": 1}}}, None, 3),
        ({"server_tool_use_details": {"web_search_requests": 2, "tool_calls_executed": 3}}, 2, 1),
        ({"server_tool_use_details": {"web_search_requests": 2, "tool_calls_executed": 0}}, 2, 0),
        ({"server_tool_use_details": {"tool_calls_executed": 3, "web_search_requests": None}}, None, 3),
        ({"server_tool_use": {"web_search_requests": 2}}, 2, None),
        ({"tool_calls_details": {"search_web": 2, "fetch_url": {"invocation": -1}}}, None, None),
        ({"tool_calls_details": [1], "server_tool_use_details": "x", "num_search_queries": "3"}, None, None),
        ({}, None, None),
    ],
)
def test_each_provider_s_count_is_read(
    usage: dict[str, Any], searched: int | None, called: int | None
) -> None:
    """A search that OpenRouter ran itself is one of its calls, one that the model's provider ran is not."""
    assert searches(usage) == searched
    assert calls(usage) == called
