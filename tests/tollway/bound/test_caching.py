"""What may be written to a prompt cache."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tollway.bound.bound import Bound
from tollway.bound.caching import NOT_LONG, NOTHING, cached
from tollway.bound.capacity import Capacity
from tollway.bound.table import bound_of
from tollway.model import Asked, Endpoint, Kind, Usage
from tollway.prices.book import PriceBook
from tollway.prices.ceiling import Leaving

WHOLE = Bound(usage=Usage(input_tokens=1_000_000, output_tokens=0), max_output=0)
SHORT = {"type": "ephemeral"}
LONG = {"type": "ephemeral", "ttl": "1h"}


def bound(body: Mapping[str, Any], provider: str = "anthropic", dialect: str = "anthropic_messages") -> Bound:
    """A million tokens of input, in this body."""
    return cached(WHOLE, provider, dialect, body)


def said(text: str, **more: object) -> dict[str, Any]:
    """A message of one block."""
    return {"role": "user", "content": [{"type": "text", "text": text, **more}]}


def test_without_a_mark_nothing_is_written() -> None:
    found = bound({"system": "s", "messages": [said("x"), "y"], "tools": None})

    usage = found.usage
    assert (usage.cache_write_tokens, usage.cache_write_1h_tokens, usage.cache_write_12h_tokens) == (0, 0, 0)
    assert (usage.input_tokens, usage.cache_read_tokens, found.why) == (1_000_000, None, (NOTHING,))


@pytest.mark.parametrize(
    "body",
    [
        {"cache_control": SHORT},
        {"system": [{"text": "s", "cache_control": SHORT}]},
        {"messages": [said("x", cache_control=SHORT | {"ttl": "5m"})]},
        {"tools": [{"name": "t", "cache_control": SHORT | {"ttl": None}}]},
        {"messages": [{"content": [{"cachePoint": {"type": "default"}}]}]},
    ],
)
def test_a_mark_writes_for_five_minutes(body: dict[str, Any]) -> None:
    """Any part of the input."""
    found = bound(body)

    usage = found.usage
    assert (usage.cache_write_tokens, usage.cache_write_1h_tokens, usage.cache_write_12h_tokens) == (
        (None, 0, 0)
    )
    assert found.why == (NOT_LONG,)


@pytest.mark.parametrize(
    "body",
    [
        {"cache_control": LONG},
        {"messages": [said("x", cache_control=SHORT), said("y", cache_control=LONG)]},
        {"messages": [{"content": [{"type": "tool_result", "content": [said("z", cache_control=LONG)]}]}]},
        {"messages": [{"content": [{"cachePoint": {"type": "default", "ttl": "1h"}}]}]},
        {"cache_control": SHORT | {"ttl": "7d"}},
        {"cache_control": "ephemeral"},
    ],
)
def test_one_mark_for_longer_is_enough_for_all(body: dict[str, Any]) -> None:
    """So is one that nobody understands."""
    assert bound(body) is WHOLE


def test_a_mark_that_is_null_is_none() -> None:
    assert bound({"messages": [said("x", cache_control=None)]}).why == (NOTHING,)


@pytest.mark.parametrize(
    ("provider", "dialect"),
    [("openrouter", "anthropic_messages"), ("any", "anthropic_messages"), ("anthropic", "openai_chat")],
)
def test_nothing_is_claimed_of_others(provider: str, dialect: str) -> None:
    """A gateway may ask for more than it was asked for; OpenAI writes unasked."""
    assert bound({}, provider, dialect) is WHOLE


SEARCH = {"type": "web_search_20250305", "max_uses": 2}


@pytest.mark.parametrize(("tools", "most"), [([], 0), ([SEARCH], None)])
def test_nothing_is_claimed_where_tools_run_at_the_provider(tools: list[object], most: int | None) -> None:
    """Their results come in between, and may be written."""
    where = Endpoint(
        kind=Kind.INFERENCE, provider="anthropic", host="h", operation="chat", dialect="anthropic_messages"
    )
    body = {"model": "m", "max_tokens": 10, "messages": [said("x")], "tools": tools}
    found = bound_of(where, Asked(model="m", max_output_tokens=10), body, Capacity(context=200_000))

    assert isinstance(found, Bound)
    assert found.usage.cache_write_tokens == most


def test_what_it_is_worth() -> None:
    """A million tokens of input, in nano-dollars: written for an hour, for five minutes, or not at all.

    11/10 of each, as they may be served in the USA.
    """
    leaving = Leaving(
        provider="anthropic", host="api.anthropic.com", operation="chat", model="claude-opus-4-8", speed="",
        at=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip
    ceiling = PriceBook().ceiling(leaving)
    assert ceiling is not None
    found = [ceiling.nano(bound({"cache_control": mark}).usage) for mark in (LONG, SHORT, None)]

    assert [round(nano / 1e9, 3) for nano in found] == [11.0, 6.875, 5.5]
