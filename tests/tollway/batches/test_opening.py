"""The row of a batch until it ends."""

import pytest

from tollway.batches.opening import answered, closed, opened
from tollway.batches.weight import Weight
from tollway.budget.amounts import Amounts
from tollway.exchange import Exchange
from tollway.model import AWAITED, Asked, Endpoint, Kind, Ruling, Source, Usage

WEIGHT = Weight(
    requests=2,
    most=Amounts(nano=900, input_tokens=50, output_tokens=40, requests=1),
    likely=Amounts(nano=300, input_tokens=20, output_tokens=10, requests=1),
    models=("gpt-4o",),
)
BOUND = Ruling(limits=("day",), bound=WEIGHT.most)


def known(left: bool = True, ruling: Ruling | None = None) -> Exchange:
    """A call that makes a batch."""
    endpoint = Endpoint(kind=Kind.UNKNOWN, provider="openai", host="api.openai.com", operation="batch")
    return Exchange(
        id="a",
        started_us=5,
        endpoint=endpoint,
        asked=Asked(model="gpt-4o", tier="batch"),
        ruling=ruling or Ruling(),
        left=left,
    )


def test_it_is_at_what_its_requests_are_likely_to_come_to() -> None:
    row = opened(known(), WEIGHT)

    assert (row.state, row.cost.nano, row.cost.source) == ("open", 300, Source.ESTIMATED)
    assert (row.usage, row.model) == (Usage(input_tokens=20, output_tokens=10), "gpt-4o")


def test_once_it_was_taken_it_waits_under_its_id() -> None:
    row = answered(known(), WEIGHT, 200, "batch_1", 9)

    assert (row.state, row.status, row.response_id, row.cost.flags) == ("open", 200, "batch_1", (AWAITED,))


def test_one_of_which_nothing_is_known_says_so() -> None:
    row = opened(known(), Weight())

    assert (row.usage, row.cost.nano, row.cost.flags) == (Usage(), 0, ("unknown_call",))


@pytest.mark.parametrize(("left", "status"), [(False, None), (True, 400), (True, 503)])
def test_one_that_was_not_taken_costs_nothing(left: bool, status: int | None) -> None:
    assert closed(known(left, BOUND), WEIGHT, status, False, 9).cost.nano == 0


@pytest.mark.parametrize("status", [200, None])
def test_one_that_may_have_been_taken_is_charged_what_is_held_of_it(status: int | None) -> None:
    """Nobody knows its id. Where no hard limit holds it, its estimate."""
    held, other = (
        closed(known(ruling=BOUND), WEIGHT, status, True, 9),
        closed(known(), WEIGHT, status, True, 9),
    )

    assert (held.cost.nano, held.cost.flags, held.usage.input_tokens) == (900, ("charged_at_bound",), 50)
    assert (other.state, other.cost.nano, other.usage.input_tokens) == ("done", 300, 20)
