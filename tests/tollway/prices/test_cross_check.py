"""A second source's rates, frozen: ours are the same, or a reviewed list says why not.

Each rate is compared through the price book, by pricing a usage. `tests/data/prices` has LiteLLM's rates in
`litellm.json`, and in `reviewed.yaml` what differs, and why.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tollway.prices.calls import BOOK, NOW, call

DATA = Path(__file__).parents[2] / "data" / "prices"
SOURCE = json.loads((DATA / "litellm.json").read_text("utf-8"))
REVIEWED: list[dict[str, Any]] = yaml.safe_load((DATA / "reviewed.yaml").read_text("utf-8"))

FAMILIES = ("openai", "anthropic", "gemini", "copilot")
PEAK = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""A Monday at 02:00: the second source has DeepSeek's peak prices."""
FEW = 10_000
"""Tokens: below every step of a long context; so many beyond it are above."""
PARTS = {
    "input": ("input_nano", None),
    "output": ("output_nano", "output_tokens"),
    "cache_read": ("cache_read_nano", "cache_read_tokens"),
    "cache_write": ("cache_write_nano", "cache_write_tokens"),
    "cache_write_1h": ("cache_write_nano", "cache_write_1h_tokens"),
    "cache_write_12h": ("cache_write_nano", "cache_write_12h_tokens"),
    "input_audio": ("input_nano", "input_audio_tokens"),
    "output_audio": ("output_nano", "output_audio_tokens"),
}
"""A rate -> the part of the cost that it makes, and the count that it is for."""
RATE = re.compile(r"(\w+)(?:>(\d+))?(?:@(\w+))?")
GOV = re.compile(r"us-gov-(?:west|east)-1(?=/)|us-gov(?=\.)")


@dataclass(frozen=True)
class Compared:
    """One rate of both, in USD per million tokens."""

    provider: str
    operation: str
    model: str
    rate: str
    theirs: Decimal
    ours: Decimal
    flags: tuple[str, ...]

    def __str__(self) -> str:
        flags = f" {','.join(self.flags)}" if self.flags else ""
        return f"{self.provider} {self.model} {self.rate}: theirs {self.theirs}, ours {self.ours}{flags}"


def usage_of(part: str, step: int) -> tuple[dict[str, int], int]:
    """A usage whose part of the cost is this rate's alone, and of how many tokens."""
    field, many = PARTS[part][1], step + FEW
    if part in ("output", "output_audio"):
        said = {"output_tokens": FEW} | ({str(field): FEW} if part == "output_audio" else {})
        return {"input_tokens": many, **said}, FEW
    said = {field: many} if field else {}
    if part.startswith("cache_write"):
        said["cache_write_tokens"] = many
    return {"input_tokens": many, **said}, many


def host_of(model: str) -> str:
    """Where the second source's name for a model says that it is called."""
    found = GOV.search(model)
    return f"bedrock.{found[0] if found[0] != 'us-gov' else 'us-gov-west-1'}.x" if found else "x"


def compared(provider: str, operation: str, model: str, rate: str, theirs: str) -> Compared:
    """The rate as our price book has it, beside theirs."""
    found = RATE.fullmatch(rate)
    assert found is not None
    part, step, tier = found[1], int(found[2] or 0), found[3]
    usage, many = usage_of(part, step)
    name = f"{model}:org::id" if model.startswith("ft:") else GOV.sub("", model).removeprefix("/")
    name = model if model.startswith("us-gov.") else name
    at = PEAK if provider == "deepseek" else NOW
    cost = BOOK.price(
        call(provider, name, host=host_of(model), operation=operation, tier=tier, at=at, **usage)
    )
    ours = Decimal(getattr(cost, PARTS[part][0])) / many / 1000
    return Compared(provider, operation, model, rate, Decimal(theirs), ours, cost.flags)


@cache
def all_compared() -> tuple[Compared, ...]:
    """Every rate of the second source, compared."""
    return tuple(
        compared(provider, operation, model, rate, theirs)
        for provider, operations in SOURCE["rates"].items()
        for operation, models in operations.items()
        for model, rates in models.items()
        for rate, theirs in rates.items()
    )


def differing() -> Iterator[Compared]:
    """The rates that are not the same."""
    return (it for it in all_compared() if it.ours != it.theirs)


def explains(row: dict[str, Any], it: Compared) -> bool:
    """True if the reviewed row is about this difference."""
    ratio = row.get("ours_to_theirs")
    return (
        it.provider == row["provider"]
        and any(fnmatchcase(it.model, pattern) for pattern in row["models"])
        and any(fnmatchcase(it.rate, pattern) for pattern in row.get("rates", ["*"]))
        and (ratio is None or it.ours * ratio[1] == it.theirs * ratio[0])
    )


def test_the_second_source_is_named_with_its_licence() -> None:
    assert SOURCE["version"] == "litellm 1.109.1"
    assert SOURCE["notice"][0] == "MIT License"
    assert "Copyright (c) 2023 Berri AI" in SOURCE["notice"]


def test_hundreds_of_models_of_all_kinds_are_compared() -> None:
    """Of the four families most of all; long contexts, tiers and lasting caches among their rates."""
    models = {(it.provider, it.model) for it in all_compared()}
    per = Counter(provider for provider, _ in models)

    assert 150 <= len(models) <= 320
    assert sum(per[family] for family in FAMILIES) >= 140
    for sign in (">272000", ">200000", "@batch", "@flex", "@priority", "@ultrafast", "_1h", "_12h"):
        assert any(sign in it.rate for it in all_compared()), sign


def test_the_four_families_agree_on_all_that_both_price() -> None:
    """OpenAI, Anthropic, Gemini, Copilot: no rate differs, but where one of the two has none of its own."""
    lacking = [row for row in REVIEWED if row.get("lacks")]
    wrong = [
        it for it in differing() if it.provider in FAMILIES and not any(explains(row, it) for row in lacking)
    ]

    assert not wrong, "\n".join(map(str, wrong))


def test_every_other_difference_was_reviewed() -> None:
    unexplained = [it for it in differing() if not any(explains(row, it) for row in REVIEWED)]

    assert not unexplained, "\n".join(map(str, unexplained))


@pytest.mark.parametrize("row", REVIEWED, ids=lambda row: f"{row['provider']}-{row['models'][0]}")
def test_every_reviewed_difference_has_a_reason_and_is_still_one(row: dict[str, Any]) -> None:
    """For each of its models and each of its rates."""
    found = [it for it in differing() if explains(row, it)]

    assert len(row["why"]) > 20
    assert row.keys() <= {"provider", "models", "rates", "ours_to_theirs", "lacks", "why"}
    for pattern in row["models"]:
        assert any(fnmatchcase(it.model, pattern) for it in found), pattern
    for pattern in row.get("rates", ["*"]):
        assert any(fnmatchcase(it.rate, pattern) for it in found), pattern


def test_a_rate_that_was_changed_would_be_found() -> None:
    """The comparison sees a difference of a hundredth of a cent."""
    same, other = (compared("openai", "chat", "gpt-5", "input", theirs) for theirs in ("1.25", "1.2501"))

    assert (same.ours, same.theirs) == (Decimal("1.25"), Decimal("1.25"))
    assert other.ours != other.theirs
