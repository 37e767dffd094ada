"""A cap on calls of the provider's tools is written into a request: the least edit."""

from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from tests.tollway.admitting import ENDPOINT
from tollway.bound.bound import Bound, Unbounded
from tollway.bound.capacity import Capacity
from tollway.bound.table import bound_of
from tollway.model import Asked
from tollway.wire.tool_cap import capped


@pytest.mark.parametrize(
    ("body", "edited"),
    [
        (b'{ "input": "x" }', b'{ "max_tool_calls":4,"input": "x" }'),
        (b'{"max_tool_calls": null}', b'{"max_tool_calls": 4}'),
        (b'{"max_tool_calls": 9}', b'{"max_tool_calls": 9}'),
    ],
)
def test_a_cap_of_all_tools_stands_in_the_request(body: bytes, edited: bytes) -> None:
    assert capped("openai_responses", body, 4) == edited


@pytest.mark.parametrize(
    ("tools", "edited"),
    [
        (
            b'[{"type": "web_search_20250305", "name": "w"}, {"name": "mine"}]',
            b'[{"max_uses":4,"type": "web_search_20250305", "name": "w"}, {"name": "mine"}]',
        ),
        (
            b'[ {"type":"web_fetch_20260209"} , {"type":"web_search_20250305","max_uses":1} ]',
            b'[ {"max_uses":4,"type":"web_fetch_20260209"} , {"type":"web_search_20250305","max_uses":1} ]',
        ),
        (b'["text", 5, {"type": 3}, [{"type":"web_search_2"}]]',) * 2,
        (b"[ ]",) * 2,
    ],
)
def test_a_cap_of_each_tool_stands_in_its_definition(tools: bytes, edited: bytes) -> None:
    """Other tools, and what is no tool, stay as they are."""
    body = b'{"tools": %s, "max_tokens": 5}'

    assert capped("anthropic_messages", body % tools, 4) == body % edited


def test_tools_that_are_no_list_are_an_error() -> None:
    with pytest.raises(ValueError, match="no JSON array"):
        capped("anthropic_messages", b'{"tools": {}}', 4)


@pytest.mark.parametrize(
    ("dialect", "provider", "tools"),
    [
        ("openai_responses", "openai", [{"type": "web_search"}, {"type": "file_search"}]),
        (
            "anthropic_messages",
            "anthropic",
            [{"type": "web_search_20250305"}, {"type": "web_fetch_20260209", "name": "f"}],
        ),
    ],
)
def test_what_the_bound_table_says_may_be_capped_is_capped(
    dialect: str, provider: str, tools: list[dict[str, Any]]
) -> None:
    """The request that leaves has the bound that was held."""
    endpoint = replace(ENDPOINT, provider=provider, dialect=dialect)
    body, asked, window = {"tools": tools}, Asked(max_output_tokens=10), Capacity(context=100_000)
    found = bound_of(endpoint, asked, body, window)
    assert isinstance(found, Unbounded)
    assert found.cappable

    held = bound_of(endpoint, asked, body, window, cap=2)
    left = bound_of(endpoint, asked, orjson.loads(capped(dialect, orjson.dumps(body), 2)), window)

    assert isinstance(held, Bound)
    assert isinstance(left, Bound)
    assert (left.usage.web_searches, left.turns) == (held.usage.web_searches, held.turns)
