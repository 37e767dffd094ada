"""What is counted of calls."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.tollway.ledger.samples import NOON_US, call
from tollway.discovery.sighting import Sighting, Who
from tollway.model import AWAITED, CallRecord, Cost, Source, Usage
from tollway.observe.catalogue import (
    CACHE,
    CALLS,
    CLAMPS,
    DURATION,
    ERRORS,
    FIRST_BYTE,
    LIMIT_REFUSALS,
    LOOP_LAG,
    REFUSALS,
    RELOADS,
    REROUTES,
    SAVED,
    SPENT,
    SPENT_TAKEN_BACK,
    TOKENS,
    TOKENS_TAKEN_BACK,
    UNMANAGED,
    UNMANAGED_BYTES,
    WAITS,
    Family,
)
from tollway.observe.counting import SUM, Series
from tollway.observe.measuring import Measuring
from tollway.observe.names import MOST
from tollway.wire.over_limit import CODE

MODEL = ("anthropic", "claude-sonnet-4-5")


def done(id: str = "a", **fields: Any) -> CallRecord:
    """A call that was answered in two seconds."""
    plain = {"status": 200, "operation": "chat", "ended_us": NOON_US + 2_000_000}
    return call(id, **{**plain, **fields})


def of(measuring: Measuring, *families: Family) -> dict[Series, int]:
    """What was counted in these metrics, but zeros."""
    counts = measuring.counting.snapshot()
    return {series: count for series, count in counts.items() if series.family in families and count}


def test_what_the_cache_answered_and_saved() -> None:
    measuring = Measuring()

    measuring.observe(done("a", cache="miss"))
    for id in ("b", "c"):
        measuring.observe(done(id, cache="hit", cost=Cost(), saved_nano=450_000))
    measuring.observe(done("d"))

    assert of(measuring, CACHE, SAVED) == {
        Series(CACHE, (*MODEL, "miss")): 1,
        Series(CACHE, (*MODEL, "hit")): 2,
        Series(SAVED, MODEL): 900_000,
    }


def test_a_call_that_was_answered() -> None:
    measuring = Measuring()

    measuring.observe(done(first_byte_us=NOON_US + 300_000))

    assert of(measuring, CALLS, TOKENS, SPENT) == {
        Series(CALLS, (*MODEL, "chat", "answered")): 1,
        Series(TOKENS, (*MODEL, "input_tokens")): 100,
        Series(TOKENS, (*MODEL, "output_tokens")): 10,
        Series(SPENT, (*MODEL, "metered", "computed")): 450_000,
    }
    assert of(measuring, FIRST_BYTE, DURATION) == {
        Series(FIRST_BYTE, MODEL, 2): 1,
        Series(FIRST_BYTE, MODEL, SUM): 300_000,
        Series(DURATION, MODEL, 3): 1,
        Series(DURATION, MODEL, SUM): 2_000_000,
    }
    assert of(measuring, REFUSALS, ERRORS, WAITS, CLAMPS, REROUTES) == {}


def test_a_call_that_was_refused_is_no_measure_of_how_fast_a_model_is() -> None:
    measuring = Measuring()

    measuring.observe(done(status=None, error=CODE, action="wait, block", usage=Usage(), cost=Cost()))
    measuring.turned_away("team-month")

    assert of(measuring, CALLS, REFUSALS, LIMIT_REFUSALS, WAITS, DURATION) == {
        Series(CALLS, ("anthropic", "other", "chat", "refused")): 1,
        Series(REFUSALS, (CODE,)): 1,
        Series(LIMIT_REFUSALS, ("team-month",)): 1,
        Series(WAITS): 1,
    }


def test_what_was_done_to_a_call_counts_once_each() -> None:
    measuring = Measuring()

    measuring.observe(done(action="wait, route a at 80%, route a, route b, clamp 3 tool calls, clamp 9"))
    measuring.observe(done("b", action="route a skipped: no credential is known, clamp 5"))

    assert of(measuring, WAITS, CLAMPS, REROUTES) == {
        Series(WAITS): 1,
        Series(CLAMPS): 2,
        Series(REROUTES, ("a", "request")): 1,
        Series(REROUTES, ("b", "request")): 1,
    }


def test_an_attempt_after_a_failure_is_told_from_a_call_that_a_route_took_at_once() -> None:
    measuring = Measuring()

    measuring.observe(done(action="route a, after openai/gpt-4o (429)"))

    assert of(measuring, REROUTES) == {Series(REROUTES, ("a", "failure")): 1}


@pytest.mark.parametrize(
    ("fields", "kind"),
    [({"status": 529}, "5xx"), ({"status": None, "error": "cut"}, "cut"), ({"error": "abandoned"}, None)],
)
def test_an_error_of_the_provider_is_counted_by_its_kind(fields: dict[str, Any], kind: str | None) -> None:
    measuring = Measuring()

    measuring.observe(done(**fields))

    assert of(measuring, ERRORS) == ({} if kind is None else {Series(ERRORS, ("anthropic", kind)): 1})


def test_a_usage_that_comes_later_adds_what_was_missing_and_takes_back_what_was_too_much() -> None:
    """Input 100 -> 130, output 50 -> 20; 9 nano-dollars as an estimate -> 5 as computed."""
    measuring = Measuring()
    estimate = Cost(output_nano=9, source=Source.ESTIMATED, flags=(AWAITED,))
    first = done(usage=Usage(input_tokens=100, output_tokens=50), cost=estimate)
    later = done(
        usage=Usage(input_tokens=130, output_tokens=20), cost=Cost(output_nano=5, source=Source.COMPUTED)
    )

    measuring.observe(first)
    measuring.observe(later)

    assert of(measuring, CALLS, TOKENS, TOKENS_TAKEN_BACK, SPENT, SPENT_TAKEN_BACK) == {
        Series(CALLS, (*MODEL, "chat", "answered")): 1,
        Series(TOKENS, (*MODEL, "input_tokens")): 130,
        Series(TOKENS, (*MODEL, "output_tokens")): 50,
        Series(TOKENS_TAKEN_BACK, (*MODEL, "output_tokens")): 30,
        Series(SPENT, (*MODEL, "metered", "estimated")): 9,
        Series(SPENT_TAKEN_BACK, (*MODEL, "metered", "estimated")): 9,
        Series(SPENT, (*MODEL, "metered", "computed")): 5,
    }
    assert sum(count for series, count in of(measuring, DURATION).items() if series.bucket != SUM) == 1


def test_names_that_callers_make_up_have_no_line_of_their_own() -> None:
    """The provider knows none of them."""
    measuring = Measuring()

    for number in range(10_000):
        measuring.observe(done(f"c{number}", model=f"made-up-{number}", status=404))
    measuring.observe(done())

    assert {series.labels[1] for series in of(measuring, CALLS)} == {"other", MODEL[1]}


def test_more_models_than_have_a_value_share_one() -> None:
    measuring = Measuring()

    for number in range(MOST + 50):
        measuring.observe(done(f"c{number}", model=f"model-{number}"))

    found = of(measuring, CALLS)
    assert len(found) == MOST + 1
    assert found[Series(CALLS, ("anthropic", "other", "chat", "answered"))] == 50


def test_a_call_that_names_no_model() -> None:
    measuring = Measuring()

    measuring.observe(done(model=None))

    assert of(measuring, CALLS) == {Series(CALLS, ("anthropic", "none", "chat", "answered")): 1}


def test_limits_of_many_policies_are_bounded_too() -> None:
    """A policy is reloaded as often as one likes."""
    measuring = Measuring()

    for number in range(1_100):
        measuring.turned_away(f"limit-{number}")

    assert of(measuring, LIMIT_REFUSALS)[Series(LIMIT_REFUSALS, ("other",))] == 100


def test_reloads_and_the_event_loops_lag() -> None:
    measuring = Measuring()

    for ok in (True, False, True):
        measuring.reloaded(ok)
    measuring.late(30_000)

    assert of(measuring, RELOADS, LOOP_LAG) == {
        Series(RELOADS, ("ok",)): 2,
        Series(RELOADS, ("failed",)): 1,
        Series(LOOP_LAG, (), 4): 1,
        Series(LOOP_LAG, (), SUM): 30_000,
    }


def test_what_passes_to_services_that_are_not_read() -> None:
    """As it is written: what is new of it, and no zeros."""
    measuring = Measuring()
    new = Sighting(day="", host="", who=Who(), connections=2, sent_bytes=3, first_us=0, last_us=0)
    measuring.discovered("Poe", new)
    measuring.discovered("Poe", replace(new, connections=0, refused=1, received_bytes=4))

    assert of(measuring, UNMANAGED, UNMANAGED_BYTES) == {
        Series(UNMANAGED, ("Poe", "passed")): 2,
        Series(UNMANAGED, ("Poe", "refused")): 1,
        Series(UNMANAGED_BYTES, ("Poe", "sent")): 6,
        Series(UNMANAGED_BYTES, ("Poe", "received")): 4,
    }
