"""Tools that a provider runs itself: bound by their caps, or not at all."""

from typing import Any

import pytest

from tests.tollway.bound.bounds import CLAUDE, LARGE, RESPONSE, bounded, endpoint, read, reason
from tollway.bound.bound import Bound
from tollway.bound.capacity import Capacity
from tollway.bound.table import bound_of
from tollway.model import Usage
from tollway.wire import DIALECTS

SEARCH = {"type": "web_search_20250305", "name": "web_search", "max_uses": 2}


def test_a_search_with_a_cap_reads_the_context_window_each_time() -> None:
    """Anthropic takes 10 turns at most, whatever its tools; two searches are billed as such."""
    bound = bounded("anthropic_messages", CLAUDE | {"tools": [SEARCH]}, LARGE, provider="anthropic")

    assert bound.usage == Usage(input_tokens=10 * 200_000, output_tokens=10 * 100, web_searches=2)
    assert bound.shape == "anthropic_messages text+web_search"
    assert "input: 10 turns of the provider's tools, each reading 200000 tokens at most" in bound.why


def test_a_search_without_a_window_to_bound_it_has_no_bound() -> None:
    assert reason("anthropic_messages", CLAUDE | {"tools": [SEARCH]}, provider="anthropic") == (
        "of what the provider's tools find no size is known, nor the model's context window"
    )


def test_a_tool_of_the_provider_without_a_cap_has_no_bound() -> None:
    tools = [{"type": "web_search"}]

    assert reason("openai_responses", RESPONSE | {"tools": tools}, LARGE) == (
        "tools: the provider runs web_search, with no cap on its calls"
    )


def test_a_cap_for_all_tools_bounds_them() -> None:
    """Three calls: four turns. Either tool may have made all three."""
    body = RESPONSE | {
        "tools": [{"type": "web_search"}, {"type": "file_search", "vector_store_ids": ["v"]}],
        "max_tool_calls": 3,
        "max_output_tokens": 10,
    }
    bound = bounded("openai_responses", body, LARGE, provider="openai")

    assert bound.usage == Usage(input_tokens=4 * 200_000, output_tokens=4 * 10, web_searches=3, tool_calls=3)


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("anthropic_messages", CLAUDE | {"tools": [SEARCH]}),
        ("openai_responses", RESPONSE | {"tools": [{"type": "web_search"}], "max_tool_calls": 3}),
    ],
)
def test_a_cap_that_the_provider_is_not_known_to_keep_is_none(dialect: str, body: dict[str, Any]) -> None:
    assert reason(dialect, body, LARGE) == "tools: the provider runs web_search, with no cap on its calls"


@pytest.mark.parametrize(
    ("dialect", "body", "provider"),
    [
        ("anthropic_messages", CLAUDE | {"tools": [{**SEARCH, "max_uses": None}]}, "anthropic"),
        ("openai_responses", RESPONSE | {"tools": [{"type": "web_search"}]}, "openai"),
    ],
)
def test_a_cap_that_is_put_bounds_as_one_that_was_there(
    dialect: str, body: dict[str, Any], provider: str
) -> None:
    where = endpoint(dialect, provider)
    asked = DIALECTS[dialect].read_request(where, body)

    bound = bound_of(where, asked, body, LARGE, cap=2)

    assert isinstance(bound, Bound)
    assert bound.usage.web_searches == 2
    assert "would be one" in reason(dialect, body, LARGE, provider=provider)


def test_a_search_among_the_request_s_own_tools_reads_the_request_again() -> None:
    """Ten turns of the request and what was written before, the window at most."""
    body = CLAUDE | {"tools": [{"type": "tool_search_tool_bm25_20251119", "name": "s"}]}
    bound = bounded("anthropic_messages", body)

    once = read(bounded("anthropic_messages", CLAUDE)) + len("toolstypetool_search_tool_bm25_20251119names")
    assert read(bound) == 10 * (once + 4 * 4 + 10 * 100)
    assert read(bounded("anthropic_messages", body, LARGE)) == read(bound)
    assert read(bounded("anthropic_messages", body, Capacity(context=500))) == 10 * 500
