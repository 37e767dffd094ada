"""What the tour of metering plays."""

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from tests.simulator.overrides import override
from tests.simulator.scenario import DEFAULT
from tollway.demo.metering.stops import TOUR
from tollway.demo.stop import Stop
from tollway.identity.tags import parse_tags
from tollway.model import Endpoint, Kind, Report, Usage
from tollway.prices.book import PriceBook
from tollway.prices.priced import Priced
from tollway.providers.load import load
from tollway.providers.recognise import recognise

NOW = datetime(2026, 11, 23, tzinfo=UTC)
each = pytest.mark.parametrize("stop", TOUR, ids=lambda stop: stop.does[:20])


def endpoint(stop: Stop) -> Endpoint:
    """What Tollway takes its request for."""
    url = urlsplit(stop.url)
    assert url.hostname
    path = f"{url.path}?{url.query}"
    found = recognise(load(()), url.hostname, 443, "POST", path, False)
    assert found is not None
    return found


@each
def test_each_call_is_one_that_is_metered(stop: Stop) -> None:
    """A dialect reads it."""
    assert endpoint(stop).kind is Kind.INFERENCE


@each
def test_each_model_has_a_price(stop: Stop) -> None:
    """The tour shows no figure that needs an excuse."""
    found = endpoint(stop)
    model = stop.body.get("model", found.model)
    report = Report(usage=Usage(input_tokens=1000, output_tokens=0), complete=True)

    cost = PriceBook(()).price(
        Priced(
            provider=found.provider,
            host=found.host,
            operation=found.operation,
            model_asked=model,
            report=report,
            at=NOW,
        )
    )

    assert cost.nano > 0
    assert cost.flags == ()


@each
def test_each_answer_is_one_that_the_simulator_can_give(stop: Stop) -> None:
    """And each person a tag that a call can have."""
    override(DEFAULT, json.dumps(stop.answer))
    assert parse_tags(f"person={stop.person}") == {"person": stop.person}


def test_it_has_what_a_tour_is_to_show() -> None:
    """Three people, three providers, streams and whole answers, an error, a plan, and one who leaves."""
    assert len({stop.person for stop in TOUR}) == 3
    assert {endpoint(stop).provider for stop in TOUR} == {"anthropic", "openai", "gemini"}
    assert {bool(stop.body.get("stream")) for stop in TOUR} == {True, False}
    assert [stop.answer["status"] for stop in TOUR if "status" in stop.answer] == [429]
    assert sum("oauth" in stop.headers.get("anthropic-beta", "") for stop in TOUR) == 1
    (left,) = (stop for stop in TOUR if stop.leave)
    assert endpoint(left).bills_on
