"""What a model costs, as text and as JSON."""

from decimal import Decimal

import pytest

from tests.tollway.prices.calls import facts
from tollway.prices.card import Card, card
from tollway.reporting.price_card import as_json, as_text, usd

VERSION = "genai-prices 0.2.3"


def of(provider: str, model: str) -> Card:
    """The card of a model at `calls.NOW`."""
    return card(facts(provider, None, asked=model), ())


def test_a_row_for_each_unit_and_a_column_for_each_tier() -> None:
    """claude-opus-5-5: every figure in full."""
    text = as_text(of("anthropic", "claude-opus-5-5"), VERSION)

    assert text.splitlines()[:11] == [
        "claude-opus-5-5 at anthropic, 2026-11-23 12:00 UTC, genai-prices 0.2.3",
        "",
        "                USD per         standard  batch   fast",
        "input           1M tokens           4.00   2.00   8.00",
        "output          1M tokens          20.00  10.00  40.00",
        "cache_read      1M tokens           0.20   0.10   0.40",
        "cache_write     1M tokens           5.00   2.50  10.00",
        "cache_write_1h  1M tokens           8.00   4.00  16.00",
        "web_searches    1,000 searches     10.00  10.00  10.00",
        "",
        "standard  anthropic/claude-opus-5-5",
    ]
    assert "also at anthropic-aws" in text


def test_steps_of_a_long_context_are_columns() -> None:
    assert "standard >272,000" in as_text(of("openai", "gpt-5.4"), VERSION)


def test_an_unknown_model_is_said_to_be_and_named_alike() -> None:
    text = as_text(of("openai", "gpt-55"), VERSION)

    assert "No list knows it; did you mean gpt-5.5, gpt-5" in text
    assert "It would be charged at the dearest known rates:" in text
    assert "flags: unknown_price" in text
    assert as_text(of("", "zzzzzzzzzz"), VERSION).startswith("zzzzzzzzzz, 2026-11-23 12:00 UTC")
    assert "did you mean" not in as_text(of("", "zzzzzzzzzz"), VERSION)


def test_searches_that_are_billed_once_are_said_to_be() -> None:
    assert "billed once per request" in as_text(of("gemini", "gemini-2.5-pro"), VERSION)


def test_a_model_that_is_known_nowhere_else_has_no_notes() -> None:
    """Of a media model neither the tokens, which cost nothing, nor tiers, which cost the same."""
    text = as_text(of("cohere", "parse-v5.0"), VERSION)

    assert text.splitlines()[2:] == [
        "              USD per         standard",
        "web_searches  1,000 searches     35.00",
        "page          page              0.0015",
        "",
        "standard  supplement/parse-v5*",
    ]


def test_a_name_cannot_move_the_cursor() -> None:
    assert "\x1b" not in as_text(of("openai", "gpt\x1b[2J"), VERSION)


def test_json_has_every_unit_and_exact_decimals() -> None:
    """null where a unit costs what the broader one does."""
    found = as_json(of("openai", "gpt-5.4"), VERSION)

    assert (found["provider"], found["model"], found["known"], found["version"]) == (
        "openai", "gpt-5.4", True, VERSION,
    )  # fmt: skip
    assert found["at"] == "2026-11-23T12:00:00+00:00"
    standard = found["columns"][0]
    assert (standard["tier"], standard["speed"], standard["flags"], standard["searches_once"]) == (
        "standard", None, [], False,
    )  # fmt: skip
    assert [step["above"] for step in standard["steps"]] == [0, 272_000]
    first = standard["steps"][0]["usd"]
    assert (first["input"], first["output"], first["cache_read"], first["input_audio"]) == (
        "2.5", "15", "0.25", None,
    )  # fmt: skip
    assert first.keys() == found["units"].keys()


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [("2.5", 2, "2.50"), ("10", 2, "10.00"), ("10", 0, "10"), ("0.0375", 2, "0.0375"), ("1E+2", 0, "100"),
     ("0.00027777777777", 2, "0.000277778"), ("0", 0, "0"), ("0", 2, "0.00")],
)  # fmt: skip
def test_amounts_have_no_exponent_and_nine_decimals_at_most(amount: str, decimals: int, text: str) -> None:
    assert usd(Decimal(amount), decimals) == text
