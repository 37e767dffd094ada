"""What is held once a stream has told its input's usage.

claude-sonnet-4-5: 3,000 nano-dollars a token of input, 300 read from a cache, 15,000 of output; US-only
inference is a tenth dearer.
"""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.tollway.admitting import asked, candidate, governing
from tollway.candidate import Candidate
from tollway.lowering import lowered, lowers
from tollway.model import Endpoint, Kind, Usage

ENDPOINT = Endpoint(
    kind=Kind.INFERENCE,
    provider="anthropic",
    host="api.anthropic.com",
    operation="chat",
    dialect="anthropic_messages",
)
BODY = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 1000,
    "stream": True,
    "messages": [{"role": "user", "content": "x"}],
}
LIMIT = "limits: [{name: day, amount: 1 USD, window: day}]"
TOLD = Usage(input_tokens=120, cache_read_tokens=100, cache_write_tokens=0, output_tokens=1)


def streamed(limit: str = LIMIT, **more: Any) -> Candidate:
    """A call of Claude's."""
    return candidate(governing(limit), asked({**BODY, **more}, endpoint=ENDPOINT))


def test_the_input_is_held_as_it_was_told_and_the_output_as_before() -> None:
    found = streamed()
    less = lowered(found, TOLD)

    assert less is not None
    assert found.most is not None
    assert (less.input_tokens, less.output_tokens) == (120, 1000)
    known = 20 * 3_000 + 100 * 300 + 1000 * 15_000
    assert known <= less.nano <= known * 11 // 10 + 1
    assert less.nano < found.most.nano


def test_an_output_that_nothing_bounds_is_not_held_so_nothing_is_lowered() -> None:
    """A limit of the input alone admits it without a maximum; one of requests has no use for it."""
    unheard = {"model": "unheard-of", "max_tokens": 0}

    assert not lowers(streamed(LIMIT.replace("1 USD", "1M input tokens"), **unheard))
    assert not lowers(streamed(LIMIT.replace("1 USD", "5 requests")))


def test_nothing_is_lowered_before_caches_are_told() -> None:
    assert lowered(streamed(), Usage(input_tokens=20)) is None
    assert lowered(streamed(), Usage()) is None


def test_a_hold_is_never_raised() -> None:
    """Whatever is told, and told again."""
    found = streamed()
    assert found.most is not None

    assert lowered(found, replace(TOLD, input_tokens=10**6)) is None


def test_where_only_tokens_are_held_only_they_are_lowered() -> None:
    found = streamed("limits: [{name: day, amount: 1M tokens, window: day}]", model="claude-unheard-of")
    less = lowered(found, TOLD)

    assert less is not None
    assert (less.nano, less.input_tokens) == (0, 120)


@pytest.mark.parametrize(
    ("found", "does"),
    [
        (streamed(), True),
        (streamed(stream=False), False),
        (streamed("limits: [{name: day, amount: 1 USD, window: day, enforce: soft}]"), False),
        (streamed(tools=[{"type": "web_search_20250305", "name": "web_search", "max_uses": 1}]), False),
        (candidate(governing(LIMIT), asked({"model": "gpt-4o", "messages": [], "stream": True})), False),
    ],
    ids=["Claude's", "whole", "soft", "with the provider's tools", "a format that tells it last"],
)  # fmt: skip
def test_streams_that_tell_their_input_early(found: Candidate, does: bool) -> None:
    assert lowers(found) is does
