"""Candidates of a call: as asked for, clamped, and as time passes."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.tollway.admitting import BODY, ENDPOINT, HOLD, NOW_US, asked, candidate, governing
from tests.tollway.joining.test_replay import FOUND
from tollway.bound.bound import Bound, Unbounded
from tollway.budget.amounts import Amounts
from tollway.budget.bucket import Balance
from tollway.budget.room import LARGEST_OUTPUT
from tollway.candidate import Candidate
from tollway.joining.replay import Replay
from tollway.joining.shared import Shared
from tollway.model import Billing, Cost

LIMIT = "limits: [{name: day, amount: 1 USD, window: day}]"
LEAST = 256
"""Tokens of a plain answer."""


def balances(of: Candidate, left: int) -> list[Balance]:
    """Its buckets, with so much left in each."""
    return [
        Balance(bucket=want.bucket, amount=left, enforce=want.enforce, settled=0, held=0) for want in of.wants
    ]


def test_a_call_that_no_limit_is_about_is_none() -> None:
    policy = governing("limits: [{name: day, match: {user: ann}, amount: 1 USD, window: day}]")

    assert policy.candidates.of(asked()) is None
    assert policy.candidates.any(asked()).wants == ()


def test_a_hard_limit_holds_the_bound_and_others_an_estimate() -> None:
    """56 tokens or so of JSON at 2,500, the estimate of an open row, and 1,000 tokens of output at 10,000."""
    policy = governing(
        "limits: [{name: h, amount: 1 USD, window: day},"
        " {name: s, amount: 1 USD, window: day, enforce: soft}, {name: r, amount: 5 requests, window: day},"
        " {name: o, amount: 1M output tokens, window: day, enforce: soft}]"
    )

    found = candidate(policy)

    estimate = found.row.cost.nano + 10_000_000
    assert [want.hold for want in found.wants] == [HOLD, estimate, 1, 1000]
    assert found.row.limits == ("h", "s", "r", "o")
    assert found.row.bound == found.most


def test_a_want_says_what_its_limit_does_while_the_store_is_away() -> None:
    policy = governing(
        "faults: {store_down: local}\nlimits: [{name: h, amount: 1 USD, window: day},"
        " {name: c, amount: 1 USD, window: day, store_down: closed},"
        " {name: o, amount: 1 USD, window: day, store_down: open}]"
        "\nrates: [{name: r, allow: 9 at once}]"
    )

    assert [want.away for want in candidate(policy).wants] == ["local", "closed", "open", "local"]


def test_without_a_hard_limit_nothing_is_bounded() -> None:
    found = candidate(governing(LIMIT.replace("window: day", "window: day, enforce: soft")))

    assert (found.bound, found.most, found.row.bound) == (None, None, None)


def test_a_row_says_what_can_be_charged_without_knowing_more() -> None:
    """Not what nothing bounds, nor money where only requests are limited."""
    endless = {"model": "unheard-of", "messages": []}
    requests = governing("limits: [{name: r, amount: 5 requests, window: day}]")
    read = governing("limits: [{name: i, amount: 1M input tokens, window: day}]")

    assert candidate(requests).row.bound is None
    assert candidate(requests, asked(endless)).row.bound is None
    assert candidate(read).row.bound == candidate(read).most
    held = candidate(read, asked(endless)).row.bound
    assert held is not None
    assert (held.nano, held.input_tokens > 2048, held.output_tokens) == (0, True, 0)


def test_a_clamp_fits_what_is_left() -> None:
    policy = governing(LIMIT)
    found = candidate(policy)

    clamped = policy.candidates.fitting(found, balances(found, 15_000_000))

    assert clamped is not None
    assert (clamped.clamp, clamped.wants[0].hold <= 15_000_000) == (353, True)


@pytest.mark.parametrize("left", [0, 10_000_000, 2_116 * 4_250 + (LEAST - 1) * 17_000, HOLD])
def test_no_clamp_below_its_floor_or_where_all_of_it_fits(left: int) -> None:
    policy = governing(LIMIT)
    found = candidate(policy)

    assert policy.candidates.fitting(found, balances(found, left)) is None


def test_the_least_that_a_clamp_may_make_of_it() -> None:
    policy = governing(LIMIT)
    found = candidate(policy)

    assert policy.candidates.least(found).clamp == LEAST
    small = candidate(policy, asked({"model": "gpt-4o", "max_tokens": 5, "messages": []}))
    assert policy.candidates.least(small) is small


@pytest.mark.parametrize("known", [{"signed": True}, {"billing": Billing.NOTIONAL}], ids=["signed", "plan"])
def test_what_may_not_be_changed_is_not_clamped(known: dict[str, Any]) -> None:
    policy = governing("limits: [{name: day, amount: 100k tokens, window: day}]")
    found = candidate(policy, asked(**known))

    assert policy.candidates.fitting(found, balances(found, 2_500)) is None
    assert policy.candidates.least(found) is found


def test_what_names_no_maximum_and_has_none_is_held_only_clamped() -> None:
    body = {"model": "gpt-4o-of-ours", "messages": []}
    policy = governing(LIMIT + "\nfaults: {unknown_price: dearest}")
    found = candidate(policy, asked(body))

    assert isinstance(found.bound, Bound)
    assert found.bound.max_output is None
    assert found.unholdable is None
    clamped = policy.candidates.fitting(found, balances(found, 10**15))
    assert clamped is not None
    assert clamped.clamp == LARGEST_OUTPUT
    signed = candidate(policy, asked(body, signed=True))
    assert signed.unholdable is not None
    assert "names no output maximum" in signed.unholdable[1]


def test_a_price_that_nobody_knows_matters_to_dollars_alone() -> None:
    body = {"model": "unheard-of", "max_tokens": 5, "messages": []}

    in_dollars = candidate(governing(LIMIT), asked(body))
    in_tokens = candidate(governing("limits: [{name: d, amount: 100k tokens, window: day}]"), asked(body))

    assert in_dollars.unholdable is not None
    assert "no price of unheard-of is known" in in_dollars.unholdable[1]
    assert in_tokens.unholdable is None


def test_what_has_no_bound_can_not_be_held_but_may_be_counted() -> None:
    body = {"model": "gpt-4o", "max_tokens": 5, "messages": [], "never_heard_of": 1}

    found = candidate(governing(LIMIT), asked(body))

    assert isinstance(found.bound, Unbounded)
    assert found.unholdable is not None
    requests = candidate(governing("limits: [{name: d, amount: 5 requests, window: day}]"), asked(body))
    assert (requests.unholdable, requests.wants[0].hold) == (None, 1)


def test_a_call_belongs_to_the_window_that_it_is_admitted_in() -> None:
    policy = governing(LIMIT)
    found = candidate(policy)
    tomorrow_us = NOW_US + 86_400_000_000

    assert policy.candidates.renewed(found, NOW_US + 1) is found
    renewed = policy.candidates.renewed(found, tomorrow_us)

    assert renewed.row.started_us == tomorrow_us
    assert renewed.wants[0].bucket.start_us == found.wants[0].bucket.end_us


def test_a_call_belongs_to_the_raise_that_it_is_admitted_under() -> None:
    """Once that is over, what it added is not there any more for who comes, or waited, later."""
    policy = governing(LIMIT.replace("day}", "month, raises: [{amount: 1 USD, until: 2026-11-25}]}"))
    found = candidate(policy)
    before_us = NOW_US + 36 * 3_600_000_000 - 1

    assert policy.candidates.renewed(found, before_us) is found
    renewed = policy.candidates.renewed(found, before_us + 1)

    assert renewed.row.started_us == before_us + 1
    assert found.wants[0].amount - renewed.wants[0].amount == 10**9


def test_a_call_is_renewed_under_the_policy_that_is_in_force() -> None:
    """With its limits and no others; the call itself stays as it was."""
    found = candidate(governing(LIMIT))
    other = governing(LIMIT.replace("name: day", "name: other"))

    renewed = other.candidates.renewed(found, NOW_US + 1)

    assert ([limit.name for limit in renewed.limits], renewed.row.limits) == (["other"], ("other",))
    assert (renewed.call, renewed.row.started_us) == (found.call, NOW_US)
    assert other.candidates.renewed(renewed, NOW_US + 1) is renewed


def test_a_call_whose_body_was_not_read_holds_an_estimate() -> None:
    found = candidate(governing(LIMIT), asked(asked=None, parsed=None))

    assert (found.bound, found.most, found.wants[0].hold) == (None, None, found.row.cost.nano)


SEARCHES = replace(ENDPOINT, dialect="openai_responses")
SEARCH = {"model": "gpt-4o", "input": "news", "max_output_tokens": 8000, "tools": [{"type": "web_search"}]}
"""Each turn reads 128,000 tokens at most, at 4,250 nano-dollars, and writes 8,000, at 17,000: 680,000,000. A
search is 10,000,000."""


def test_a_cap_on_the_providers_tools_is_put_where_a_clamp_may_put_one() -> None:
    """Two searches are three turns, 2.06 USD; three would be 2.75. One is 1.37, or less with a clamp."""
    policy = governing(LIMIT.replace("1 USD", "5 USD"))
    found = candidate(policy, asked(SEARCH, endpoint=SEARCHES))

    assert found.unholdable is None
    capped = policy.candidates.fitting(found, balances(found, 2_100_000_000))
    assert capped is not None
    assert (capped.cap, capped.clamp) == (2, None)
    assert capped.wants[0].hold == 3 * 680_000_000 + 2 * 10_000_000
    assert capped.row.bound == capped.most
    tight = policy.candidates.fitting(found, balances(found, 1_300_000_000))
    assert tight is not None
    assert (tight.cap, tight.clamp) == (1, 5_941)
    assert policy.candidates.fitting(found, balances(found, 1_000_000_000)) is None


def test_the_least_of_it_is_one_call_and_the_least_answer() -> None:
    policy = governing(LIMIT)
    least = policy.candidates.least(candidate(policy, asked(SEARCH, endpoint=SEARCHES)))

    assert (least.cap, least.clamp) == (1, 4096)


@pytest.mark.parametrize(
    ("limits", "known"),
    [(LIMIT.replace("window: day", "window: day, then: [block]"), {}), (LIMIT, {"signed": True})],
)
def test_no_cap_is_put_where_nothing_may_be_changed(limits: str, known: dict[str, Any]) -> None:
    policy = governing(limits)
    found = candidate(policy, asked(SEARCH, endpoint=SEARCHES, **known))

    assert found.unholdable is not None
    assert "no cap on its calls (max_tool_calls would be one)" in found.unholdable[1]


def test_a_limit_of_requests_alone_needs_no_cap() -> None:
    found = candidate(
        governing("limits: [{name: r, amount: 5 requests, window: day}]"), asked(SEARCH, endpoint=SEARCHES)
    )

    assert (found.unholdable, found.wants[0].hold, found.row.bound) == (None, 1, None)


EACH = """limits:
  - {name: dollars, amount: 1 USD, window: day}
  - {name: tokens, amount: 1M tokens, window: day}
  - {name: requests, amount: 10 requests, window: day}
  - {name: softly, amount: 1M tokens, window: day, enforce: soft}
