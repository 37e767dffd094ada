import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal

from genai_prices.types import ModelPrice, Tier, TieredPrices

from tests.tollway.prices.calls import NOW
from tollway.prices import catalogue
from tollway.prices.rates import ALWAYS, Ladder


def whole(ladder: Ladder) -> list[tuple[int, dict[str, int]]]:
    return [(start, {name: int(price) for name, price in prices.items()}) for start, prices in ladder]


def test_prices_become_nano_dollars_per_unit() -> None:
    prices = ModelPrice(
        input_mtok=Decimal("2.5"),
        web_searches_kcount=Decimal(10),
        audio_hours=Decimal("0.36"),
        input_gpixels=Decimal(1),
    )

    assert whole(catalogue.ladder(prices)) == [
        (ALWAYS, {"input": 2500, "web_search": 10_000_000, "second": 100_000})
    ]


def test_tiers_become_steps_each_with_all_prices() -> None:
    tiered = TieredPrices(
        base=Decimal(1), tiers=[Tier(start=100, price=Decimal(2)), Tier(start=200, price=Decimal(3))]
    )
    short = TieredPrices(base=Decimal(5), tiers=[Tier(start=200, price=Decimal(6))])

    prices = ModelPrice(input_mtok=tiered, output_mtok=short, cache_read_mtok=Decimal(0))

    assert whole(catalogue.ladder(prices)) == [
        (ALWAYS, {"input": 1000, "output": 5000, "cache_read": 0}),
        (100, {"input": 2000, "output": 5000, "cache_read": 0}),
        (200, {"input": 3000, "output": 6000, "cache_read": 0}),
    ]


def test_an_entry_is_found_by_its_names_in_list_after_list() -> None:
    hits = list(catalogue.find(("google", "anthropic"), "claude-sonnet-5-5"))

    assert [(hit.list, hit.info.id, hit.rule) for hit in hits] == [
        ("google", "claude-sonnet-5-5", ""),
        ("anthropic", "claude-sonnet-5-5", ""),
    ]


def test_the_entry_that_covers_most_of_a_name_is_meant() -> None:
    hit = next(catalogue.find(("openai",), "gpt-5-nano-2025-08-07"))

    assert hit.info.id == "gpt-5-nano"


def test_an_entry_that_does_not_match_its_own_name_is_found_by_it() -> None:
    [hit] = catalogue.find(("mistral",), "pixtral-large")

    assert hit.info.id == "pixtral-large"


def test_lists_may_be_named_by_pattern() -> None:
    assert "huggingface_novita" in catalogue.expanded(("huggingface_*",))
    assert catalogue.expanded(("openai", "no-such-list")) == ("openai",)


def test_prices_are_those_of_the_time() -> None:
    [hit] = catalogue.find(("openai",), "o3")

    assert catalogue.priced(hit.info, NOW)[0][1]["input"] == 2000
    assert catalogue.priced(hit.info, datetime(2025, 6, 9, tzinfo=UTC))[0][1]["input"] == 10_000


def test_importing_prices_does_not_import_the_price_list() -> None:
    code = "import sys, tollway.prices as p; p.PriceBook().version; print('genai_prices' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )

    assert done.stdout.strip() == "False"
