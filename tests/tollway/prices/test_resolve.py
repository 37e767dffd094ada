"""From facts to rates: overrides, then what is free, the list, our supplement, and the dearest there is."""

from decimal import Decimal
from typing import Any

import pytest

from tests.tollway.prices.calls import facts
from tollway.prices.overrides import Override
from tollway.prices.rates import Rates
from tollway.prices.resolve import Resolved, dearest, resolve, unknown_targets, warm
from tollway.prices.terms import Layer


def rows(*given: dict[str, Any]) -> list[Override]:
    """Overrides as a policy has them."""
    return [Override.model_validate(row) for row in given]


def found(provider: str, model: str | None, *overrides: dict[str, Any], **said: Any) -> Resolved:
    """What a call of this model is charged at."""
    return resolve(facts(provider, model, **said), [Layer("prices", tuple(rows(*overrides)))])


def rates(resolved: Resolved) -> Rates:
    """Of a small call."""
    return resolved.schedule.at(0)


GPT5 = {"provider": "openai", "model": "gpt-5*"}


@pytest.mark.parametrize(
    ("provider", "model", "overrides", "label", "flags", "micro"),
    [
        ("openai", "gpt-5", [], "openai/gpt-5", (), ("1.25", "10")),
        ("openai", "gpt-5", [{**GPT5, "free": True}], "prices[0]", ("free",), ("0", "0")),
        (
            "openai",
            "omni-moderation-latest",
            [{"model": "*moderation*", "input": 1}],
            "openai/omni-moderation-latest free prices[0]",
            (),
            ("1", "0"),
        ),
        ("openai", "gpt-5", [{**GPT5, "input": 1}], "openai/gpt-5 prices[0]", (), ("1", "10")),
        ("openai", "gpt-5", [{**GPT5, "input": 1, "output": 2}], "openai/gpt-5 prices[0]", (), ("1", "2")),
        (
            "openai",
            "gpt-5",
            [{**GPT5, "same_as": "anthropic/claude-sonnet-4-5"}],
            "anthropic/claude-sonnet-4-5 prices[0]",
            (),
            ("3", "15"),
        ),
        # Twenty percent off: 1.25 * 0.8 = 1, 10 * 0.8 = 8.
        (
            "openai",
            "gpt-5",
            [{"provider": "openai", "discount": "20%"}],
            "openai/gpt-5 prices[0]",
            (),
            ("1", "8"),
        ),
        (
            "openai",
            "gpt-5",
            [{"provider": "openai", "discount": "-10%"}],
            "openai/gpt-5 prices[0]",
            (),
            ("1.375", "11"),
        ),
        (
            "openai",
            "gpt-5",
            [{**GPT5, "input": 1}, {"provider": "openai", "discount": "50%"}],
            "openai/gpt-5 prices[0] prices[1]",
            (),
            ("0.5", "5"),
        ),
        # The last that matches holds.
        (
            "openai",
            "gpt-5",
            [{**GPT5, "input": 1}, {**GPT5, "input": 7}],
            "openai/gpt-5 prices[1]",
            (),
            ("7", "10"),
        ),
        ("openai", "gpt-5", [{"model": "gpt-6*", "input": 1}], "openai/gpt-5", (), ("1.25", "10")),
        ("vllm", "llama", [{"model": "llama", "input": 1, "output": 2}], "vllm prices[0]", (), ("1", "2")),
        ("ollama", "gpt-oss:20b", [], "ollama/gpt-oss:20b free", ("free",), ("0", "0")),
        ("openai", "novel", [], "dearest of openai", ("unknown_price",), ("150", "600")),
        ("openai", None, [], "dearest of openai", ("unknown_price",), ("150", "600")),
        # Half a price leaves the other half unknown.
        (
            "openai",
            "novel",
            [{"model": "novel", "input": 1}],
            "dearest of openai prices[0]",
            ("unknown_price",),
            ("1", "600"),
        ),
        # A target that no list knows is no price: the dearest, rather than nothing.
        (
            "openai",
            "novel",
            [{"model": "novel", "same_as": "openai/none"}],
            "dearest of openai",
            ("unknown_price",),
            ("150", "600"),
        ),
    ],
    ids=[
        "listed",
        "free",
        "half agreed of a free one",
        "half agreed",
        "agreed",
        "same_as",
        "discount",
        "surcharge",
        "agreed and discount",
        "last wins",
        "no match",
        "own model",
        "local",
        "unknown",
        "no name",
        "half unknown",
        "bad same_as",
    ],
)
def test_the_price_that_holds(
    provider: str,
    model: str | None,
    overrides: list[dict[str, Any]],
    label: str,
    flags: tuple[str, ...],
    micro: tuple[str, str],
) -> None:
    """USD per million tokens of input and output; which entries made it; how sure it is."""
    resolved = found(provider, model, *overrides)

    assert (resolved.label, resolved.flags) == (label, flags)
    assert [rates(resolved).input, rates(resolved).output] == [Decimal(price) * 1000 for price in micro]


