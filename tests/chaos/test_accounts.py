"""The accounting of a run, by hand: a call costs 1,000 x 3 + 200 x 15 = 6,000 micro-dollars."""

from typing import Any

import pytest

from tests.chaos.accounts import account, bill, is_disowned, is_lost, is_wrong, told
from tests.chaos.calls import Call
from tests.chaos.evidence import Evidence
from tests.tollway.ledger.samples import call
from tollway.model import CallRecord, Cost

REAL = 6_000_000
CALLS = [Call("a"), Call("b"), Call("c")]
CUT: dict[str, Any] = {"status": None, "complete": False, "events_written": 0}


def seen(name: str, number: int = 1, **fields: Any) -> dict[str, Any]:
    """A request as the simulator remembers it: served in full, or with these fields."""
    served = {"status": 200, "complete": True, "received": 1.0, "client_left": False, "protocol": "HTTP/2"}
    return {"headers": [["X-Chaos", name]], "connection": {"number": number}, **served, **fields}


def row(name: str, nano: int = REAL, **fields: Any) -> CallRecord:
    """Its row."""
    flags = fields.pop("flags", ())
    return call(name, tags={"n": name}, cost=Cost(output_nano=nano, flags=flags), **fields)


def test_what_a_call_really_costs() -> None:
    """With its cache: 100 x 5 + 900 x 0.50 + 200 x 25 micro-dollars of the dearer model."""
    assert CALLS[0].real_nano() == REAL
    cached = Call("d", model="claude-opus-4-8", cache_read_tokens=900)
    assert cached.real_nano() == 500_000 + 450_000 + 5_000_000


def test_a_good_run() -> None:
    """Two were served, one was refused."""
    found = account(
        CALLS, [seen("a"), seen("b")], [row("a"), row("b"), row("c", 0, action="block")], 2 * REAL
    )

    assert found.good
    assert (found.calls, found.served, found.refused) == (3, 2, 1)
    assert (found.settled_nano, found.real_nano, found.at_bound) == (2 * REAL, 2 * REAL, 0)


def test_a_call_that_nobody_answered_is_told() -> None:
    """Of three, one was served twice, and one was refused."""
    found = account(CALLS, [seen("a"), seen("a")], [row("a"), row("c", 0, action="block")], 2 * REAL)

    assert found.unanswered == 1


def test_what_the_provider_billed_or_the_ledger_charged_beyond_the_amount_is_over() -> None:
    """Whichever is more; so is what was settled and held at some moment."""
    both = [seen("a"), seen("b")]
    assert account(CALLS, both, [row("a"), row("b", 1)], REAL).over_nano == REAL
    assert account(CALLS, [seen("a")], [row("a", 9 * REAL)], REAL).over_nano == 8 * REAL
    assert account(CALLS, [seen("a")], [row("a")], REAL, Evidence(over_nano=1)).over_nano == 1
    assert account(CALLS, both, [row("a"), row("b")]).over_nano == 0


def test_a_call_that_is_sent_twice_is_billed_twice() -> None:
    """Its row knows of one of them: it is over, and said to be so apart."""
    found = account(CALLS, [seen("a"), seen("a")], [row("a")], REAL)

    assert (found.twice, found.over_nano, found.good) == (1, REAL, False)


def test_a_broken_answer_is_billed_as_if_it_had_been_whole() -> None:
    """Nobody knows how much of it was written; a refusal, and a request that was cut off, are not billed."""
    assert bill(seen("a", complete=False), CALLS[0]) == REAL
    assert bill(seen("a", **CUT), CALLS[0]) == REAL
    assert bill(seen("a"), None) == REAL
    assert bill(seen("a", status=429), CALLS[0]) == 0
    assert bill(seen("a", **CUT, received=None), CALLS[0]) == 0


@pytest.mark.parametrize(
    ("request_fields", "kept", "lost"),
    [
        ({}, None, True),
        ({}, row("a", 0), True),
        ({}, row("a", REAL - 1), True),
        ({}, row("a"), False),
        ({}, row("a", 0, state="open"), False),
        ({"complete": False}, row("a", REAL - 1), True),
        (CUT, row("a", REAL - 1), True),
        (CUT, row("a", 2 * REAL), False),
        ({"status": 429}, row("a", 0), False),
    ],
)
def test_a_request_is_lost_if_it_is_charged_less_than_it_may_have_cost(
    request_fields: dict[str, Any], kept: CallRecord | None, lost: bool
) -> None:
    """Or if it has no row."""
    assert is_lost(seen("a", **request_fields), CALLS[0], kept, limited=True) is lost


