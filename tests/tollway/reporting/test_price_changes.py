"""What a price list changes, as text and as JSON."""

from datetime import date
from decimal import Decimal

from tollway.prices.compare import Difference
from tollway.reporting.price_changes import as_json, as_text

CHANGED = Difference(
    provider="openai", model="gpt-5.4", tier="flex", on=date(2026, 11, 24), key="input", above=272_000,
    old=Decimal("2.5"), new=Decimal(2),
)  # fmt: skip
NEW = Difference(
    provider="", model="own", tier="standard", on=date(2026, 11, 24), key="image", above=0, old=None,
    new=Decimal("0.02"),
)  # fmt: skip


def test_a_block_for_each_model_and_a_line_for_each_price() -> None:
    lines = as_text([CHANGED, NEW], [3]).splitlines()

    assert lines == [
        "gpt-5.4 at openai, flex, 2026-11-24",
        "  input >272,000                   2.50 ->         2.00  per 1M tokens  -20.0 %",
        "own, 2026-11-24",
        "  image                             new ->         0.02  per image",
        "prices[3]: no model that is known here matches it",
    ]


def test_a_list_that_changes_nothing_says_so() -> None:
    assert as_text([], []) == "no price differs from what is built in"


def test_json_has_stable_names_and_decimal_strings() -> None:
    assert as_json([CHANGED, NEW], [3]) == {
        "differences": [
            {"provider": "openai", "model": "gpt-5.4", "tier": "flex", "on": "2026-11-24", "key": "input",
             "unit": "1M tokens", "above": 272_000, "old_usd": "2.5", "new_usd": "2", "percent": "-20.0"},
            {"provider": "", "model": "own", "tier": "standard", "on": "2026-11-24", "key": "image",
             "unit": "image", "above": 0, "old_usd": None, "new_usd": "0.02", "percent": None},
        ],
        "unmatched": [3],
    }  # fmt: skip
