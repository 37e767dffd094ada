"""What limits did, as lines."""

import pytest

from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Bucket, Enforce
from tollway.demo.calling import Answer
from tollway.demo.limits import lines
from tollway.demo.limits.sight import Sight
from tollway.ledger.store import BucketRow
from tollway.model import CallRecord, Cost, Usage

SECOND = 1_000_000
DAY = Bucket(limit="claude-day", key="claude-day:1", unit=Unit.USD, start_us=0, end_us=86_400 * SECOND)


def bucket(settled: int, held: int, of: Bucket = DAY) -> BucketRow:
    """The bucket of a limit of 2 USD."""
    return BucketRow(
        bucket=of, amount=2_000_000_000, enforce=Enforce.HARD, settled=settled, held=held, started_us=0
    )


def call(action: str | None = None, hold: int = 500_000_000, **fields: object) -> CallRecord:
    """A call of ada's."""
    usual = {
        "id": "1", "state": "open", "started_us": SECOND, "tags": {"person": "ada"}, "provider": "anthropic",
        "model_asked": "claude-opus-4-8", "model": "claude-opus-4-8", "max_output_tokens": 64_000,
        "action": action, "bound": Amounts(nano=hold),
    }  # fmt: skip
    return CallRecord(**{**usual, **fields})  # type: ignore[arg-type]


def said(found: CallRecord, settled: int = 0, held: int = 500_000_000) -> list[str]:
    """What is said of its admission."""
    return [line.plain for line in lines.admitted(Sight(found, bucket(settled, held)))]


def test_a_call_that_fits_is_admitted_whole() -> None:
    assert said(call()) == ["  admitted  whole: 64,000 output tokens; holds $0.5000 of the $2.00 left"]


def test_a_clamp_says_from_where_to_where() -> None:
    """The call holds all that was left: what is settled is 1.5 USD."""
    assert said(call("clamp 4100"), settled=1_500_000_000) == [
        "  clamped   64,000 -> 4,100 output tokens; holds all of the $0.5000 left"
    ]


def test_a_wait_is_told_apart() -> None:
    """By `waits` and `waited`."""
    assert said(call("wait, clamp 4100")) == [
        "  clamped   64,000 -> 4,100 output tokens; holds $0.5000 of the $2.00 left"
    ]
    assert said(call("wait")) == said(call())


def test_a_route_says_which_model_was_asked_and_which_serves() -> None:
    assert said(call("route smaller", model="claude-haiku-4-5")) == [
        "  rerouted  claude-opus-4-8 -> claude-haiku-4-5\n"
        "            no clamp makes it fit, and no call in flight can free anything"
    ]
    _, clamped = said(call("route smaller, clamp 17202", model="claude-haiku-4-5"))
    assert clamped.startswith("  clamped   64,000 -> 17,202 ")


def test_a_wait_names_whose_call_holds_what_and_how_long_it_took() -> None:
    """From the second call's coming to the first one's end."""
    first = Sight(call(hold=2_000_000_000), bucket(0, 1_999_990_000))
    ended = call(ended_us=4 * SECOND, cost=Cost(output_nano=600_000_000))
    second = call(started_us=1_300_000, tags={"person": "ben"})

    assert lines.waits(first).plain == "  waits     $0.000010 is left: ada's call holds all else"
    assert lines.freed(first.call, ended).plain == "ada is answered: $1.40 of what was held is free again"
    assert lines.waited(ended, second).plain == "ben waited 2.7 s, and is admitted"


def test_an_answer_shows_headers_and_cost() -> None:
    """Those that are asked for."""
    answer = Answer(200, {"x-tollway-remaining": "claude-day; left=2 USD", "x-other": "1"}, "{}")
    usage, cost = Usage(input_tokens=1_900, output_tokens=30_000), Cost(output_nano=759_500_000)

    found = lines.answered(answer, ("x-tollway-remaining",), call(usage=usage, cost=cost, state="done"))

    assert [line.plain for line in found] == [
        "  x-tollway-remaining: claude-day; left=2 USD",
        "  anthropic claude-opus-4-8  1,900 in, 30.0k out  $0.7595",
    ]


@pytest.mark.parametrize(
    ("of", "reset"),
    [
        (DAY, "; reset=1970-01-02T00:00:00Z"),
        (Bucket(limit="r", key="r:1", unit=Unit.USD, start_us=0, rolling_us=SECOND), ""),
    ],
)
def test_a_refusal_is_shown_as_it_came(of: Bucket, reset: str) -> None:
    """Only broken into lines that fit."""
    body = '{"type":"error","error":{"message":"' + "so much " * 30 + 'is not left"}}'

    status, shown = lines.refused(Answer(429, {"x-should-retry": "false"}, body), bucket(0, 0, of))

    assert status.plain == f"  refused   status 429, x-should-retry: false{reset}"
    assert " ".join(shown.plain.split()) == body
    assert max(map(len, shown.plain.splitlines())) <= 80