def test_without_a_limit_what_nobody_told_is_estimated() -> None:
    """Only an answer that was told to the end has to be charged in full."""
    assert is_lost(seen("a"), CALLS[0], row("a", REAL - 1), limited=False)
    assert is_lost(seen("a", **CUT), CALLS[0], row("a", 0), limited=False)
    assert not is_lost(seen("a", **CUT), CALLS[0], row("a", 1), limited=False)


def test_a_request_of_nobody_is_lost() -> None:
    """None of the clients made it."""
    assert account(CALLS, [seen("stranger")], [], REAL).lost == 1


def test_what_the_provider_disowned_is_neither_billed_nor_lost() -> None:
    """It said so on that connection, and nothing of an answer came; a row's own word is not enough."""
    disowned = row("a", 0, error="not_taken", status=None)
    cut = Call("b", sim={"cut": {"how": "goaway_lost", "after_events": None}})
    requests = [seen("a", **CUT), seen("b", **CUT)]
    found = account([CALLS[0], cut], requests, [disowned, row("b", 0, error="not_taken", status=None)], REAL)

    assert (found.lost, found.real_nano, found.wrong) == (0, 0, 0)
    assert account(CALLS, requests, [disowned, row("b")], 2 * REAL).lost == 1
    assert is_disowned(seen("a"), disowned, {1})
    assert not is_disowned(seen("a", number=2), disowned, {1})
    assert not is_disowned(seen("a"), row("a", 0, error="not_taken", status=200), {1})
    assert not is_disowned(seen("a"), None, {1})


def test_open_rows_of_the_dead_are_holds_left() -> None:
    """Lost ones are charged."""
    rows = [row("a", state="open"), row("b", state="lost", flags=("charged_at_bound",))]
    found = account(CALLS, [seen("a"), seen("b")], rows, 9 * REAL)

    assert (found.held, found.at_bound, found.settled_nano, found.good) == (1, 1, REAL, False)


def test_buckets_that_hold_something_are_holds_left() -> None:
    """Though no row says so."""
    assert not account(CALLS, [], [], REAL, Evidence(holding=1)).good


def test_buckets_that_are_not_the_sums_of_rows_are_no_good() -> None:
    """Even if nothing came of it."""
    assert not account(CALLS, [], [], REAL, Evidence(apart=1, looks=9)).good


AT_BOUND = ("charged_at_bound",)


@pytest.mark.parametrize(
    ("request_seen", "kept", "wrong"),
    [
        (seen("a"), row("a"), False),
        (seen("a"), row("a", REAL + 1), True),
        (seen("a"), row("a", 2 * REAL, flags=AT_BOUND), True),
        (seen("a", number=2), row("a", 2 * REAL, flags=AT_BOUND), False),
        (seen("a", complete=False), row("a", 2 * REAL, flags=AT_BOUND), False),
        (None, row("a", 0), False),
        (None, row("a", 1), True),
        (None, row("a", 1, flags=AT_BOUND, error="cut"), False),
        (None, row("a", 1, flags=AT_BOUND, error="abandoned"), False),
        (None, row("a", 1, flags=AT_BOUND, error="not_connected"), True),
    ],
)
def test_what_was_told_is_charged_to_the_nano_dollar_and_what_was_not_sent_is_not_charged(
    request_seen: dict[str, Any] | None, kept: CallRecord, wrong: bool
) -> None:
    """But on connection 2, which broke, nobody knows what had come or gone."""
    assert is_wrong(request_seen, CALLS[0], kept, broken={2}) is wrong


def test_an_answer_without_usage_tells_nothing() -> None:
    """It is charged at its bound."""
    assert told(seen("a"))
    assert not is_wrong(seen("a"), Call("a", sim={"usage": None}), row("a", 1, flags=AT_BOUND), set())


def test_a_row_of_a_dead_process_may_be_charged_for_nothing() -> None:
    """One of a living process may not."""
    lost = row("a", REAL, state="lost", flags=AT_BOUND)
    assert account(CALLS, [], [lost], 9 * REAL).wrong == 0
    assert account(CALLS, [], [row("a")], 9 * REAL).wrong == 1
