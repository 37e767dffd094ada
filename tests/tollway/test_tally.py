"""What a run says it cost."""

from typing import Any

import pytest

from tollway.model import AWAITED, Billing, CallRecord, Cost, Source
from tollway.money import NANO
from tollway.tally import Tally, dollars

CENT = NANO // 100


def call(model: str | None = "gpt-4o", nano: int = CENT, **fields: object) -> CallRecord:
    """A call that ended."""
    cost = Cost(output_nano=nano, source=Source.COMPUTED)
    usual = {"id": "1", "model": model, "cost": cost, "status": 200}
    return CallRecord(state="done", started_us=0, **{**usual, **fields})  # type: ignore[arg-type]


def line(*calls: CallRecord) -> str:
    """What is said of these calls."""
    tally = Tally()
    for record in calls:
        tally.add(record)
    return tally.line()


def test_a_run_without_calls_says_so() -> None:
    """Rather than that it cost nothing: perhaps the program went past the proxy."""
    assert line() == "no AI calls"


def test_models_come_dearest_first() -> None:
    """With the total before them."""
    assert line(call("gpt-4o"), call("claude-sonnet-4-5", 2 * CENT), call("gpt-4o", CENT // 2)) == (
        "$0.0350 for 3 calls (claude-sonnet-4-5 $0.0200, gpt-4o $0.0150)"
    )


def test_what_the_cache_saved_is_said() -> None:
    """Of calls that would have been paid for."""
    free: dict[str, Any] = {"cost": Cost(), "cache": "hit", "saved_nano": CENT}

    assert line(call(), call(**free), call(billing=Billing.NOTIONAL, **free)) == (
        "$0.0100 for 3 calls (gpt-4o $0.0100); $0.0100 saved by the cache"
    )


def test_four_models_are_named_and_the_others_counted() -> None:
    """It stays one line."""
    assert line(*(call(f"m{n}", n * CENT) for n in range(1, 8))) == (
        "$0.2800 for 7 calls (m7 $0.0700, m6 $0.0600, m5 $0.0500, m4 $0.0400, 3 more)"
    )


def test_a_call_whose_usage_comes_later_counts_once() -> None:
    """At what it turned out to cost."""
    guess = Cost(output_nano=CENT, source=Source.ESTIMATED, flags=(AWAITED,))
    calls = [call(cost=guess), call("o3", id="2"), call(nano=3 * CENT), call(nano=CENT)]

    assert line(*calls[:2]) == "$0.0200 for 2 calls (gpt-4o $0.0100, o3 $0.0100); 1 estimated"
    assert line(*calls) == "$0.0500 for 3 calls (gpt-4o $0.0400, o3 $0.0100)"


FREE = Cost(source=Source.PROVIDER)
UNKNOWN = Cost(source=Source.NONE, flags=("unknown_call",))
GUESS = Cost(output_nano=CENT, source=Source.ESTIMATED)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (call(), "$0.0100 for 1 call (gpt-4o $0.0100)"),
        (call("x:free", cost=FREE), "$0 for 1 call"),
        (call(None, cost=UNKNOWN), "$0 for 1 call; 1 of unknown price"),
        (call(cost=GUESS), "$0.0100 for 1 call (gpt-4o $0.0100); 1 estimated"),
        (call(cost=FREE, status=429), "$0 for 1 call; 1 failed"),
        (call(cost=FREE, status=None, error="not_connected"), "$0 for 1 call; 1 failed"),
        (
            call("claude-opus-4-8", billing=Billing.NOTIONAL),
            "$0 for 1 call (claude-opus-4-8 $0.0100); $0.0100 more at list price, covered by a subscription",
        ),
    ],
    ids=["metered", "free", "unknown", "estimated", "failed", "no answer", "subscription"],
)
def test_what_the_sum_is_not_is_said_after_it(record: CallRecord, said: str) -> None:
    """A figure that needs care has its reason beside it."""
    assert line(record) == said


@pytest.mark.parametrize(
    ("nano", "said"),
    [
        (0, "$0"),
        (1, "$0.000000001"),
        (96_000, "$0.000096"),
        (160_000, "$0.00016"),
        (12_345_678, "$0.0123"),
        (10_000_000, "$0.0100"),
        (999_949_999, "$0.9999"),
        (1_500_000_000, "$1.50"),
        (1_234_567_890_000, "$1,234.57"),
    ],
)
def test_small_amounts_keep_two_digits_and_large_ones_their_cents(nano: int, said: str) -> None:
    """Rounded half up, for people: programs read the ledger."""
    assert dollars(nano) == said


def test_a_batch_whose_end_is_told_twice_counts_once() -> None:
    """At an estimate, by its totals, by its results."""
    tally = Tally()
    flags: tuple[tuple[str, ...], ...] = (("awaited",), ("from_totals",), ())
    for nano, each in zip((3 * CENT, 2 * CENT, CENT), flags, strict=True):
        tally.add(call(cost=Cost(input_nano=nano, source=Source.COMPUTED, flags=each)))

    assert (tally.calls, tally.metered_nano) == (1, CENT)