"""


def test_a_hit_holds_what_was_recorded_and_no_dollars() -> None:
    """Whatever its own request would have been held for."""
    found = candidate(governing(EACH), asked(played=Replay(FOUND, NOW_US)))

    assert [want.hold for want in found.wants] == [0, 7, 1, 7]
    assert found.row.bound == Amounts(input_tokens=7, requests=1)
    assert (found.row.cost, found.unholdable) == (Cost(), None)


def test_a_join_holds_the_tokens_that_it_would_by_itself_and_no_dollars() -> None:
    """While nobody knows what the call comes to that it joined; that its price is unknown refuses nothing."""
    body = {**BODY, "model": "nobody-knows-its-price"}
    joined, alone = (
        candidate(governing(EACH), asked(body, played=played)) for played in (Shared(10).listen(), None)
    )

    assert [want.hold for want in joined.wants] == [0, *[want.hold for want in alone.wants[1:]]]
    assert joined.wants[1].hold > 1000
    assert (joined.row.cost, joined.unholdable) == (Cost(), None)
    assert alone.unholdable is not None


def test_a_join_that_nothing_bounds_is_held_as_it_would_be_by_itself() -> None:
    """A hard limit of tokens does not take it; one in dollars holds nothing for it."""
    body = {**BODY, "web_search_options": {}}
    tokens, dollars = (
        candidate(governing(f"limits: [{{name: l, amount: {amount}, window: day, then: [block]}}]"), call)
        for amount, call in (
            ("1M tokens", asked(body, played=Shared(10).listen())),
            ("1 USD", asked(body, played=Shared(10).listen())),
        )
    )

    assert tokens.unholdable is not None
    assert dollars.unholdable is None
    assert dollars.wants[0].hold == 0
