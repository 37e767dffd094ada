"""What a rate admits, as it is written: `60 requests / minute`, `200k tokens / 10s`, `8 at once`."""

import re
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, InstanceOf, PlainSerializer, WithJsonSchema

from tollway.budget.amounts import Unit
from tollway.budget.lapse import NAMES, SHORT, lapse

FORM = "60 requests / minute, 200k tokens / hour, 10 requests / 10s or 8 at once"
SHORTEST_US, LONGEST_US = 100_000, 86_400 * 1_000_000
MOST = 10**12
LONGEST = 60

_UNITS = {
    "request": Unit.REQUESTS,
    "token": Unit.TOKENS,
    "input token": Unit.INPUT,
    "output token": Unit.OUTPUT,
}
_TIMES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
_CAPITALS = {"m": "M", "g": "G"}
_COUNT = r"([0-9]+(?:\.[0-9]+)?)([A-Za-z]?)"
_AT_ONCE = re.compile(rf"{_COUNT} +(?:(?:calls?|requests?) +)?at +once")
_PARTS = re.compile(rf"{_COUNT} +([A-Za-z]+(?: +[A-Za-z]+)?) *(?:/|per +) *(\S.*)")
_LENGTH = re.compile(r"([0-9]{1,9}) *([a-z]+)")
PATTERN = rf"^[0-9]+(\.[0-9]+)?[kKmMgG]? +(({'|'.join(_UNITS)})s? */ *[0-9a-z]+|at once)$"


class Allow(NamedTuple):
    """So much of a unit in any window of a length, or so many calls at once."""

    number: int
    unit: Unit
    window_us: int | None
    """None: at once."""

    def __str__(self) -> str:
        number = written(self.number)
        if self.window_us is None:
            return f"{number} at once"
        return f"{number} {self.unit.replace('_', ' ')} / {lapse(self.window_us)}"


def parse(text: str) -> Allow:
    """What a text says. Raises ValueError."""
    text = text.strip()
    if len(text) <= LONGEST:
        if found := _AT_ONCE.fullmatch(text):
            return Allow(count(*found.groups()), Unit.REQUESTS, None)
        if found := _PARTS.fullmatch(text):
            digits, times, words, window = found.groups()
            return Allow(count(digits, times), _unit(" ".join(words.split())), _window(window.strip()))
    raise ValueError(f"write what a rate admits as {FORM}, not {text[:LONGEST]!r}")


def count(digits: str, times: str) -> int:
    """A count with its multiple, as `200k`. Raises ValueError."""
    if times.lower() not in _TIMES:
        raise ValueError(f"{times!r} is no multiple: write k, M or G")
    number = Decimal(digits) * _TIMES[times.lower()]
    if number != number.to_integral_value() or not 1 <= number <= MOST:
        raise ValueError(f"a rate admits a whole number from 1 to {MOST}, not {digits}{times}")
    return int(number)


def written(number: int) -> str:
    """A count, with the largest multiple that it is whole in."""
    times, whole = max((whole, name) for name, whole in _TIMES.items() if number % whole == 0)
    return f"{number // times}{_CAPITALS.get(whole, whole)}"


def _unit(words: str) -> Unit:
    found = _UNITS.get(words.removesuffix("s"))
    if found is None:
        hint = "there are requests, tokens, input tokens, output tokens; money is counted by `limits`"
        raise ValueError(f"a rate counts nothing in {words!r}: {hint}")
    return found


def _window(text: str) -> int:
    if text in NAMES:
        return NAMES[text]
    found = _LENGTH.fullmatch(text)
    unit = found[2] if found is not None else ""
    us = SHORT.get(unit) or NAMES.get(unit.removesuffix("s"))
    if found is None or us is None:
        raise ValueError(f"a rate's window is second, minute, hour, day, or as 10s, 5m, 2h, not {text!r}")
    if not SHORTEST_US <= int(found[1]) * us <= LONGEST_US:
        raise ValueError(f"a rate's window has 100ms to 24h, not {text}: `limits` have longer ones")
    return int(found[1]) * us


def _read(value: Any) -> Allow:
    if isinstance(value, Allow):
        return value
    if not isinstance(value, str):
        raise ValueError(f"write what a rate admits as {FORM}")
    return parse(value)


AllowText = Annotated[
    InstanceOf[Allow],
    BeforeValidator(_read),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": PATTERN,
            "examples": ["60 requests / minute", "200k tokens / minute", "8 at once"],
        }
    ),
]
"""A field of a policy that holds one."""
