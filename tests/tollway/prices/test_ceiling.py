"""Hand-computed ceilings; prices are in USD per million tokens unless it is said what for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.tollway.prices.calls import BOOK, MILLION, NOW
from tests.tollway.prices.ceilings import leaving
from tollway.model import Report, Usage
from tollway.money import usd
from tollway.prices import PriceBook, Priced
from tollway.prices.ceiling import Ceiling
from tollway.prices.cost import MAX_COUNT
from tollway.prices.overrides import Override


def ceiling(provider: str, model: str | None, book: PriceBook = BOOK, **said: Any) -> Ceiling:
    found = book.ceiling(leaving(provider, model, **said))
    assert found is not None
    return found


def dollars(call: Ceiling, **usage: int) -> str:
    return usd(call.nano(Usage(**usage)))


def book(**override: Any) -> PriceBook:
    return PriceBook([Override.model_validate(override)])


SMALL = {"input_tokens": 100_000, "output_tokens": 10_000}


def test_claude_may_write_all_its_input_to_the_cache_for_an_hour_in_the_us() -> None:
    """100k x 2 x $5 x 1.1 + 10k x $25 x 1.1 = 1.10 + 0.275."""
    assert dollars(ceiling("anthropic", "claude-opus-4-7"), **SMALL) == "1.375"


def test_what_a_bound_says_of_caches_is_believed() -> None:
    """No 1 h writes; 20k others at 1.25 x $5, the rest plain: (20k x 6.25 + 80k x 5) x 1.1 = 0.5775."""
    none = {"cache_write_1h_tokens": 0, "cache_write_12h_tokens": 0}
    opus = ceiling("anthropic", "claude-opus-4-7")

    assert dollars(opus, input_tokens=100_000, cache_write_tokens=20_000, **none) == "0.5775"
    assert dollars(opus, input_tokens=100_000, cache_write_tokens=0, **none) == "0.55"


def test_a_speed_that_is_not_known_may_be_the_fast_one() -> None:
    """Opus 4.7 fast: 6 x $5 in and 6 x $25 out; 100k x 2 x 30 x 1.1 = 6.60; 10k x 150 x 1.1 = 1.65."""
    assert dollars(ceiling("anthropic", "claude-opus-4-7", speed=None), **SMALL) == "8.25"
    assert dollars(ceiling("anthropic", "claude-opus-4-7", speed="fast"), **SMALL) == "8.25"
    assert dollars(ceiling("anthropic", "claude-opus-4-7", speed="standard"), **SMALL) == "1.375"


def test_a_step_of_a_long_context_counts_once_the_input_may_reach_it() -> None:
    """Gemini 2.5 Pro: $1.25 and $10 up to 200k of input, $2.50 and $15 above. 200k x 1.25 + 1000 x 10 = 0.26;
    200,001 x 2.50 + 1000 x 15 = 0.5150025."""
    pro = ceiling("gemini", "gemini-2.5-pro")

    assert dollars(pro, input_tokens=200_000, output_tokens=1000) == "0.26"
    assert dollars(pro, input_tokens=200_001, output_tokens=1000) == "0.5150025"


def test_gpts_step_is_reached_above_272k_and_default_pins_the_tier() -> None:
    """GPT-5.5: $5 and $30; above 272k $10 and $45. 272k x 5 = 1.36; 272,001 x 10 = 2.72001."""
    gpt = ceiling("openai", "gpt-5.5", tier="default")

    assert dollars(gpt, input_tokens=272_000) == "1.36"
    assert dollars(gpt, input_tokens=272_001) == "2.72001"


@pytest.mark.parametrize("tier", [None, "auto", "priority", "fast"])
def test_openais_auto_may_be_priority(tier: str | None) -> None:
    """GPT-4.1: $2 and $8; priority $3.50 and $14: 100k x 3.50 + 10k x 14 = 0.35 + 0.14."""
    assert dollars(ceiling("openai", "gpt-4.1", tier=tier), **SMALL) == "0.49"


@pytest.mark.parametrize("tier", ["default", "standard", "flex"])
def test_a_tier_that_is_asked_for_by_name_is_never_exceeded(tier: str) -> None:
    """100k x $2 + 10k x $8; a flex request may be served as any other."""
    assert dollars(ceiling("openai", "gpt-4.1", tier=tier), **SMALL) == "0.28"


def test_a_batch_is_billed_as_one_whatever_else_there_is() -> None:
    """gpt-4o: 100k x $1.25 + 10k x $5, half of what it costs else."""
    assert dollars(ceiling("openai", "gpt-4o", in_batch=True), **SMALL) == "0.175"


def test_a_word_that_is_no_tier_may_get_any() -> None:
    assert dollars(ceiling("openai", "gpt-4.1", tier="scale"), **SMALL) == "0.49"


def test_a_regional_host_has_its_uplift() -> None:
    """GPT-5.5 in the default tier: (100k x $5 + 10k x $30) x 1.1 = 0.55 + 0.33."""
    there = ceiling("openai", "gpt-5.5", tier="default", host="EU.api.openai.com")

    assert dollars(there, **SMALL) == "0.88"


def test_searches_and_tool_calls_are_paid_for_by_count() -> None:
    """5 x $10 / 1000, beside 1000 x 2 x $5 x 1.1 / 1M = 0.011; web fetches are free there."""
    opus = ceiling("anthropic", "claude-opus-4-7")

    assert dollars(opus, input_tokens=1000, web_searches=5, tool_calls=3) == "0.061"
    assert opus.prices_tools


def test_searches_billed_once_per_request_are_paid_for_once() -> None:
    """Gemini 2.5 Flash: $35 / 1000 once, beside 1000 x $1 (audio) / 1M."""
    flash = ceiling("gemini", "gemini-2.5-flash")

    assert dollars(flash, input_tokens=1000, web_searches=7) == "0.036"


def test_embeddings_cost_their_input() -> None:
    """1M x $0.02, and any output is free if there is none."""
    small = ceiling("openai", "text-embedding-3-small", operation="embeddings", tier="default")

    assert dollars(small, input_tokens=MILLION) == "0.02"


def test_audio_models_may_hear_and_speak_every_token() -> None:
    """gpt-4o-audio-preview: $40 and $80 per 1M of sound, $2.50 and $10 per 1M of text."""
    audio = ceiling("openai", "gpt-4o-audio-preview", tier="default")
    text = {"input_audio_tokens": 0, "output_audio_tokens": 0, "cache_audio_read_tokens": 0}

    assert dollars(audio, **SMALL) == "4.8"
    assert dollars(audio, **SMALL, **text) == "0.35"


def test_what_is_billed_by_the_second_needs_no_tokens() -> None:
    """whisper-1: $0.006 a minute."""
    whisper = ceiling("openai", "whisper-1", operation="transcription")

    assert dollars(whisper, seconds=60) == "0.006"


def test_tokens_of_a_model_that_is_billed_by_the_second_cost_the_dearest_known() -> None:
    """As in the price book, where a call reported nothing but tokens."""
    call = Priced(
        provider="openai", host="host", operation="transcription", model_asked="whisper-1", at=NOW,
        report=Report(usage=Usage(input_tokens=1000)),
    )  # fmt: skip

    whisper = ceiling("openai", "whisper-1", operation="transcription", tier="default")

    assert whisper.nano(Usage(input_tokens=1000, seconds=0)) >= BOOK.price(call).nano > 0


def test_that_dearest_has_the_dearest_tier_too() -> None:
    """No tier changes what a second costs, but what the book takes for tokens is another in each."""
    said = Report(usage=Usage(input_tokens=1000), tier="priority")
    call = Priced(
        provider="azure", host="host", operation="transcription", model_asked="whisper-1", at=NOW, report=said
    )

    whisper = ceiling("azure", "whisper-1", operation="transcription")

    assert whisper.nano(Usage(input_tokens=1000)) >= BOOK.price(call).nano


def test_a_routers_bill_may_be_twice_the_list() -> None:
    """openai/gpt-4o at $2.50 and $10: (100k x 2.50 + 10k x 10) x 2, cache reads at $1.25."""
    router = ceiling("openrouter", "openai/gpt-4o")

    assert dollars(router, **SMALL) == "0.7"
    assert usd(router.reported(Usage(**SMALL, cache_read_tokens=100_000))) == "0.45"


def test_a_model_of_no_known_price_may_be_held_at_the_dearest() -> None:
    """As the book charges it."""
    call = leaving("openai", "gpt-of-tomorrow", tier="default")

    dearest = BOOK.ceiling(call, dearest=True)

    assert dearest is not None
    assert dearest.nano(Usage(**SMALL)) >= BOOK.expected(call, Usage(**SMALL)) > 0


def test_a_free_model_costs_nothing() -> None:
    free = ceiling("ollama", "anything")

    assert free.nano(Usage(**SMALL)) == 0
    assert free.output_within(0, Usage(input_tokens=5)) == MAX_COUNT


def test_a_model_of_no_known_price_has_no_ceiling() -> None:
    assert BOOK.ceiling(leaving("openai", "gpt-of-tomorrow")) is None
    assert BOOK.ceiling(leaving("stranger", "gpt-4.1")) is None


def test_a_price_of_the_operators_makes_one() -> None:
    """100k x $1 + 10k x $2."""
    own = book(provider="stranger", model="own", input=1, output=2)

    assert dollars(ceiling("stranger", "own", own), **SMALL) == "0.12"


def test_half_a_price_makes_none() -> None:
    own = book(provider="stranger", model="own", input=1)

    assert own.ceiling(leaving("stranger", "own")) is None


def test_a_tier_that_only_the_operator_knows_may_serve_who_asks_for_none() -> None:
    own = book(provider="openai", model="gpt-4.1", tier="scale", input=90, output=90)

    assert dollars(ceiling("openai", "gpt-4.1", own), **SMALL) == "9.9"
    assert dollars(ceiling("openai", "gpt-4.1", own, tier="default"), **SMALL) == "0.28"


def test_a_discount_lowers_the_ceiling_but_not_of_what_a_plan_covers() -> None:
    own = book(provider="openai", discount="50%")

    assert dollars(ceiling("openai", "gpt-4.1", own, tier="default"), **SMALL) == "0.14"
    assert dollars(ceiling("openai", "gpt-4.1", own, tier="default", notional=True), **SMALL) == "0.28"


def test_calls_of_tools_without_a_price_are_said_to_be_outside() -> None:
    assert not ceiling("deepseek", "deepseek-chat").prices_tools


def test_a_request_fee_is_paid_once_where_the_bound_says_nothing() -> None:
    own = book(provider="stranger", model="own", input=0, output=0, request=0.5)

    assert dollars(ceiling("stranger", "own", own), input_tokens=10) == "0.5"
    assert dollars(ceiling("stranger", "own", own), input_tokens=10, requests=3) == "1.5"


def test_fractions_of_a_nano_dollar_are_rounded_up_part_by_part() -> None:
    """Half a nano-dollar in and out: each part is rounded to one by the book."""
    own = book(provider="stranger", model="own", input="0.0005", output="0.0005")
    usage = Usage(input_tokens=1, output_tokens=1)
    call = Priced(
        provider="stranger", host="host", operation="chat", model_asked="own", at=NOW,
        report=Report(usage=usage),
    )  # fmt: skip

    assert own.price(call).nano == 2
    assert ceiling("stranger", "own", own).nano(usage) == 3


def test_ceilings_are_remembered_for_half_an_hour_and_at_most_so_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tollway.prices.book.MAX_RESOLVED", 2)
    own, hour = PriceBook(), datetime(2026, 11, 23, 12, tzinfo=UTC)

    first = own.ceiling(leaving("openai", "gpt-4.1", at=hour))

    assert own.ceiling(leaving("openai", "gpt-4.1", at=hour.replace(minute=29))) is first
    assert own.ceiling(leaving("openai", "gpt-4.1", at=hour.replace(minute=30))) is not first
    own.ceiling(leaving("openai", "gpt-4.1", at=hour.replace(hour=13)))
    assert own.ceiling(leaving("openai", "gpt-4.1", at=hour)) is not first


def test_once_the_input_is_reported_its_split_and_step_are_known() -> None:
    """90k read at $0.50, 10k written for an hour at $10, 10k of output at $25, all x 1.1."""
    opus = ceiling("anthropic", "claude-opus-4-7")
    said = Usage(
        input_tokens=100_000, cache_read_tokens=90_000, cache_write_tokens=10_000,
        cache_write_1h_tokens=10_000, output_tokens=10_000,
    )  # fmt: skip

    assert usd(opus.reported(said)) == "0.4345"


def test_a_report_without_input_changes_nothing() -> None:
    opus = ceiling("anthropic", "claude-opus-4-7")

    assert opus.reported(Usage(output_tokens=10_000)) == opus.nano(Usage(output_tokens=10_000))


def test_what_is_expected_is_the_plain_price() -> None:
    """Standard, uncached, not in the US: 100k x $5 + 10k x $25."""
    call = leaving("anthropic", "claude-opus-4-7", speed=None)

    assert usd(BOOK.expected(call, Usage(**SMALL))) == "0.75"
