"""How the row of a batch ends."""

from msgspec.structs import replace

from tests.tollway.batches.test_sum import price, report
from tollway.batches.ending import NOTHING, awaits, by_object, by_results, violates
from tollway.batches.sum import Sum
from tollway.batches.told import Told
from tollway.budget.amounts import Amounts
from tollway.model import TOTALS, CallRecord, Cost, Usage
from tollway.rows import VIOLATED

ROW = CallRecord(
    id="a",
    state="open",
    started_us=50,
    operation="batch",
    model="m",
    cost=Cost(other_nano=99, flags=("awaited",)),
    bound=Amounts(nano=100, input_tokens=100, output_tokens=100, requests=1),
)
USED = Usage(input_tokens=20, output_tokens=8)


def test_one_that_goes_on_does_not_end() -> None:
    assert by_object(ROW, Told(id="b"), price, 60) is None


def test_one_that_says_what_it_used_ends_with_that() -> None:
    """As the mean of its answers, until their own results are seen."""
    row = by_object(ROW, Told(id="b", ended=True, usage=USED, answered=2, model="m-2"), price, 60)

    assert row is not None
    assert (row.state, row.ended_us, row.usage, row.cost.nano, row.tier) == ("done", 60, USED, 28, "batch")
    assert (row.model, row.model_served, row.cost.flags) == ("m", "m-2", (TOTALS,))
    assert awaits(row)


def test_one_that_does_not_say_how_many_were_answered_is_one_answer() -> None:
    row = by_object(ROW, Told(id="b", ended=True, usage=USED), price, 60)

    assert row is not None
    assert row.cost.nano == 28


def test_one_of_which_nothing_was_answered_costs_nothing() -> None:
    row = by_object(ROW, Told(id="b", ended=True, answered=0), price, 40)

    assert row is not None
    assert (row.cost, row.usage, row.ended_us) == (NOTHING, Usage(), 50)
    assert not awaits(row)


def test_one_that_only_says_that_it_ended_waits_for_its_results() -> None:
    assert by_object(ROW, Told(id="b", ended=True, answered=3), price, 60) is None
    assert by_object(ROW, Told(id="b", ended=True), price, 60) is None


def test_results_end_it() -> None:
    sum = Sum(price)
    sum.take(report())
    row = by_results(ROW, sum, 60)

    assert (row.state, row.cost.nano, row.model_served) == ("done", 7, "m")
    assert not awaits(row)


def test_results_of_nothing_cost_nothing() -> None:
    row = by_results(replace(ROW, model=None), Sum(price), 60)

    assert (row.cost, row.usage, row.model) == (NOTHING, Usage(), None)


def test_more_than_was_held_says_so() -> None:
    sum = Sum(price)
    sum.take(report(200))

    ended = by_results(ROW, sum, 60)
    assert VIOLATED in ended.cost.flags
    assert violates(ROW, ended)
    assert not violates(ended, ended)
    assert not violates(ROW, by_results(ROW, Sum(price), 60))


def test_what_is_not_done_or_was_let_go_is_waited_for() -> None:
    done = replace(ROW, state="done", cost=Cost())

    assert awaits(ROW)
    assert awaits(replace(ROW, state="lost"))
    assert awaits(replace(done, cost=Cost(flags=("released",))))
    assert not awaits(done)
