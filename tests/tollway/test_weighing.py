"""What requests of batches come to. gpt-4o: 1,250 and 5,000 nano-dollars a token in batches."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.tollway.calls import TALK
from tollway.batches.weight import Weight
from tollway.model import Endpoint
from tollway.prices.book import PriceBook
from tollway.providers.load import load
from tollway.providers.recognise import recognise
from tollway.weighing import Weighing

REGISTRY = load(())
BOOK = PriceBook()
CHAT = "/v1/chat/completions"


def weigh(path: str, body: Mapping[str, Any], host: str = "api.openai.com", dearest: bool = False) -> Weight:
    """As a proxy does."""

    def find(path: str) -> Endpoint | None:
        return recognise(REGISTRY, host, 443, "POST", path)

    at = datetime(2026, 11, 25, tzinfo=UTC)
    return Weighing(book=BOOK, find=find, at=at, dearest=dearest).weigh(path, body)


def test_a_request_is_bounded_at_the_price_of_batches() -> None:
    """100 tokens of output, some 2,060 of input: half of what they cost else."""
    found = weigh(CHAT, {"model": "gpt-4o", "max_tokens": 100, "messages": TALK})

    assert (found.requests, found.models, found.unbounded) == (1, ("gpt-4o",), None)
    assert found.most.output_tokens == 100
    assert found.most.nano == found.most.input_tokens * 1_250 + 100 * 5_000
    assert 0 < found.likely.nano < found.most.nano
    assert found.likely.output_tokens == 100


def test_what_is_billed_by_the_vector_is_weighed_too() -> None:
    found = weigh("/v1/embeddings", {"model": "text-embedding-3-small", "input": "hi"})

    assert found.unbounded is None
    assert (found.most.output_tokens, found.likely.output_tokens) == (0, 0)
    assert found.most.nano > 0


def test_claudes_are_weighed_too() -> None:
    body = {"model": "claude-sonnet-4-5", "max_tokens": 10, "messages": TALK}

    assert weigh("/v1/messages", body, "api.anthropic.com").most.nano > 10 * 7_500


def test_what_is_free_comes_to_nothing() -> None:
    assert weigh("/v1/moderations", {"input": "hi"}) == Weight(requests=1)


@pytest.mark.parametrize(
    ("path", "body", "why"),
    [
        ("/v1/videos", {"model": "sora-2"}, "nothing here reads requests to /v1/videos"),
        ("", {}, "nothing here reads requests to no path"),
        (CHAT, {"model": "gpt-4o", "messages": TALK, "odd": 1}, "odd"),
        (CHAT, {"model": "novel-1", "max_tokens": 5, "messages": TALK}, "no price of novel-1 is known"),
    ],
)
def test_what_has_no_bound_says_why(path: str, body: Mapping[str, Any], why: str) -> None:
    found = weigh(path, body)

    assert found.unbounded is not None
    assert why in found.unbounded
    assert found.most.nano == 0


def test_a_model_of_no_known_price_may_cost_the_dearest_but_needs_a_maximum() -> None:
    body = {"model": "novel-1", "messages": TALK}
    found = weigh(CHAT, {**body, "max_tokens": 5}, dearest=True)

    assert found.unbounded is None
    assert found.most.nano > 0
    assert weigh(CHAT, body, dearest=True).unbounded == (
        "a request names no output maximum, and that of novel-1 is not known"
    )


def test_a_request_to_nobody_is_not_read() -> None:
    assert weigh(CHAT, {}, "example.com").unbounded == f"nothing here reads requests to {CHAT}"
