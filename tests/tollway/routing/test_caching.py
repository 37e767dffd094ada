"""What a conversation loses of its cache, and what it saves, by going elsewhere."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tollway.model import CallRecord, Usage
from tollway.prices.book import PriceBook
from tollway.prices.ceiling import Leaving
from tollway.routing.caching import (
    DAY_US,
    FIVE_MINUTES_US,
    HALF_HOUR_US,
    HOUR_US,
    NOT_WRITTEN,
    WRITTEN,
    WRITTEN_1H,
    WRITTEN_12H,
    Cached,
    Price,
    Sums,
    left_by,
    lifetime_us,
    sums,
    weighed,
)

BOOK = PriceBook()
MODELS = {
    "claude-opus-4-8": "anthropic",
    "claude-haiku-4-5": "anthropic",
    "claude-sonnet-4-5": "anthropic",
    "gpt-5": "openai",
    "gpt-5-mini": "openai",
    "gpt-4o": "openai",
    "gemini-2.5-pro": "gemini",
    "gemini-2.5-flash-lite": "gemini",
}


def price(model: str) -> Price:
    """What the price book expects of a model."""
    call = Leaving(
        provider=MODELS[model],
        host="",
        operation="chat",
        model=model,
        speed="",
        at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    )
    return lambda usage: BOOK.expected(call, usage)


OPUS, HAIKU = price("claude-opus-4-8"), price("claude-haiku-4-5")
RECORD = CallRecord(
    id="c",
    state="done",
    started_us=1_000,
    first_byte_us=2_000,
    provider="anthropic",
    model="claude-opus-4-8",
    usage=Usage(input_tokens=100, cache_read_tokens=60, cache_write_tokens=30),
)
CACHED = Cached(
    target="anthropic/claude-opus-4-8", tokens=90, rest=10, size=400, writes=WRITTEN, until_us=300_002_000
)


@pytest.mark.parametrize(
    ("writes", "loses", "saves"),
    [
        (NOT_WRITTEN, 900 * (5_000 - 500), 1_000 * 4_000 + 100 * 20_000),
        (WRITTEN, 900 * (6_250 - 500), 1_000 * 5_000 + 100 * 20_000),
        (WRITTEN_1H, 900 * (10_000 - 500), 1_000 * 8_000 + 100 * 20_000),
    ],
)
def test_the_cache_is_worth_what_reading_from_it_spares(
    writes: tuple[str, ...], loses: int, saves: int
) -> None:
    """Of 1,000 tokens 900 are cached, and 100 are answered; where a cache is written, all others are."""
    found = weighed(900, 1_000, 100, writes, OPUS, HAIKU)

    assert found == Sums(loses, saves)
    assert found.waits is (loses > saves)


def test_what_is_new_since_the_last_turn_is_a_quarter_of_its_bytes() -> None:
    assert sums(CACHED, 401, 0, OPUS, HAIKU) == weighed(90, 101, 0, WRITTEN, OPUS, HAIKU)
    assert sums(CACHED, 399, 0, OPUS, HAIKU) == weighed(90, 100, 0, WRITTEN, OPUS, HAIKU)


@pytest.mark.parametrize(
    ("loses", "saves", "waits"),
    [(5, 4, True), (5, 5, False), (5, -5, True), (0, 0, False), (0, -5, False), (-5, -9, False)],
)
def test_a_switch_waits_where_it_loses_something_and_more_than_it_saves(
    loses: int, saves: int, waits: bool
) -> None:
    assert Sums(loses, saves).waits is waits


def test_sums_are_told_to_the_nano_dollar() -> None:
    assert str(Sums(31_200_001, -10)) == "lose 0.031200001 USD of cache reads and save -0.00000001 USD"


@given(
    st.sampled_from(sorted(MODELS)),
    st.sampled_from(sorted(MODELS)),
    st.sampled_from([NOT_WRITTEN, WRITTEN, WRITTEN_1H, WRITTEN_12H]),
    st.integers(0, 400_000),
    st.integers(0, 400_000),
    st.integers(0, 400_000),
    st.integers(0, 1_000),
)
def test_the_more_of_a_request_is_cached_the_rather_it_waits(
    here: str, there: str, writes: tuple[str, ...], read: int, more: int, rest: int, output: int
) -> None:
    """At the prices of every step of a long context; and both sums differ by what the turn costs more."""
    whole, one, other = read + more + rest, price(here), price(there)
    less = weighed(read, whole, output, writes, one, other)
    found = weighed(read + more, whole, output, writes, one, other)

    assert found.waits or not less.waits
    assert found.saves == less.saves
    assert found.loses >= less.loses >= 0
    warm = Usage(
        input_tokens=whole,
        cache_read_tokens=read,
        output_tokens=output,
        **dict.fromkeys(writes, whole - read),
    )
    cold = Usage(input_tokens=whole, output_tokens=output, **dict.fromkeys(writes, whole))
    assert less.loses - less.saves == other(cold) - one(warm)


@given(
    st.sampled_from(sorted(MODELS)),
    st.sampled_from(sorted(MODELS)),
    st.integers(0, 400_000),
    st.integers(0, 1_000),
)
def test_nothing_waits_of_which_nothing_is_cached(here: str, there: str, whole: int, output: int) -> None:
    assert not weighed(0, whole, output, WRITTEN, price(here), price(there)).waits


def test_a_turn_leaves_what_it_read_or_wrote() -> None:
    """From its first byte on for five minutes."""
    assert left_by(RECORD, "anthropic_messages", None, 400, None) == CACHED


def test_what_its_provider_did_not_tell_is_not_left() -> None:
    assert left_by(replace(RECORD, usage=Usage(input_tokens=9)), "openai_chat", None, 400, None) is None


def test_a_turn_that_only_reads_keeps_what_others_wrote_as_long_as_they_did() -> None:
    """At the same place."""
    reads = replace(RECORD, first_byte_us=None, model=None, usage=Usage(cache_read_tokens=7, input_tokens=5))
    before = replace(CACHED, target="anthropic/", writes=WRITTEN_1H)

    found = left_by(reads, "anthropic_messages", None, 400, before)
    other = left_by(reads, "anthropic_messages", None, 400, replace(before, target="openai/"))

    assert found == Cached(
        target="anthropic/", tokens=7, rest=0, size=400, writes=WRITTEN_1H, until_us=1_000 + HOUR_US
    )
    assert other is not None
    assert (other.writes, other.until_us) == (NOT_WRITTEN, 1_000 + FIVE_MINUTES_US)


@pytest.mark.parametrize(
    ("usage", "dialect", "retention", "lives_us"),
    [
        (Usage(cache_read_tokens=1), "openai_chat", None, FIVE_MINUTES_US),
        (Usage(cache_read_tokens=1), "openai_chat", "in_memory", FIVE_MINUTES_US),
        (Usage(cache_read_tokens=1), "openai_responses", "24h", DAY_US),
        (Usage(cache_write_tokens=1), "openai_responses", None, HALF_HOUR_US),
        (Usage(cache_write_tokens=2, cache_write_12h_tokens=1), "openai_responses", None, 12 * HOUR_US),
        (Usage(cache_write_tokens=1), "anthropic_messages", None, FIVE_MINUTES_US),
        (Usage(cache_write_tokens=2, cache_write_1h_tokens=1), "anthropic_messages", None, HOUR_US),
    ],
)
def test_a_cache_lives_as_long_as_its_provider_promises(
    usage: Usage, dialect: str, retention: str | None, lives_us: int
) -> None:
    found = left_by(replace(RECORD, usage=usage), dialect, retention, 0, None)

    assert found is not None
    assert found.until_us - 2_000 == lives_us == lifetime_us(found.writes, dialect, retention)
