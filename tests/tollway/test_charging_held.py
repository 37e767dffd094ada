"""Calls under a hard limit: what rows are charged where usage is not known, or exceeds its bound.

gpt-4o: 2,500 nano-dollars a token of input, 10,000 of output.
"""

from typing import Any

import pytest

from tests.tollway.charged import END, START, TALK, answered, books, call
from tests.tollway.test_charging import ANSWER, RESPONSE, USAGE, closed
from tollway.budget.amounts import Amounts
from tollway.charging import AT_BOUND
from tollway.exchange import Exchange
from tollway.model import AWAITED, RETRIEVE, Identity, Ruling, Source, Usage
from tollway.rows import VIOLATED

BOUND = Amounts(nano=9_000_000, input_tokens=2000, output_tokens=400, requests=1)


def held(body: dict[str, Any] = TALK, bound: Amounts = BOUND, **known: Any) -> Exchange:
    """A call for which a hard limit holds the bound."""
    ruling = Ruling(limits=("month",), bound=bound, actions=("clamp 400",))
    return call(body, ruling=ruling, **known)


def test_what_is_known_is_charged_as_it_is() -> None:
    record = closed(answered(held(), {**ANSWER, "usage": USAGE}))

    assert (record.cost.nano, record.cost.flags) == (4_000_000, ())
    assert (record.limits, record.bound, record.action) == (("month",), BOUND, "clamp 400")


@pytest.mark.parametrize("status", [None, 200])
def test_a_call_of_unknown_usage_is_charged_all_that_was_held(status: int | None) -> None:
    """No headers came, or an answer without usage: DESIGN section 6."""
    known = held() if status is None else answered(held(), ANSWER)

    record = closed(known, status, cut=status is None)

    assert (record.cost.nano, record.cost.source) == (BOUND.nano, Source.ESTIMATED)
    assert record.cost.flags == (AT_BOUND,)
    assert record.usage == Usage(input_tokens=2000, output_tokens=400)


@pytest.mark.parametrize(
    "usage",
    [
        {"completion_tokens": 100},
        {"prompt_tokens": 1200},
        {"prompt_tokens": 1200, "completion_tokens": -1},
        {"prompt_tokens": 10**15, "completion_tokens": 100},
    ],
    ids=["output alone", "input alone", "a negative output", "an absurd input"],
)
def test_half_a_report_is_none(usage: dict[str, int]) -> None:
    """What it does not tell, or no sane count of, may have been all that is held."""
    record = closed(answered(held(), {**ANSWER, "usage": usage}))

    assert (record.cost.nano, record.cost.flags) == (BOUND.nano, (AT_BOUND,))
    assert record.usage == Usage(input_tokens=2000, output_tokens=400)


def test_what_can_not_have_been_billed_need_not_be_told() -> None:
    """Embeddings have no output: 1,200 * 2,500."""
    bound = Amounts(nano=9_000_000, input_tokens=2000, output_tokens=0, requests=1)
    record = closed(answered(held(bound=bound), {**ANSWER, "usage": {"prompt_tokens": 1200}}))

    assert (record.cost.nano, record.cost.flags) == (3_000_000, ())


def test_an_error_that_tells_half_is_charged_that() -> None:
    """It was not served: 1,200 * 2,500, as the provider says."""
    record = closed(answered(held(), {**ANSWER, "usage": {"prompt_tokens": 1200}}), 500)

    assert (record.cost.nano, record.cost.flags) == (3_000_000, ())


def test_what_never_left_costs_nothing() -> None:
    record = closed(held(left=False), None, cut=True)

    assert (record.cost.nano, record.usage) == (0, Usage())


def test_an_error_without_usage_costs_nothing() -> None:
    assert closed(answered(held(), {"error": {"message": "busy"}}), 429).cost.nano == 0


def test_where_only_tokens_are_held_their_price_is_charged() -> None:
    """2,000 * 2,500 + 400 * 10,000 = 9,000,000."""
    tokens = Amounts(input_tokens=2000, output_tokens=400, requests=1)

    record = closed(answered(held(bound=tokens), ANSWER))

    assert (record.cost.nano, record.cost.flags) == (9_000_000, (AT_BOUND,))


def test_where_our_own_code_fails_all_that_was_held_is_charged() -> None:
    record = books().failed(held(), 200, END)

    assert (record.cost.nano, record.error) == (BOUND.nano, "tollway_failed")


@pytest.mark.parametrize(
    "bound",
    [
        Amounts(nano=3_999_999, input_tokens=2000, output_tokens=400),
        Amounts(nano=9_000_000, input_tokens=999, output_tokens=400),
        Amounts(nano=9_000_000, input_tokens=2000, output_tokens=199),
    ],
    ids=["money", "input", "output"],
)
def test_what_exceeds_its_bound_is_charged_in_full_and_flagged(bound: Amounts) -> None:
    record = closed(answered(held(bound=bound), {**ANSWER, "usage": USAGE}))

    assert (record.cost.nano, record.cost.flags) == (4_000_000, (VIOLATED,))


def test_money_that_nobody_held_is_not_exceeded() -> None:
    bound = Amounts(input_tokens=1000, output_tokens=200)

    assert closed(answered(held(bound=bound), {**ANSWER, "usage": USAGE})).cost.flags == ()


def test_an_answer_made_in_the_background_is_charged_at_its_bound_until_it_is_shown() -> None:
    """100 * 2,500 + 10 * 10,000 = 350,000."""
    by = books()
    asks = answered(held({"model": "gpt-4o"}, dialect="openai_responses"), {**RESPONSE, "usage": None})
    at_first = closed(asks, by=by)
    assert (at_first.cost.nano, at_first.cost.flags) == (BOUND.nano, (AT_BOUND, AWAITED))

    closed(answered(call({}, "openai_responses", operation=RETRIEVE, id="c2"), RESPONSE), by=by)

    (late,) = by.late()
    assert (late.id, late.cost.nano, late.cost.flags, late.bound) == ("c1", 350_000, (), BOUND)


def test_an_answer_that_somebody_else_made_was_charged_where_it_was_made() -> None:
    """Another process of the ledger, or this one before it was started anew, held it and charged its bound:
    where a hard limit applies, to charge it here as well would be to charge it twice."""
    by, shows = books(), call({}, "openai_responses", operation=RETRIEVE)
    limited = call({}, "openai_responses", operation=RETRIEVE, id="c2", ruling=Ruling(bound=Amounts()))

    assert closed(answered(limited, RESPONSE), by=by).cost.nano == 0
    assert closed(answered(shows, RESPONSE)).cost.nano == 350_000


def test_who_called_is_in_the_row() -> None:
    who = Identity(user="ann", team="a", role="r", service="s", groups=("g",), network="10.0.0.0/8")

    row = books().opened(call(identity=who))

    assert (row.user, row.team, row.role, row.service) == ("ann", "a", "r", "s")
    assert (row.groups, row.network, row.started_us) == (("g",), "10.0.0.0/8", START)


def test_a_call_that_was_moved_tells_what_was_asked_for() -> None:
    row = books().opened(call(ruling=Ruling(asked="gpt-5")))

    assert (row.model_asked, row.model) == ("gpt-5", "gpt-4o")
