"""What recorded calls cost, against what a hard limit would have held for them."""

import pytest

from tests.corpus import bounds
from tests.corpus.exchanges import ABSENT, FILE, Recorded
from tests.corpus.road import AT, book
from tests.corpus.settled import settled
from tollway.bound.bound import Bound
from tollway.model import Source, Usage
from tollway.prices.ceiling import Leaving
from tollway.prices.reach import speed_asked

if not FILE.exists():
    pytest.skip(ABSENT, allow_module_level=True)

BOUNDED = [exchange for exchange in bounds.asked() if isinstance(bounds.bounded(exchange), Bound)]
"""What has no bound is not held: models that serve beside or instead of the one asked for, say."""


def held(exchange: Recorded, usage: Usage) -> int | None:
    """The ceiling of a usage, in nano-dollars; None where no price is known, so that a hard limit refuses."""
    found = settled(exchange)
    assert found.endpoint is not None
    call = Leaving(
        provider=found.endpoint.provider,
        host=found.endpoint.host,
        operation=found.endpoint.operation,
        model=found.model_asked,
        tier=found.asked.tier,
        speed=speed_asked(found.endpoint.provider, exchange.asked),
        at=AT,
    )
    ceiling = book().ceiling(call)
    return None if ceiling is None else ceiling.nano(usage)


def test_no_recorded_call_cost_more_than_its_bound() -> None:
    over = {}
    for exchange in BOUNDED:
        bound, cost = bounds.bounded(exchange), settled(exchange).cost.nano
        assert isinstance(bound, Bound)
        most = held(exchange, bound.usage) if bound.usage.output_tokens is not None else None
        if most is not None and cost > most:
            over[repr(exchange)] = (cost, most)

    assert len(BOUNDED) > 500
    assert over == {}


def test_no_usage_cost_more_than_its_ceiling() -> None:
    """What the book computed: a provider's own figure may hold fees that no usage tells of."""
    over = {}
    for exchange in BOUNDED:
        found = settled(exchange)
        if found.cost.source is Source.COMPUTED and (usage := found.reports[0].usage) is not None:
            most = held(exchange, usage)
            if most is not None and found.cost.nano > most:
                over[repr(exchange)] = (found.cost.nano, most)

    assert over == {}
