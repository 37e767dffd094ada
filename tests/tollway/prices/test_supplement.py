"""Our own rows of what the list lacks."""

import re
from datetime import date
from importlib.resources import files

import pytest

from tollway.prices import supplement
from tollway.prices.overrides import Override
from tollway.prices.resolve import unknown_targets
from tollway.prices.terms import Subject

TEXT = files("tollway.prices").joinpath("supplement.yaml").read_text("utf-8")


def about(provider: str, *names: str, tier: str = "standard") -> Subject:
    """What a call of this model is compared with."""
    return Subject(provider=provider, host="x", names=frozenset(names), tier=tier, on=date(2026, 11, 23))


def test_each_row_is_valid_sets_one_price_and_names_a_model() -> None:
    assert len(supplement.rows()) > 100
    for row in supplement.rows():
        assert row.discount is None
        assert row.model != "*"


def test_every_other_models_price_is_known() -> None:
    assert unknown_targets(supplement.rows()) == []


def test_no_row_is_written_twice() -> None:
    where = [(row.provider, row.model, row.tier) for row in supplement.rows()]

    assert sorted(where, key=str) == sorted(set(where), key=str)


def test_every_block_of_rows_has_a_source() -> None:
    """A link in the comment above it, or in the heading of its part, which names what is priced there."""
    for part in re.split(r"(?m)^# ---- ", TEXT)[1:]:
        blocks = re.split(r"\n\n", part)
        heading = blocks[0].splitlines()[0]
        for block in blocks:
            assert "- {" not in block or "https://" in block or "https://" in heading, block


def test_the_last_row_that_is_about_a_model_holds() -> None:
    """A tier's own row goes before the standard one, and a longer name's before the shorter's."""
    standard, batch = (
        supplement.row_of(about("openai", "ft:gpt-4.1-2025-04-14:x", tier=tier))
        for tier in ("standard", "batch")
    )
    pro = supplement.row_of(about("openai", "sora-2-pro"))

    assert isinstance(standard, Override)
    assert (standard.tier, batch and batch.tier) == (None, "batch")
    assert pro is not None
    assert pro.model == "sora-2-pro*"
    assert supplement.row_of(about("openai", "gpt-5")) is None


@pytest.mark.parametrize(
    ("name", "filled"), [("gpt-4o-audio-preview", True), ("gpt-5", False), ("gpt-6.2-sol", False)]
)
def test_only_prices_fill_gaps(name: str, filled: bool) -> None:
    """Not another model's price: the list wins once it knows the model."""
    assert bool(supplement.gaps(about("openai", name))) is filled
