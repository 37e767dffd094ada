"""Calls for the tests of prices, short to write."""

from datetime import UTC, datetime
from typing import Any

from tollway.model import Cost, Portion, Report, Usage
from tollway.money import usd
from tollway.prices import PriceBook, Priced
from tollway.prices.facts import Facts

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday, at a time that is nobody's peak."""

MILLION = 1_000_000

EACH = {"input_tokens": MILLION, "output_tokens": MILLION}
SMALL = {"input_tokens": 100_000, "output_tokens": 100_000}
"""Below every step of a long context."""

BOOK = PriceBook()
BOOK.warm()

_REPORT = ("model", "tier", "speed", "geo", "cost_nano", "portions")
_PRICED = ("host", "operation", "tier_asked", "at", "estimated", "notional")


def call(provider: str, asked: str | None, **said: Any) -> Priced:
    """A call: `said` are fields of Usage, Report and Priced; without any count, no usage was reported."""
    report = {key: said.pop(key) for key in _REPORT if key in said}
    priced: dict[str, Any] = {"host": "host", "operation": "chat", "at": NOW} | {
        key: said.pop(key) for key in _PRICED if key in said
    }
    usage = Usage(**said) if said else None
    return Priced(provider=provider, model_asked=asked, report=Report(usage=usage, **report), **priced)


def price(provider: str, asked: str | None, **said: Any) -> Cost:
    """What such a call costs without overrides."""
    return BOOK.price(call(provider, asked, **said))


def dollars(provider: str, asked: str | None, **said: Any) -> str:
    """The same, in USD."""
    return usd(price(provider, asked, **said).nano)


def portion(model: str | None, **usage: int) -> Portion:
    """A part of a call."""
    return Portion(model=model, usage=Usage(**usage))


def facts(provider: str, served: str | None, **said: Any) -> Facts:
    """The facts of a call."""
    usual: dict[str, Any] = {
        "host": "host", "operation": "chat", "asked": None, "tier": "standard", "speed": None, "geo": None,
        "at": NOW, "notional": False,
    }  # fmt: skip
    return Facts(provider=provider, served=served, **(usual | said))
