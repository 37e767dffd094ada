"""Arithmetic on ladders of prices: scale, fill, replace, take the dearer."""

from collections.abc import Iterable
from decimal import Decimal

from tollway.prices.rates import ALWAYS, FIELDS, TOKENS, UNITS, ZERO, Ladder, Prices, rates

FREE: Ladder = ((ALWAYS, {"tool_call": ZERO}),)
"""Everything costs nothing."""


def scaled(
    ladder: Ladder, factor: Decimal, parts: Iterable[str] = TOKENS, over: Decimal = Decimal(1)
) -> Ladder:
    """The ladder with these prices times the factor, over a divisor (12/11 is no decimal)."""
    chosen = frozenset(parts)
    return tuple(
        (start, {name: price * factor / over if name in chosen else price for name, price in prices.items()})
        for start, prices in ladder
    )


def stepped(ladder: Ladder, above: int, factor: Decimal, parts: Iterable[str]) -> Ladder:
    """The ladder with a step, made of its last one or there already, with these prices times the factor."""
    *lower, last = ladder
    if last[0] != above:
        lower, last = list(ladder), (above, last[1])
    return (*lower, *scaled((last,), factor, parts))


def filled(ladder: Ladder, part: str, of: str, factor: Decimal) -> Ladder:
    """The ladder with a missing price set to another one times the factor; a price that is there stays."""
    return tuple(
        (start, {part: prices[of] * factor, **prices} if of in prices else prices) for start, prices in ladder
    )


def defaulted(ladder: Ladder, defaults: Prices) -> Ladder:
    """The ladder with these prices where it has none."""
    return tuple((start, {**defaults, **prices}) for start, prices in ladder)


def replaced(ladder: Ladder, given: Prices) -> Ladder:
    """The ladder with these prices at every step, whatever it said."""
    return tuple((start, {**prices, **given}) for start, prices in ladder)


def dearest(ladders: Iterable[Ladder]) -> Prices:
    """For each unit the highest price of all steps of all ladders, gaps closed first."""
    top: dict[str, Decimal] = {}
    for ladder in ladders:
        for _, prices in ladder:
            _raise_to(top, prices)
    return top


def _raise_to(top: dict[str, Decimal], prices: Prices) -> None:
    whole = rates(prices)
    for name in FIELDS:
        price = getattr(whole, name) if name in prices or name not in UNITS else None
        if price is not None and price > top.get(name, ZERO):
            top[name] = price


def dearer(one: Ladder, other: Ladder) -> Ladder:
    """A ladder with the steps of both, at each the dearer price of each unit."""
    starts = sorted({start for start, _ in one} | {start for start, _ in other})
    steps = (((start, _at(one, start)), (start, _at(other, start))) for start in starts)
    return tuple((both[0][0], dearest([both])) for both in steps)


def _at(ladder: Ladder, start: int) -> Prices:
    return [prices for first, prices in ladder if first <= start][-1]


def moved(ladder: Ladder, was: Ladder, now: Ladder) -> Ladder:
    """The ladder with each price moved by the factor by which the same price went from `was` to `now`."""
    return tuple(
        (
            start,
            {name: price * _factor(name, _at(was, start), _at(now, start)) for name, price in prices.items()},
        )
        for start, prices in ladder
    )


def _factor(name: str, was: Prices, now: Prices) -> Decimal:
    return now[name] / was[name] if was.get(name) and name in now else Decimal(1)
