"""What a call is told that a limit turned away, word by word, and whether its client tries again."""

from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Bucket, Enforce
from tollway.money import NANO
from tollway.wire import DIALECTS
from tollway.wire.over_limit import Refusal, over_limit, unholdable

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 12, tzinfo=BERLIN)
DECEMBER = datetime(2026, 12, 1, tzinfo=BERLIN)
UNTIL = "until 2026-12-01 00:00 Europe/Berlin"


def us(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000


def balance(
    amount: int = 3000 * NANO,
    settled: int = 0,
    held: int = 0,
    unit: Unit = Unit.USD,
    enforce: Enforce = Enforce.HARD,
    end: datetime | None = DECEMBER,
    rolling_us: int | None = None,
) -> Balance:
    end_us = None if end is None or rolling_us else us(end)
    bucket = Bucket(limit="team-month", key="k", unit=unit, start_us=0, end_us=end_us, rolling_us=rolling_us)
    return Balance(bucket=bucket, amount=amount, enforce=enforce, settled=settled, held=held)


def told(
    one: Balance,
    hold: int,
    dialect: str = "openai_chat",
    program: str | None = None,
    held_by_others: bool = False,
    now: datetime = NOW,
) -> Refusal:
    return over_limit(
        one, hold, BERLIN, us(now), dialect=dialect, program=program, held_by_others=held_by_others
    )


def test_a_person_reads_which_limit_what_is_left_until_when_and_what_to_do() -> None:
    """3000 - 2999.576 = 0.424 USD left, rounded down; the hold of 1.6001, rounded up."""
    refusal = told(balance(settled=2_999_576_000_000), 1_600_100_000)

    assert refusal.message == (
        'Tollway: the limit "team-month" has 0.42 USD left of 3000 USD until 2026-12-01 00:00 Europe/Berlin,'
        " and this call may cost up to 1.61 USD. Ask for less, or wait."
    )
    assert (refusal.status, refusal.code, refusal.retry_after) == (429, "over_limit", None)


def test_what_calls_in_flight_hold_is_left_but_held() -> None:
    refusal = told(balance(amount=20 * NANO, settled=14 * NANO, held=5 * NANO), 2 * NANO, held_by_others=True)

    assert refusal.message == (
        'Tollway: the limit "team-month" has 6 USD left of 20 USD until 2026-12-01 00:00 Europe/Berlin,'
        " 5 USD of it held by calls in flight, and this call may cost up to 2 USD. Please retry in 5s."
    )
    assert (refusal.status, refusal.retry_after) == (429, 5)


@pytest.mark.parametrize(
    ("one", "hold", "words"),
    [
        (
            balance(2_000_000, 1_990_000, unit=Unit.TOKENS),
            64_000,
            f"has 10,000 tokens left of 2,000,000 tokens {UNTIL}, and this call may use up to"
            " 64,000 tokens. Ask for less, or wait.",
        ),
        (
            balance(1000, 900, unit=Unit.OUTPUT),
            2**60,
            f"has 100 output tokens left of 1,000 output tokens {UNTIL}, and nothing limits what"
            " this call may use. Set an output maximum.",
        ),
        (
            balance(1000, unit=Unit.INPUT),
            4000,
            f"has 1,000 input tokens left of 1,000 input tokens {UNTIL}, and this call may use up"
            " to 4,000 input tokens. Ask for less: there is never room for as much.",
        ),
        (
            balance(0, unit=Unit.INPUT),
            4000,
            f"has 0 input tokens left of 0 input tokens {UNTIL}, and this call may use up"
            " to 4,000 input tokens. It never has room.",
        ),
        (
            balance(500, 500, unit=Unit.REQUESTS),
            1,
            f"has 0 requests left of 500 requests {UNTIL}. Wait until there is room again.",
        ),
        (
            balance(0, unit=Unit.REQUESTS),
            1,
            f"has 0 requests left of 0 requests {UNTIL}. It never has room.",
        ),
        (
            balance(5 * NANO, 6 * NANO, enforce=Enforce.SOFT),
            NANO,
            f"has 0 USD left of 5 USD {UNTIL}. Wait until there is room again.",
        ),
        (
            balance(NANO, 997_654_321, rolling_us=86_400_000_000),
            12_345_678,
            "has 0.0023 USD left of 1 USD in any 24 hours, and this call may cost up to 0.0124"
            " USD. Ask for less, or wait.",
        ),
        (
            balance(NANO, 999_999_999, rolling_us=30 * 86_400_000_000),
            NANO,
            "has 0.000000001 USD left of 1 USD in any 30 days, and this call may cost up to 1 USD."
            " Ask for less, or wait.",
        ),
        (
            balance(NANO, NANO, rolling_us=90 * 60_000_000),
            NANO,
            "has 0 USD left of 1 USD in any 90 minutes, and this call may cost up to 1 USD. Ask"
            " for less, or wait.",
        ),
        (
            balance(NANO, NANO, end=None),
            NANO,
            "has 0 USD left of 1 USD for good, and this call may cost up to 1 USD. Ask for less,"
            " or wait.",
        ),
    ],
    ids=[
        "tokens", "no maximum", "never", "nothing", "requests", "none", "soft", "rolling", "days", "odd",
        "no end",
    ],
)  # fmt: skip
def test_each_kind_of_limit_has_its_words(one: Balance, hold: int, words: str) -> None:
    assert told(one, hold).message == f'Tollway: the limit "team-month" {words}'


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (datetime(2026, 11, 30, 23, 58, 59, tzinfo=BERLIN), None),
        (datetime(2026, 11, 30, 23, 59, 0, tzinfo=BERLIN), 60),
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=BERLIN), 1),
        (datetime(2026, 12, 1, 0, 0, 3, tzinfo=BERLIN), 1),
    ],
    ids=["61 s before", "60 s before", "1 s before", "just over"],
)
def test_a_window_that_ends_within_a_minute_is_worth_waiting_for(now: datetime, seconds: int | None) -> None:
    """SDKs wait no longer than that."""
    assert told(balance(settled=3000 * NANO), NANO, now=now).retry_after == seconds


