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


def weighing(host: str = "api.openai.com", dearest: bool = False, usual: str = "") -> Weighing:
    """As a proxy has it."""

    def find(path: str) -> Endpoint | None:
        return recognise(REGISTRY, host, 443, "POST", path)

    at = datetime(2026, 11, 25, tzinfo=UTC)
    return Weighing(book=BOOK, find=find, at=at, dearest=dearest, usual=usual)


def weigh(path: str, body: Mapping[str, Any], host: str = "api.openai.com", dearest: bool = False) -> Weight:
    """What a request comes to."""
    return weighing(host, dearest).weigh(path, body)


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


MISTRAL = weighing("api.mistral.ai", usual=CHAT)
UNPLACED = {"max_tokens": 50, "messages": TALK}


def test_of_a_request_without_path_and_model_the_tokens_are_known() -> None:
    found = MISTRAL.weigh("", UNPLACED)

    assert (found.unplaced, found.most.nano, found.most.output_tokens, found.models) == (True, 0, 50, ())


def test_once_they_are_known_it_comes_to_the_same() -> None:
    placed = MISTRAL.placed(MISTRAL.weigh("", UNPLACED), CHAT, "mistral-large-latest")
    whole = MISTRAL.weigh(CHAT, {**UNPLACED, "model": "mistral-large-latest"})

    assert (placed.unplaced, placed.models) == (False, whole.models)
    assert placed.most.output_tokens == whole.most.output_tokens
    assert placed.most.nano == pytest.approx(whole.most.nano, rel=0.02)
    assert placed.most.nano > 0 < placed.likely.nano


def test_a_path_may_name_the_model() -> None:
    one = weighing("generativelanguage.googleapis.com", usual="/v1beta/models/any:generateContent")
    body = {"contents": [{"parts": [{"text": "hi"}]}], "generationConfig": {"maxOutputTokens": 9}}
    placed = one.placed(one.weigh("", body), "/v1beta/models/gemini-2.5-pro:generateContent", None)

    assert (placed.models, placed.unbounded, placed.most.output_tokens) == (("gemini-2.5-pro",), None, 9)


@pytest.mark.parametrize(
    ("path", "model", "why"),
    [
        ("/v1/ocr", "mistral-ocr-latest", "nothing here reads requests to /v1/ocr"),
        ("", "mistral-large-latest", "nothing here reads requests to no path"),
        (CHAT, None, "no price of no model is known"),
        (CHAT, "novel-1", "no price of novel-1 is known"),
    ],
)
def test_what_can_not_be_placed_has_no_bound(path: str, model: str | None, why: str) -> None:
    """What goes elsewhere may be read otherwise."""
    assert MISTRAL.placed(MISTRAL.weigh("", UNPLACED), path, model).unbounded == why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"messages": TALK}, "a request names no output maximum, and that of its model is not known"),
        ({**UNPLACED, "odd": 1}, "odd"),
    ],
)
def test_without_a_bound_it_can_not_be_placed_either(body: Mapping[str, Any], why: str) -> None:
    found = MISTRAL.placed(MISTRAL.weigh("", body), CHAT, "novel-1")

    assert found.unbounded is not None
    assert why in found.unbounded


def test_what_is_billed_by_more_than_tokens_waits_for_no_price() -> None:
    claude = weighing("api.anthropic.com", usual="/v1/messages")
    tools = [{"type": "web_search_20250305", "name": "web_search", "max_uses": 1}]
    found = claude.weigh("", {"model": "x", "max_tokens": 5, "messages": TALK, "tools": tools})

    assert found.unbounded is not None


@pytest.mark.parametrize(
    ("path", "body", "names", "why"),
    [
        (CHAT, {"model": "gpt-4o", "messages": TALK}, ("gpt-4o",), None),
        (CHAT, {"model": "gpt-4o", "models": ["o3"], "messages": TALK}, ("gpt-4o", "o3"), None),
        (CHAT, {"model": "gpt-4o", "agent": "x"}, ("gpt-4o",), "one names what has a model of its own"),
        (CHAT, {"messages": TALK}, (), "it names no model"),
        ("/v1/videos", {"model": "sora-2"}, (), "nothing here reads requests to /v1/videos"),
    ],
)
def test_all_models_are_known_that_a_request_names(
    path: str, body: Mapping[str, Any], names: tuple[str, ...], why: str | None
) -> None:
    found = weigh(path, body)

    assert (found.names, found.untold) == (names, why)


def test_where_the_batch_says_the_model_a_request_need_not() -> None:
    for body, names in (({"messages": TALK}, ()), ({"model": "o3", "messages": TALK}, ("o3",))):
        one = weighing(usual=CHAT)
        found = one.weigh("", body)
        assert (found.names, found.untold) == (names, None)
        assert one.placed(found, CHAT, "gpt-4o").names == (*names, "gpt-4o")
        assert one.placed(found, "/v1/videos", "gpt-4o").untold is not None
        assert one.placed(found, CHAT, None).untold is not None


def test_what_stands_around_requests_names_models_too() -> None:
    assert weighing().around({"model": "o3", "requests": [{"body": {"model": "gpt-4o"}}]}) == Weight(
        names=("o3", "gpt-4o")
    )
    assert weighing().around({"agent_id": "a"}).untold is not None