def test_a_model_that_the_list_lacks_is_in_our_supplement() -> None:
    """GPT-6.2 Sol costs what GPT-6.1 Sol does: 2 and 10 USD per million tokens."""
    resolved = found("openai", "gpt-6.2-sol-2026-11-02")

    assert [rates(resolved).input, rates(resolved).output] == [2_000, 10_000]
    assert resolved.label == "openai/gpt-6.1-sol supplement/gpt-6.2-sol-20??-??-??"


def test_what_a_flat_plan_covers_has_no_discount() -> None:
    """Nobody pays it, so nobody gave one: the list's price is what it is worth."""
    ten_off = {"provider": "anthropic", "discount": "10%"}
    call, covered = (
        found("anthropic", "claude-sonnet-4-5", ten_off, notional=plan) for plan in (False, True)
    )

    assert rates(call).input == 2_700
    assert rates(covered).input == 3_000
    assert covered.label == "anthropic/claude-sonnet-4-5"


def test_agreed_prices_hold_at_every_step_of_a_long_context() -> None:
    """What is not given keeps the list's steps: output 15, and 22.5 above 200,000 tokens."""
    resolved = found("anthropic", "claude-sonnet-4-5", {"model": "claude-*", "input": 1})
    small, large = resolved.schedule.at(1_000), resolved.schedule.at(200_001)

    assert [small.input, large.input] == [1_000, 1_000]
    assert [small.output, large.output] == [15_000, 22_500]


def test_an_embedding_is_priced_whole_by_its_input() -> None:
    """It has no output."""
    resolved = found("vllm", "own", {"model": "own", "input": 1}, operation="embeddings")

    assert rates(resolved).input == 1_000
    assert resolved.flags == ()


def test_an_unknown_model_pays_a_surcharge_and_gets_no_discount() -> None:
    """`dearest` is for units that a list does not price: what it says stays an upper figure."""
    unknown = dearest(facts("openai", "whatever"))

    assert (unknown.label, unknown.flags) == ("dearest of openai", ("unknown_price",))
    assert rates(unknown).input == 150_000


def test_targets_that_no_list_knows_are_named() -> None:
    """With their place in the policy, and how one is written."""
    given = rows(
        {"model": "a", "same_as": "openai/gpt-5"},
        {"model": "b", "same_as": "openai/gpt-nonesuch"},
        {"model": "c", "input": 1},
        {"model": "d", "same_as": "nonesuch/gpt-5"},
    )

    hint = "write provider/model, as in openai/gpt-5"
    assert unknown_targets(given) == [
        (1, f"no price list knows 'openai/gpt-nonesuch': {hint}"),
        (3, f"no price list knows 'nonesuch/gpt-5': {hint}"),
    ]


def test_all_can_be_loaded_before_the_first_call() -> None:
    """And again, which does nothing."""
    warm()
    warm()

    assert rates(found("openai", "gpt-5")).input == 1_250


def test_code_assist_s_name_of_a_model_costs_what_its_preview_does() -> None:
    """Not the dearest of all that Google has: $0.50 and $3 per million tokens."""
    known, preview = found("code-assist", "gemini-3-flash"), found("gemini", "gemini-3-flash-preview")

    assert (rates(known).input, rates(known).output) == (Decimal(500), Decimal(3000))
    assert rates(known).input == rates(preview).input
    assert "unknown_price" not in known.flags
