"""Results, added up."""

from hypothesis import given
from hypothesis import strategies as st

from tollway.batches.answers import Answer
from tollway.batches.sum import Sum, spread
from tollway.model import Cost, Report, Source, Usage


def price(report: Report) -> Cost:
    """A nano-dollar a token, and ten for a long one: as of the batch."""
    assert report.tier == "batch"
    usage = report.usage or Usage()
    rate = 10 if (usage.input_tokens or 0) > 1000 else 1
    source = Source.ESTIMATED if report.model == "odd" else Source.COMPUTED
    return Cost(
        input_nano=rate * (usage.input_tokens or 0),
        output_nano=rate * (usage.output_tokens or 0),
        source=source,
        price_version="v",
        flags=("unknown_price",) if report.model == "odd" else (),
    )


def report(into: int = 5, out: int = 2, model: str | None = "m") -> Report:
    """Of one answer."""
    return Report(usage=Usage(input_tokens=into, output_tokens=out), model=model)


def test_each_answer_has_its_own_price() -> None:
    """A sum of short ones is no long one."""
    sum = Sum(price)
    for n in range(3):
        sum.add(Answer(str(n), report(1000)))

    assert (sum.cost.input_nano, sum.cost.output_nano, sum.answers, sum.model) == (3000, 6, 3, "m")
    assert sum.usage == Usage(input_tokens=3000, output_tokens=6)


def test_what_comes_twice_counts_once() -> None:
    sum = Sum(price)
    for mark in ("a", "a", "", ""):
        sum.add(Answer(mark, report()))

    assert sum.answers == 3


def test_one_that_failed_adds_nothing() -> None:
    sum = Sum(price)
    sum.add(Answer("a", None))

    assert (sum.usage, sum.cost, sum.model) == (None, Cost(), None)


def test_it_is_as_sure_as_the_least_sure_answer() -> None:
    sum = Sum(price)
    for model in ("m", "odd", None, "third"):
        sum.take(report(model=model))

    assert (sum.cost.source, sum.cost.flags, sum.model) == (Source.ESTIMATED, ("unknown_price",), None)


def test_an_answer_may_only_say_its_cost() -> None:
    sum = Sum(price)
    sum.take(Report(cost_nano=5))

    assert (sum.usage, sum.answers) == (None, 1)


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 10**5))
def test_a_total_is_spread_over_its_answers_and_nothing_is_lost(into: int, out: int, answers: int) -> None:
    """No answer is longer than the mean but the rest."""
    cost = spread(report(into, out), answers, price)

    long = into // answers > 1000
    rest = into % answers > 1000
    assert cost.nano >= into + out
    if not (long or rest):
        assert cost.nano == into + out


def test_a_total_of_nothing_costs_nothing() -> None:
    assert spread(Report(), 3, price).nano == 0
