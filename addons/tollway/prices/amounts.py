"""The units that prices are written for, wherever people write or read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from tollway.money import NANO

_MILLION, _THOUSAND = 1_000_000, 1000


@dataclass(frozen=True, slots=True)
class Unit:
    """What the amount under one key is for."""

    field: str
    """The field of `Rates`."""
    count: int
    """How many the amount in USD is for."""
    says: str
    """The unit in words."""

    def nano_each(self, usd: Decimal) -> Decimal:
        """Nano-dollars for one, of USD as written."""
        return usd * NANO / self.count

    def usd(self, nano_each: Decimal) -> Decimal:
        """USD as written, of nano-dollars for one."""
        return nano_each * self.count / NANO


def _tokens(field: str) -> Unit:
    return Unit(field, _MILLION, "1M tokens")


UNITS: Mapping[str, Unit] = {
    "input": _tokens("input"),
    "output": _tokens("output"),
    "cache_read": _tokens("cache_read"),
    "cache_write": _tokens("cache_write"),
    "cache_write_1h": _tokens("cache_write_1h"),
    "cache_write_12h": _tokens("cache_write_12h"),
    "reasoning": _tokens("reasoning"),
    "input_audio": _tokens("input_audio"),
    "input_image": _tokens("input_image"),
    "input_video": _tokens("input_video"),
    "cache_audio_read": _tokens("cache_audio_read"),
    "output_audio": _tokens("output_audio"),
    "output_image": _tokens("output_image"),
    "web_searches": Unit("web_search", _THOUSAND, "1,000 searches"),
    "tool_calls": Unit("tool_call", _THOUSAND, "1,000 calls"),
    "characters": Unit("character", _MILLION, "1M characters"),
    "request": Unit("request", 1, "request"),
    "image": Unit("image", 1, "image"),
    "second": Unit("second", 1, "second"),
    "page": Unit("page", 1, "page"),
}
"""The keys of amounts, in the order in which they are shown."""

ALONE = frozenset({"image", "second", "page", "characters"})
"""Keys that price what is billed by them alone: no token of it costs anything unless it is said what."""
