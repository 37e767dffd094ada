"""Our arithmetic against genai-prices' own, over all models of three families."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from genai_prices import Usage as TheirUsage
from genai_prices.data import providers
from genai_prices.types import ModelInfo, Provider
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.prices.calls import BOOK, NOW, call
from tollway.model import Source
from tollway.prices import catalogue
from tollway.prices.catalogue import Listed

FAMILIES = {"openai": "openai", "anthropic": "anthropic", "gemini": "google"}
LISTS: dict[str, Provider] = {provider.id: provider for provider in providers}
SUPPLEMENTED = {"gemini-2.5-flash-image"}
"""We have a price of cached input for it."""
PARTS = 5
"""Each part is rounded by itself: by half a nano-dollar at most."""


def entries() -> Iterator[tuple[str, ModelInfo]]:
    """Our provider's name and the entry, for each that its own id finds and that has a price per token."""
    for provider, id in FAMILIES.items():
        for info in LISTS[id].models:
            found: Listed | None = next(catalogue.find((id,), info.id), None)
            base = catalogue.priced(info, NOW)[0][1]
            known = found is not None and found.info is info and not found.rule
            if known and "input" in base and info.id not in SUPPLEMENTED:
                yield provider, info


ENTRIES = list(entries())

sizes = st.integers(0, 300_000)
usages = st.fixed_dictionaries(
    {"fresh": sizes, "cache_read_tokens": sizes, "cache_write_tokens": sizes, "output_tokens": sizes}
)
times = st.datetimes(datetime(2024, 1, 1), datetime(2027, 6, 1)).map(lambda at: at.replace(tzinfo=UTC))


def test_most_models_of_the_families_are_compared() -> None:
    assert len(ENTRIES) > 170


def difference(provider: str, info: ModelInfo, at: datetime, **usage: int) -> Decimal:
    """Ours less theirs, in nano-dollars."""
    ours = BOOK.price(call(provider, info.id, at=at, **usage))
    theirs = info.calc_price(
        TheirUsage(**usage), LISTS[FAMILIES[provider]], genai_request_timestamp=at
    ).total_price
    assert ours.source is Source.COMPUTED
    return abs(ours.nano - theirs * 10**9)


@pytest.mark.parametrize(("provider", "info"), ENTRIES, ids=lambda it: getattr(it, "id", it))
@settings(max_examples=4, deadline=None)
@given(usage=usages, at=times)
def test_plain_and_cached_tokens_cost_what_genai_prices_says(
    provider: str, info: ModelInfo, usage: dict[str, int], at: datetime
) -> None:
    fresh, read, write = usage["fresh"], usage["cache_read_tokens"], usage["cache_write_tokens"]
    said = {"input_tokens": fresh + read + write, "cache_read_tokens": read, "cache_write_tokens": write}
    if "output" in catalogue.priced(info, at)[0][1]:
        said["output_tokens"] = usage["output_tokens"]

    assert difference(provider, info, at, **said) <= PARTS


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([it for it in ENTRIES if it[0] == "anthropic"]), sizes, sizes, sizes)
def test_one_hour_writes_and_searches_cost_what_genai_prices_says(
    entry: tuple[str, ModelInfo], fresh: int, short: int, long: int
) -> None:
    provider, info = entry
    base = catalogue.priced(info, NOW)[0][1]
    said = {
        "input_tokens": fresh + short + long,
        "cache_write_tokens": short + long,
        "cache_write_1h_tokens": long,
    }
    if "cache_write_1h" not in base:
        said |= {"cache_write_tokens": 0, "cache_write_1h_tokens": 0}
    if "web_search" in base:
        said["web_searches"] = 3

    assert difference(provider, info, NOW, **said) <= PARTS


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["gpt-realtime", "gpt-realtime-mini", "gemini-2.5-flash", "gemini-2.0-flash"]),
    sizes,
    sizes,
    sizes,
    sizes,
)
def test_audio_costs_what_genai_prices_says(
    model: str, text: int, heard: int, cached: int, said_aloud: int
) -> None:
    """Half of what was cached is audio."""
    provider = "openai" if model.startswith("gpt") else "gemini"
    [hit] = catalogue.find((FAMILIES[provider],), model)
    usage = {
        "input_tokens": text + heard + 2 * cached,
        "cache_read_tokens": 2 * cached,
        "input_audio_tokens": heard + cached,
        "cache_audio_read_tokens": cached,
        "output_tokens": 100 + said_aloud,
    } | ({"output_audio_tokens": said_aloud} if provider == "openai" else {})

    assert difference(provider, hit.info, NOW, **usage) <= PARTS
