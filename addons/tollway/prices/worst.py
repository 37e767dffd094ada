"""The dearest reading of a usage at given rates, in whole numbers, rounded up: what a bound is priced with.

A usage as a bound gives the whole of the input and of the output, and may give parts of them: no more than
that much was read from a cache, say. A part that it does not give may be as large as the whole.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Self

from msgspec import Struct

from tollway.model import USAGE_FIELDS, Usage
from tollway.prices.rates import ZERO, Rates, Schedule

SCALE = 10**9
"""Rates are kept in this part of a nano-dollar: 12/11 of a price is no whole number of nano-dollars."""

_INPUT = {
    "input": None,
    "cache_read": "cache_read_tokens",
    "cache_write": "cache_write_tokens",
    "cache_write_1h": "cache_write_1h_tokens",
    "cache_write_12h": "cache_write_12h_tokens",
    "input_audio": "input_audio_tokens",
    "input_image": "input_image_tokens",
    "input_video": "input_video_tokens",
    "cache_audio_read": "cache_audio_read_tokens",
}
"""Field of `Rates` -> the field of a usage that says how many tokens of the input are of that kind at most;
None: plain ones, of which there may be any number."""
_OUTPUT = {
    "output": None,
    "output_audio": "output_audio_tokens",
    "output_image": "output_image_tokens",
    "reasoning": "reasoning_tokens",
}
_UNITS = {"second": "seconds", "character": "characters", "page": "pages", "image": "images"}
_FEES = ("request", "web_search", "tool_call")

_BESIDE = ("web_searches", "tool_calls")
_ALONE = {
    "cache_read": "cache_read_tokens",
    "cache_write": "cache_write_tokens",
    "cache_write_1h": "cache_write_1h_tokens",
    "cache_write_12h": "cache_write_12h_tokens",
    **_UNITS,
}
"""Field of `Rates` -> the field of a usage that is billed at it, whatever else the usage says."""

type Kinds = tuple[tuple[int, str | None], ...]
"""Rates, dearest first, each with the field that caps its tokens; the last is that of plain tokens, and has
no cap: the cheaper ones never apply."""


class Worst(Struct, frozen=True, kw_only=True):
    """One step's rates, in units of 1/`SCALE` nano-dollars."""

    above: int
    """They hold for calls with more input tokens than this."""
    into: Kinds
    out: Kinds
    units: tuple[tuple[int, str], ...]
    """Rates that are not zero, each with the field that counts its units."""
    request: int
    web_search: int
    search_once: int
    """What searches cost, however many there were."""
    tool_call: int
    rounding: int
    """What five parts, each rounded half up, can exceed their sum rounded up by: two nano-dollars; nothing
    where all rates are whole ones."""
    rates: tuple[int, ...]
    """All of them, to be compared."""

    @classmethod
    def at(cls, above: int, rates: Rates, times: int = 1) -> Self:
        """The dearest reading at these rates, or at so many times them."""
        once = rates.search_once
        each = {name: whole(getattr(rates, name)) * times for name in (*_INPUT, *_OUTPUT, *_UNITS, *_FEES)}
        found = each.values()
        search = each["web_search"]
        return cls(
            above=above,
            into=_kinds(_INPUT, each),
            out=_kinds(_OUTPUT, each),
            units=tuple((each[name], field) for name, field in _UNITS.items() if each[name]),
            request=each["request"],
            web_search=0 if once else search,
            search_once=search if once else 0,
            tool_call=each["tool_call"],
            rounding=2 * SCALE if any(rate % SCALE for rate in found) else 0,
            rates=(*found, int(once)),
        )

    def covers(self, other: "Worst") -> bool:
        """True if this one is reached wherever the other is, and never comes to less."""
        *mine, once = self.rates
        *others, other_once = other.rates
        dearer = all(one >= two for one, two in zip(mine, others, strict=True))
        return dearer and self.above <= other.above and once <= other_once

    def without_output(self, input_tokens: int, usage: Usage) -> int:
        """What all but the output comes to."""
        sum = dearest(self.into, input_tokens, usage) + self.rounding
        for rate, field in self.units:
            sum += rate * count(getattr(usage, field))
        if usage.web_searches:
            sum += self.web_search * count(usage.web_searches) + self.search_once
        if usage.tool_calls:
            sum += self.tool_call * count(usage.tool_calls)
        return sum + self.request * max(1, count(usage.requests))

    def output(self, tokens: int, usage: Usage) -> int:
        """What so many tokens of output come to."""
        return dearest(self.out, tokens, usage)

    def output_within(self, left: int, usage: Usage) -> int | None:
        """How many tokens of output come to no more than `left`; None: any number, as they cost nothing."""
        tokens = 0
        *capped, (plain, _) = self.out
        for rate, field in capped:
            cap = _cap(field, usage)
            taken = left // rate if cap is None else min(cap, left // rate)
            tokens += taken
            left -= taken * rate
            if cap is None or taken < cap:
                return tokens
        return tokens + left // plain if plain else None


def dearest(kinds: Kinds, tokens: int, usage: Usage) -> int:
    """So many tokens at the dearest rates that the usage leaves room for."""
    sum = 0
    for rate, field in kinds:
        cap = _cap(field, usage)
        taken = tokens if cap is None else min(cap, tokens)
        sum += rate * taken
        tokens -= taken
    return sum


def _cap(field: str | None, usage: Usage) -> int | None:
    """How many tokens may be of that kind; None: all of them."""
    said = None if field is None else getattr(usage, field)
    return None if said is None else count(said)


def input_within(usage: Usage) -> int:
    """The most input tokens that a usage within this one is billed for: its parts, where they say more."""
    read, written = count(usage.cache_read_tokens), count(usage.cache_write_tokens)
    lasting = count(usage.cache_write_1h_tokens) + count(usage.cache_write_12h_tokens)
    return max(count(usage.input_tokens), read + max(written, lasting))


def fewest(rows: Sequence[Worst]) -> tuple[Worst, ...]:
    """The rows that no other one covers."""
    kept: list[Worst] = []
    for row in rows:
        if not any(other.covers(row) for other in kept):
            kept = [other for other in kept if not row.covers(other)] + [row]
    return tuple(kept)


def silent_fields(schedule: Schedule) -> list[str]:
    """Fields of a usage that can be counted and yet cost nothing: parts of a whole, and what has no price."""
    steps = [rates for _, rates in schedule.steps]
    loud = {field for name, field in _ALONE.items() if all(getattr(rates, name) for rates in steps)}
    for field, kinds in (("input_tokens", _INPUT), ("output_tokens", _OUTPUT)):
        if all(getattr(rates, name) != ZERO for rates in steps for name in kinds):
            loud.add(field)
    return [field for field in USAGE_FIELDS if field not in loud and field not in _BESIDE]


def count(number: int | None) -> int:
    """A count; what is none, or below zero, is zero."""
    return number if number and number > 0 else 0


def whole(rate: Decimal | None) -> int:
    """A rate in nano-dollars as a whole number of their parts, rounded up; nothing where there is none."""
    return 0 if rate is None else int((rate * SCALE).to_integral_value(ROUND_CEILING))


def _kinds(fields: dict[str, str | None], each: dict[str, int]) -> Kinds:
    first = next(iter(fields))
    plain = each[first]
    dearer = [(each[name], field) for name, field in fields.items() if each[name] > plain]
    return (*sorted(dearer, key=lambda kind: -kind[0]), (plain, None))
