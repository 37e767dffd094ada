"""What calls cost, by hand, in USD per million tokens at `calls.NOW` (genai-prices 0.2.3)."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.prices.calls import BOOK, EACH, NOW, SMALL, call, dollars, portion, price
from tollway.model import USAGE_FIELDS, Cost, Portion, Report, Source, Usage
from tollway.prices import PriceBook, Priced, book, resolve


def test_openai_input_cache_and_output() -> None:
    """gpt-5, 1.25 / 0.125 / 10: 600 x 1.25 + 400 x 0.125 + 100 x 10 = 750 + 50 + 1000 = 1800 millionths."""
    cost = price("openai", "gpt-5", input_tokens=1000, cache_read_tokens=400, output_tokens=100)

    assert cost == Cost(
        input_nano=750_000,
        cache_read_nano=50_000,
        output_nano=1_000_000,
        source=Source.COMPUTED,
        price_version="genai-prices 0.2.3 openai/gpt-5",
    )


def test_anthropic_with_all_kinds_of_cache_and_searches() -> None:
    """claude-opus-4-7: 100 x 5 + 5000 x 0.5 + 1000 x 6.25 + 2000 x 10 + 50 x 25 = 30500, + 2 x 10000."""
    cost = price(
        "anthropic",
        "claude-opus-4-7",
        input_tokens=8100,
        cache_read_tokens=5000,
        cache_write_tokens=3000,
        cache_write_1h_tokens=2000,
        output_tokens=50,
        web_searches=2,
    )

    assert (cost.input_nano, cost.cache_read_nano, cost.cache_write_nano) == (500_000, 2_500_000, 26_250_000)
    assert (cost.output_nano, cost.other_nano, cost.nano) == (1_250_000, 20_000_000, 50_500_000)


def test_gemini_thoughts_are_output_and_audio_has_its_own_price() -> None:
    """gemini-2.5-flash: 600 x 0.3 + 400 of audio x 1 = 580; 200 out, 150 of it thoughts: 200 x 2.5 = 500."""
    cost = price(
        "gemini",
        "gemini-2.5-flash",
        input_tokens=1000,
        input_audio_tokens=400,
        output_tokens=200,
        reasoning_tokens=150,
    )

    assert (cost.input_nano, cost.output_nano) == (580_000, 500_000)


def test_each_part_is_rounded_half_up_by_itself_and_the_cost_is_their_sum() -> None:
    """A read by gpt-5.4-mini in the EU is 75 x 1.1 = 82.5 nano-dollars, and its output 4500 x 1.1 = 4950.

    By o4-mini in flex it is 138, by deepseek-v4-flash in early August 2.8.
    """
    read = {"input_tokens": 1, "cache_read_tokens": 1}

    half = price("openai", "gpt-5.4-mini", **read, output_tokens=1, host="eu.api.openai.com")

    assert (half.cache_read_nano, half.output_nano, half.nano) == (83, 4950, 5033)
    assert price("openai", "o4-mini", **read, tier="flex").nano == 138
    assert price("deepseek", "deepseek-v4-flash", **read, at=datetime(2026, 8, 1, 12, tzinfo=UTC)).nano == 3


@pytest.mark.parametrize(("tokens", "usd"), [(200_000, "0.615"), (200_001, "1.222506")])
def test_a_long_context_costs_more_from_one_token_above_its_step(tokens: int, usd: str) -> None:
    """claude-sonnet-4-5: 0.2 x 3 + 0.001 x 15 = 0.615; above it 0.200001 x 6 + 0.001 x 22.5 = 1.222506."""
    assert dollars("anthropic", "claude-sonnet-4-5", input_tokens=tokens, output_tokens=1000) == usd


def test_anthropic_iterations_are_each_billed_at_their_own_model() -> None:
    """Compaction 180000 / 3500 and message 23000 / 1000 on claude-opus-4-8 (5 / 25), advice 1000 / 100 on
    claude-haiku-4-5 (1 / 5), one search: 0.9 + 0.0875 + 0.115 + 0.025 + 0.001 + 0.0005 + 0.01 = 1.139.
    """
    cost = price(
        "anthropic",
        "claude-opus-4-8",
        model="claude-opus-4-8",
        input_tokens=204_000,
        output_tokens=4600,
        web_searches=1,
        portions=(
            portion(None, input_tokens=180_000, output_tokens=3500),
            portion("claude-opus-4-8", input_tokens=23_000, output_tokens=1000),
            portion("claude-haiku-4-5", input_tokens=1000, output_tokens=100),
        ),
    )

    assert cost.nano == 1_139_000_000
    assert cost.price_version == "genai-prices 0.2.3 anthropic/claude-opus-4-8; anthropic/claude-haiku-4-5"


def test_a_long_context_is_counted_per_portion() -> None:
    """Two of 150000 on claude-sonnet-4-5 stay below its step of 200000: 0.3 x 3."""
    half = portion(None, input_tokens=150_000)

    assert dollars("anthropic", "claude-sonnet-4-5", input_tokens=300_000, portions=(half, half)) == "0.9"


def test_what_portions_report_of_searches_is_not_counted_twice() -> None:
    searched = portion(None, input_tokens=0, web_searches=2)
    both = price(
        "anthropic", "claude-sonnet-5", web_searches=3, portions=(searched, portion(None, web_searches=1))
    )
    alone = price("anthropic", "claude-sonnet-5", portions=(searched,))

    assert both.other_nano == 30_000_000
    assert alone.other_nano == 20_000_000


def test_unpriced_tools_of_a_call_with_portions_are_flagged() -> None:
    cost = price("groq", "openai/gpt-oss-120b", tool_calls=1, portions=(portion(None, input_tokens=10),))

    assert cost.flags == ("unpriced_tools",)


def test_a_providers_own_figure_is_taken_and_divided_as_our_prices_are() -> None:
    """Ours: gpt-5, 750 : 50 : 1000 = 15 : 1 : 20 of 36; of 1001 nano-dollars: 417.08, 27.81, 556.11."""
    cost = price(
        "openai", "gpt-5", input_tokens=1000, cache_read_tokens=400, output_tokens=100, cost_nano=1001
    )

    assert (cost.input_nano, cost.cache_read_nano, cost.output_nano) == (417, 28, 556)
    assert (cost.nano, cost.source, cost.price_version, cost.flags) == (1001, Source.PROVIDER, "provider", ())


@pytest.mark.parametrize("usage", [{}, {"input_tokens": 0}])
def test_a_figure_that_nothing_explains_is_other(usage: dict[str, int]) -> None:
    cost = price("xai", "grok-4.5", cost_nano=7, **usage)

    assert (cost.other_nano, cost.nano, cost.source) == (7, 7, Source.PROVIDER)


def test_a_providers_zero_is_zero_and_a_negative_figure_is_nonsense() -> None:
    assert price("openrouter", "x", input_tokens=5, cost_nano=0) == Cost(
        source=Source.PROVIDER, price_version="provider"
    )
    assert price("openrouter", "x", input_tokens=5, cost_nano=-5).flags == ("inconsistent_usage",)
    assert price("openrouter", "x", input_tokens=5, cost_nano=10**30).nano == 10**15


def test_without_usage_and_figure_there_is_no_cost() -> None:
    assert price("openai", "gpt-5") == Cost(flags=("no_usage",))


def test_estimated_usage_makes_an_estimated_cost() -> None:
    assert price("openai", "gpt-5", **EACH, estimated=True).source is Source.ESTIMATED
    assert price("openai", "gpt-5", **EACH, estimated=True, cost_nano=5).source is Source.PROVIDER


def test_prices_are_those_of_the_calls_own_time_in_utc() -> None:
    """gpt-5.6-sol fell from 5 / 30 to 4 / 20 on 2026-08-21."""
    eve = datetime(2026, 8, 20, 23, 59, tzinfo=UTC)
    east = timezone(timedelta(hours=2))

    assert dollars("openai", "gpt-5.6-sol", **SMALL, at=eve) == "3.5"
    assert dollars("openai", "gpt-5.6-sol", **SMALL, at=eve.replace(tzinfo=None)) == "3.5"
    assert dollars("openai", "gpt-5.6-sol", **SMALL, at=datetime(2026, 8, 21, 1, 59, tzinfo=east)) == "3.5"
    assert dollars("openai", "gpt-5.6-sol", **SMALL, at=eve + timedelta(minutes=1)) == "2.4"


def test_rates_are_kept_and_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MAX_RESOLVED", 3)
    small = PriceBook()

    costs = [small.price(call("openai", f"gpt-4o-mini-{number:08}", **EACH)).nano for number in range(8)]

    assert set(costs) == {750_000_000}
    assert len(small._resolved) <= 3


def test_a_second_call_of_a_kind_is_priced_without_looking_anything_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warm = PriceBook()
    first = warm.price(call("openai", "gpt-5", **EACH))

    monkeypatch.setattr(resolve, "resolve", None)

    assert warm.price(call("openai", "gpt-5", **EACH, at=NOW + timedelta(minutes=29))) == first


def test_words_from_outside_are_kept_in_part_only() -> None:
    long = "x" * 10_000_000
    small = PriceBook()

    cost = small.price(
        call("openai", long, model=long, tier=long, tier_asked=long, geo=long, speed=long, **EACH)
    )

    assert len(cost.price_version) < 2000
    assert len(repr(list(small._resolved))) < 2000


def test_a_price_book_says_what_it_prices_by() -> None:
    assert BOOK.version == "genai-prices 0.2.3"
    assert repr(BOOK) == "PriceBook(genai-prices 0.2.3)"


def test_warming_up_changes_nothing() -> None:
    cold = PriceBook()
    cold.warm()

    assert cold.price(call("openai", "gpt-5", **EACH)) == BOOK.price(call("openai", "gpt-5", **EACH))


text = st.none() | st.text(max_size=12)
models = st.none() | st.sampled_from(
    ["gpt-5", "claude-opus-5-5", "gemini-2.5-flash", "gpt-realtime", "x", "", "ft:gpt-4o:a"]
)
usages = st.builds(Usage, **dict.fromkeys(USAGE_FIELDS, st.none() | st.integers()))
reports = st.builds(
    Report,
    usage=st.none() | usages,
    portions=st.lists(st.builds(Portion, model=models, usage=usages), max_size=2).map(tuple),
    model=models,
    tier=st.none() | st.sampled_from(["default", "flex", "priority", "scale", "ON_DEMAND"]) | text,
    speed=st.none() | st.sampled_from(["fast", "standard"]) | text,
    geo=st.none() | st.sampled_from(["us", "global"]) | text,
    cost_nano=st.none() | st.integers(),
)
calls = st.builds(
    Priced,
    provider=st.sampled_from(["openai", "anthropic", "gemini", "vertex", "huggingface", "nobody", ""]),
    host=st.sampled_from(["eu.api.openai.com", "x"]) | st.text(max_size=8),
    operation=st.sampled_from(["chat", "embeddings", "video", ""]),
    model_asked=models,
    report=reports,
    tier_asked=text,
    at=st.datetimes(datetime(2023, 1, 1), datetime(2028, 1, 1)),
    estimated=st.booleans(),
    notional=st.booleans(),
)


@settings(deadline=None)
@given(calls)
def test_whatever_was_reported_there_is_a_cost_that_fits_the_ledger(priced: Priced) -> None:
    cost = BOOK.price(priced)

    parts = (cost.input_nano, cost.cache_read_nano, cost.cache_write_nano, cost.output_nano, cost.other_nano)
    assert all(0 <= part for part in parts)
    assert cost.nano == sum(parts) < 2**63
    assert priced.report.cost_nano is None or cost.nano == min(max(priced.report.cost_nano, 0), 10**15)


families = st.sampled_from(
    [("openai", "gpt-5.4"), ("anthropic", "claude-sonnet-4-5"), ("gemini", "gemini-2.5-pro")]
)


@settings(deadline=None)
@given(families, st.integers(0, 400_000), st.integers(0, 400_000), st.integers(0, 10_000))
def test_cached_input_never_costs_more_than_uncached(
    family: tuple[str, str], fresh: int, read: int, out: int
) -> None:
    usage: dict[str, Any] = {"input_tokens": fresh + read, "output_tokens": out}

    assert price(*family, **usage, cache_read_tokens=read).nano <= price(*family, **usage).nano


@settings(deadline=None)
@given(families, st.integers(0, 400_000), st.integers(0, 400_000), st.integers(0, 10_000))
def test_more_tokens_never_cost_less(family: tuple[str, str], tokens: int, more: int, out: int) -> None:
    before = price(*family, input_tokens=tokens, output_tokens=out).nano

    assert price(*family, input_tokens=tokens + more, output_tokens=out).nano >= before
    assert price(*family, input_tokens=tokens, output_tokens=out + more).nano >= before


@settings(deadline=None)
@given(families, st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**15))
def test_the_parts_of_a_providers_total_sum_to_it(
    family: tuple[str, str], tokens: int, out: int, total: int
) -> None:
    cost = price(
        *family, input_tokens=tokens, cache_read_tokens=tokens // 3, output_tokens=out, cost_nano=total
    )

    assert cost.nano == total


def test_the_call_is_not_changed_by_pricing_it() -> None:
    priced = call("openai", "gpt-5", **EACH)
    copy = replace(priced)

    BOOK.price(priced)

    assert priced == copy
    assert priced.at == NOW
