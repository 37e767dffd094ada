"""Amounts of a limit as they are written: `5 USD`, `2M tokens`, `500k output tokens`, `500 requests`."""

import re
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, InstanceOf, PlainSerializer, WithJsonSchema

from tollway.budget.amounts import Unit
from tollway.money import NANO, usd

FORM = "5 USD, 2M tokens, 2M input tokens, 500k output tokens or 500 requests"
MOST = 10**18
"""In the unit's own count; of USD that is a billion. Sums of them stay within 64 bits."""
LONGEST = 40

_UNITS = {
    "USD": Unit.USD,
    "token": Unit.TOKENS,
    "tokens": Unit.TOKENS,
    "input token": Unit.INPUT,
    "input tokens": Unit.INPUT,
    "output token": Unit.OUTPUT,
    "output tokens": Unit.OUTPUT,
    "request": Unit.REQUESTS,
    "requests": Unit.REQUESTS,
}
_TIMES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}
PATTERN = rf"^[0-9]+(\.[0-9]+)?[kMG]? +({'|'.join(_UNITS)})$"
_PARTS = re.compile(r"(-?)([0-9][0-9_,']*(?:\.[0-9]+)?)([A-Za-z]?) +([A-Za-z]+(?: +[A-Za-z]+)?)")


class Amount(NamedTuple):
    """So much of a unit."""

    unit: Unit
    number: int
    """Nano-dollars, tokens or requests."""

    def __str__(self) -> str:
        if self.unit is Unit.USD:
            return f"{usd(self.number)} USD"
        return f"{self.number} {self.unit.replace('_', ' ')}"


def parse(text: str) -> Amount:
    """The amount that a text says, exactly. Raises ValueError."""
    parts = _PARTS.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if parts is None:
        raise ValueError(f"write an amount as {FORM}, not {text[:LONGEST]!r}")
    sign, digits, times, words = parts.groups()
    unit = _unit(" ".join(words.split()))
    if sign:
        raise ValueError(f"an amount is not below zero, as {text!r} is")
    if not set(digits).isdisjoint("_,'"):
        raise ValueError(f"{digits!r} has more than digits and a point: write {_plain(digits)}")
    if times not in _TIMES:
        raise ValueError(f"{times!r} is no multiple: write k, M or G")
    return Amount(unit, _whole(Decimal(digits) * _TIMES[times], unit, text))


def _unit(words: str) -> Unit:
    if words in _UNITS:
        return _UNITS[words]
    near = {known.lower(): known for known in _UNITS}.get(words.lower())
    hint = f"did you mean {near}?" if near else "there are USD, tokens, input tokens, output tokens, requests"
    raise ValueError(f"nothing is counted in {words!r}: {hint}")


def _plain(digits: str) -> str:
    return re.sub("[_,']", "", digits)


def _whole(number: Decimal, unit: Unit, text: str) -> int:
    counted = number * NANO if unit is Unit.USD else number
    if counted != counted.to_integral_value():
        least = "a nano-dollar, 0.000000001 USD" if unit is Unit.USD else "one"
        raise ValueError(f"{text!r} is no whole number: the least that is counted is {least}")
    if counted > MOST:
        most = Amount(unit, MOST)
        raise ValueError(f"{text!r} is more than can be counted, {most}: leave the limit out")
    return int(counted)


def _read(value: Any) -> Amount:
    if isinstance(value, Amount):
        return value
    if not isinstance(value, str):
        given = "" if value is None else f", not {repr(value)[:LONGEST]}"
        raise ValueError(f"write an amount as {FORM}{given}")
    return parse(value)


AmountText = Annotated[
    InstanceOf[Amount],
    BeforeValidator(_read),
    PlainSerializer(str),
    WithJsonSchema(
        {"type": "string", "pattern": PATTERN, "examples": ["5 USD", "2M tokens", "500 requests"]}
    ),
]
"""A field of a policy that holds an amount."""
