"""What recorded calls cost, against the ceiling of the usage that they reported."""

import pytest

from tests.corpus import bounds
from tests.corpus.exchanges import ABSENT, FILE, Recorded
from tests.corpus.road import AT, book
from tests.corpus.settled import settled
from tollway.bound.bound import Bound
from tollway.prices.ceiling import Leaving
from tollway.prices.reach import speed_asked

if not FILE.exists():
    pytest.skip(ABSENT, allow_module_level=True)

BOUNDED = [exchange for exchange in bounds.asked() if isinstance(bounds.bounded(exchange), Bound)]
"""What has no bound is not held: models that serve beside or instead of the one asked for, say."""


def above(exchange: Recorded) -> tuple[int, int] | None:
    """Cost and ceiling in nano-dollars, of a call that cost more; None for all others."""
    found = settled(exchange)
    usage = found.reports[0].usage if found.reports else None
    if found.endpoint is None or usage is None:
        return None
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
    most = found.cost.nano if ceiling is None else ceiling.nano(usage)
    return (found.cost.nano, most) if found.cost.nano > most else None


def test_no_recorded_call_that_has_a_bound_cost_more_than_the_ceiling_of_its_usage() -> None:
    over = {repr(exchange): costs for exchange in BOUNDED if (costs := above(exchange)) is not None}

    assert len(BOUNDED) > 500
    assert over == {}
