"""How a call that a rate turns away is told so."""

import pytest

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Bucket, Enforce
from tollway.wire.over_rate import over_rate

NOW_US = 1_795_608_000_000_000
"""2026-11-25 12:00 UTC."""
SECOND_US = 1_000_000


def balance(unit: Unit = Unit.REQUESTS, amount: int = 60, window_us: int | None = 60 * SECOND_US) -> Balance:
    """A rate that is full, and empty 42.5 s later."""
    bucket = Bucket(
        limit="often",
        key="often 1",
        unit=unit,
        start_us=0,
        rolling_us=window_us,
        slot_us=0 if window_us is None else window_us // 60,
    )
    held = amount if window_us is None else 0
    counted = amount - held
    return Balance(
        bucket=bucket,
        amount=amount,
        enforce=Enforce.HARD,
        settled=counted,
        held=held,
        empty_us=NOW_US + 42_500_000,
    )


def told(found: Balance | None, after_us: int | None, dialect: str = "openai_chat") -> dict[str, str]:
    """The headers of a refusal."""
    again_us = None if after_us is None else NOW_US + after_us
    return dict(over_rate("often", found, NOW_US, again_us, dialect=dialect).headers)


def test_openai_s_words_say_what_is_left_and_for_how_long() -> None:
    assert told(balance(), 12_000_001) == {
        "retry-after": "13",
        "retry-after-ms": "12001",
        "x-should-retry": "true",
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "43s",
    }


def test_anthropic_s_words_say_until_when() -> None:
    assert told(balance(Unit.INPUT), 12_000_000, "anthropic_messages") == {
        "retry-after": "12",
        "retry-after-ms": "12000",
        "x-should-retry": "true",
        "anthropic-ratelimit-input-tokens-limit": "60",
        "anthropic-ratelimit-input-tokens-remaining": "0",
        "anthropic-ratelimit-input-tokens-reset": "2026-11-25T12:00:43Z",
    }


def test_openai_has_one_word_for_all_tokens() -> None:
    assert "x-ratelimit-limit-tokens" in told(balance(Unit.OUTPUT), SECOND_US)


@pytest.mark.parametrize(
    ("empty_us", "said"),
    [
        (-1, "0ms"),
        (350_000, "350ms"),
        (999_001, "1s"),
        (72 * SECOND_US, "1m12s"),
        (6 * 3_600 * SECOND_US, "6h0m0s"),
        (None, "1s"),
    ],
)
def test_a_length_of_time_is_written_as_openai_does(empty_us: int | None, said: str) -> None:
    full = balance()
    full = Balance(
        bucket=full.bucket,
        amount=60,
        enforce=Enforce.HARD,
        settled=60,
        held=0,
        empty_us=None if empty_us is None else NOW_US + empty_us,
    )

    assert told(full, SECOND_US)["x-ratelimit-reset-requests"] == said


@pytest.mark.parametrize(("after_us", "ms"), [(None, "1000"), (-5, "1"), (1, "1"), (1_500, "2")])
def test_a_client_is_never_told_to_come_at_once(after_us: int | None, ms: str) -> None:
    """Nor sooner than there is room; where nobody knows when, it is told a second."""
    headers = told(balance(), after_us)

    assert (headers["retry-after-ms"], headers["retry-after"]) == (ms, "1")


def test_who_would_have_to_wait_for_long_is_not_told_to_try_by_itself() -> None:
    assert told(balance(), 60 * SECOND_US)["x-should-retry"] == "true"
    assert told(balance(), 60 * SECOND_US + 1)["x-should-retry"] == "false"


def test_of_calls_at_once_no_provider_has_a_header() -> None:
    said = over_rate("wide", balance(amount=8, window_us=None), NOW_US, None, dialect="openai_chat")

    assert set(said.headers) == {"retry-after", "retry-after-ms", "x-should-retry"}
    assert said.message == (
        'Tollway: the rate "wide" admits 8 at once, and 8 are in flight. Please retry in 1s.'
    )


def test_the_message_names_the_rate_and_the_code_does() -> None:
    said = over_rate("often", balance(Unit.TOKENS, 200_000), NOW_US, NOW_US + 7, dialect="gemini")

    assert (said.status, said.code) == (429, "over_rate:often")
    assert said.message == (
        'Tollway: the rate "often" admits 200,000 tokens / minute, and has 0 left. Please retry in 1s.'
    )


def test_who_never_got_a_turn_is_told_so() -> None:
    said = over_rate("often", None, NOW_US, None, dialect="openai_chat")

    assert said.message == 'Tollway: the rate "often" has no room for this call. Please retry in 1s.'
    assert said.headers["retry-after"] == "1"


@pytest.mark.parametrize(("after_us", "status"), [(SECOND_US, 402), (90 * SECOND_US, 400)])
def test_codex_shows_no_message_of_a_429(after_us: int, status: int) -> None:
    said = over_rate(
        "often", balance(), NOW_US, NOW_US + after_us, dialect="openai_responses", program="Codex_CLI"
    )

    assert said.status == status
