from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tollway.prices.overrides import Override
from tollway.prices.terms import Layer, Subject, Terms, choose, fingerprint, holds

SUBJECT = Subject(
    provider="openai",
    host="eu.api.openai.com",
    names=frozenset({"gpt-5", "gpt-5-2025-08-07"}),
    tier="flex",
    on=date(2026, 11, 23),
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"provider": "openai"}, True),
        ({"provider": "open*"}, True),
        ({"provider": "azure"}, False),
        ({"model": "GPT-5"}, True),
        ({"model": "*-2025-*"}, True),
        ({"model": "gpt-5-mini"}, False),
        ({"host": "EU.api.openai.com"}, True),
        ({"host": "api.openai.com"}, False),
        ({"provider": "*", "model": "gpt-5", "tier": "flex"}, True),
        ({"provider": "*", "model": "gpt-5", "tier": "standard"}, False),
        ({"model": "gpt-5", "from": "2026-11-23", "until": "2026-11-23"}, True),
        ({"model": "gpt-5", "from": "2026-11-24"}, False),
        ({"model": "gpt-5", "until": "2026-11-22"}, False),
    ],
)
def test_an_override_holds_if_all_its_conditions_are_met(row: dict[str, Any], expected: bool) -> None:
    override = Override.model_validate({"free": True, **row})

    assert holds(override, SUBJECT) is expected


def test_without_overrides_there_are_no_terms() -> None:
    assert choose(Layer("prices", ()), SUBJECT) == Terms()


def test_a_price_and_a_discount_may_hold_together() -> None:
    free = Override.model_validate({"model": "gpt-5", "free": True})
    half = Override.model_validate({"model": "gpt-5", "discount": "50%"})

    held = choose(Layer("prices", (half, free)), SUBJECT)

    assert held == Terms(free, "prices[1]", Decimal("0.5"), "prices[0]")


def test_the_fingerprint_is_eight_hex_digits() -> None:
    assert fingerprint(()) != fingerprint((Override.model_validate({"model": "x", "free": True}),))
    assert len(fingerprint(())) == 8
