"""The price list: genai-prices' bundled data, and the one place that imports it (130 ms, so at first use)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING

from tollway.money import NANO
from tollway.prices.match import claims
from tollway.prices.names import spellings
from tollway.prices.rates import ALWAYS, ZERO, Ladder

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice, PriceVariant, Provider

_UNITS = {
    "input_mtok": ("input", 1_000_000),
    "output_mtok": ("output", 1_000_000),
    "cache_read_mtok": ("cache_read", 1_000_000),
    "cache_write_mtok": ("cache_write", 1_000_000),
    "cache_write_1h_mtok": ("cache_write_1h", 1_000_000),
    "input_audio_mtok": ("input_audio", 1_000_000),
    "input_image_mtok": ("input_image", 1_000_000),
    "input_video_mtok": ("input_video", 1_000_000),
    "cache_audio_read_mtok": ("cache_audio_read", 1_000_000),
    "output_audio_mtok": ("output_audio", 1_000_000),
    "output_image_mtok": ("output_image", 1_000_000),
    "output_reasoning_mtok": ("reasoning", 1_000_000),
    "web_searches_kcount": ("web_search", 1000),
    "storage_searches_kcount": ("tool_call", 1000),
    "requests_kcount": ("request", 1000),
    "input_text_messages_kcount": ("request", 1000),
    "audio_hours": ("second", 3600),
    "input_audio_hours": ("second", 3600),
    "input_mchars": ("character", 1_000_000),
    "input_document_kpages": ("page", 1000),
}
"""Price key of genai-prices -> our field, and how many of our units its price in USD is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An entry of the price list, and how it was found."""

    list: str
    """The id of the list."""
    info: "ModelInfo"
    name: str
    """The spelling that hit."""
    rule: str
    """The rules that made that spelling, "" for the name as it was."""


@cache
def version() -> str:
    """The price list's name and version, without importing it."""
    from importlib.metadata import version

    return f"genai-prices {version('genai-prices')}"


@cache
def _lists() -> dict[str, "Provider"]:
    from genai_prices.data import providers

    return {provider.id: provider for provider in providers}


def warm() -> None:
    """Import the price list now."""
    _lists()


def expanded(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the lists that these patterns name, in their order."""
    return tuple(name for pattern in patterns for name in _named(pattern))


def _named(pattern: str) -> Iterator[str]:
    if "*" in pattern:
        yield from (name for name in _lists() if fnmatchcase(name, pattern))
    elif pattern in _lists():
        yield pattern


def find(lists: tuple[str, ...], model: str) -> Iterator[Listed]:
    """The entries that mean this model: the exact name in list after list, then its other spellings."""
    for name, rule in spellings(model):
        for id in lists:
            info = _best(id, name)
            if info is not None:
                yield Listed(list=id, info=info, name=name, rule=rule)


def _best(id: str, name: str) -> "ModelInfo | None":
    """The entry whose clause covers most of the name, among those that really mean it; else its namesake."""
    best, most = None, -1
    for info in _lists()[id].models:
        if info.match.is_match(name):
            covered = claims(info.match, name)
            if covered is not None and covered > most:
                best, most = info, covered
    return best or next((info for info in _lists()[id].models if info.id.lower() == name), None)


def models(id: str) -> "list[ModelInfo]":
    """All entries of a list."""
    return _lists()[id].models


def priced(info: "ModelInfo", at: datetime, context: dict[str, str] | None = None) -> Ladder:
    """An entry's prices at a time (UTC), in a context of genai-prices; empty prices if it has none."""
    return ladder(info.get_prices(at, context))


def ladder(prices: "ModelPrice") -> Ladder:
    """Prices of genai-prices as a ladder."""
    stored = {key: price for key, price in prices.__dict__.items() if price is not None and key in _UNITS}
    starts = sorted({tier.start for price in stored.values() for tier in getattr(price, "tiers", ())})
    return tuple(
        (start, {_UNITS[key][0]: _each(key, stored[key], start) for key in stored})
        for start in (ALWAYS, *starts)
    )


def _each(key: str, price: object, start: int) -> Decimal:
    amount = getattr(price, "base", price)
    for tier in getattr(price, "tiers", ()):
        if start >= tier.start:
            amount = tier.price
    return Decimal(str(amount)) * NANO / _UNITS[key][1]


def unpriced(ladder: Ladder) -> bool:
    """True if no unit has a price above zero."""
    return all(price == ZERO for _, prices in ladder for price in prices.values())


def variants(info: "ModelInfo", key: str, value: str) -> "list[PriceVariant]":
    """The entry's variants for one value of a context."""
    return [variant for variant in info.price_variants or () if variant.when == {key: value}]