def test_what_never_fits_is_not_worth_waiting_for() -> None:
    refusal = told(balance(amount=NANO), 2 * NANO, held_by_others=True)

    assert (refusal.retry_after, refusal.status) == (None, 429)


@pytest.mark.parametrize(
    ("dialect", "program", "in_vain", "helps"),
    [
        ("openai_chat", "OpenAI/Python", 429, 429),
        ("openai_responses", None, 429, 429),
        ("openai_responses", "codex_cli_rs", 400, 402),
        ("openai_responses", "codex_exec", 400, 402),
        ("anthropic_messages", "claude-cli", 429, 429),
        ("gemini", "GeminiCLI", 402, 429),
        ("bedrock_converse", "Boto3", 402, 429),
        ("cohere_chat", None, 402, 429),
        ("ollama", None, 402, 429),
        ("", None, 402, 429),
    ],
)
def test_the_status_is_one_that_the_client_does_not_try_again_in_vain(
    dialect: str, program: str | None, in_vain: int, helps: int
) -> None:
    one = balance(settled=3000 * NANO)

    assert told(one, NANO, dialect, program).status == in_vain
    assert told(one, NANO, dialect, program, held_by_others=True).status == helps


def test_a_call_that_a_limit_can_never_hold_is_told_why() -> None:
    refusal = unholdable("team-month", "it has no bound: tools: web_search")

    assert refusal.message == (
        'Tollway: the hard limit "team-month" can\'t hold this call: it has no bound: tools: web_search.'
    )
    assert (refusal.status, refusal.code, refusal.retry_after) == (400, "limit_cannot_hold", None)


@given(st.integers(0, 10**16), st.integers(0, 10**16), st.integers(0, 10**16), st.integers(1, 10**16))
def test_rounding_never_shows_room_that_is_not_there(amount: int, settled: int, held: int, hold: int) -> None:
    """What is left is rounded down, what is needed up."""
    message = told(balance(amount, settled, held), hold).message

    left, needed = (message.split(words)[1].split(" USD")[0] for words in ("has ", "may cost up to "))
    assert float(left) * NANO <= max(0, amount - settled) * (1 + 1e-12)
    assert float(needed) * NANO >= hold * (1 - 1e-12)


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_every_dialect_can_say_it(dialect: str) -> None:
    refusal = told(balance(settled=3000 * NANO), NANO, dialect)

    body = DIALECTS[dialect].error(refusal.status, refusal.message, refusal.code)

    assert orjson.dumps(refusal.message)[1:-1] in body
