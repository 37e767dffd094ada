"""What a call asks of Redis, and what Redis makes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from tollway.budget.bucket import Away, Balance, Bucket, Enforce, Want, fits, is_reached
from tollway.budget.sliding import Sliding
from tollway.ledger.holding import LARGEST_HOLD
from tollway.ledger.store import Reached, Refused, Rules
from tollway.ledger.writer import Order
from tollway.model import CallRecord

MOST = 2**53 - 1
"""Of any number in a script, whose numbers are doubles: nine million USD, in nano-dollars."""

_ENFORCE = {Enforce.HARD: 0, Enforce.SOFT: 1, Enforce.SHADOW: 2}
_NONE = -1

Place = Callable[[Bucket], int]
"""Where a bucket is among the keys of an exchange."""
Described = Callable[[Want], tuple[int, str, int]]
"""As of `describing.Descriptions.of`."""


@dataclass(frozen=True, slots=True)
class Ask(Order):
    """A call that asks to be admitted: as of `Budgets.reserve`."""

    call: CallRecord
    wants: Sequence[Want]
    now_us: int
    under: Rules | None


def asked(ask: Ask, place: Place, described: Described) -> tuple[Any, ...]:
    """As `exchange.lua` takes it."""
    hard = any([want.enforce is Enforce.HARD and want.away is not Away.OPEN for want in ask.wants])
    return ask.now_us, hard, [_want(want, place, described) for want in ask.wants]


def _want(want: Want, place: Place, described: Described) -> tuple[Any, ...]:
    bucket = want.bucket
    return (
        place(bucket),
        min(want.amount, MOST),
        _ENFORCE[want.enforce],
        min(want.hold, MOST),
        want.overlooks,
        _NONE if want.below is None else want.below,
        _NONE if bucket.slot_us is None else bucket.slot_us,
        _NONE if bucket.rolling_us is None else bucket.rolling_us,
        *described(want),
    )


def looked_at(want: Want, now_us: int, place: Place) -> tuple[int, ...]:
    """As `exchange.lua` takes a look."""
    bucket = want.bucket
    return now_us, place(bucket), bucket.slot_us or _NONE, bucket.rolling_us or _NONE


def balances(wants: Sequence[Want], found: Sequence[Sequence[int]]) -> tuple[Balance, ...]:
    """What was settled and held in each."""
    return tuple(
        [
            Balance(bucket=want.bucket, amount=want.amount, enforce=want.enforce, settled=settled, held=held)
            for want, (settled, held) in zip(wants, found, strict=True)
        ]
    )


def admitted(wants: Sequence[Want], found: Sequence[Sequence[int]]) -> tuple[Balance, ...]:
    """The balances of a call that was admitted, with its hold in them."""
    held_in: dict[str, int] = {}
    told = []
    for want, (settled, held) in zip(wants, found, strict=True):
        more = held_in.setdefault(want.bucket.id, held_by(want))
        counts = want.bucket.slides
        told.append((settled + more * counts, held + more * (not counts)))
    return balances(wants, told)


def sets_aside(want: Want) -> bool:
    """Whether its limit wants something set aside for when Redis is away."""
    return want.away is Away.LOCAL and want.enforce is Enforce.HARD and not want.bucket.is_rate


def held_by(want: Want) -> int:
    """What a call holds that is admitted: no more than a row may be charged."""
    return min(want.hold, LARGEST_HOLD)


def against(wants: Sequence[Want], found: Sequence[Sequence[int]], slots: Sequence[Any]) -> Reached | Refused:
    """Why a call was not admitted; a level that is reached goes before a wall."""
    there = balances(wants, found)
    pairs = tuple(enumerate(zip(there, wants, strict=True)))
    if reached := tuple([index for index, (each, want) in pairs if is_reached(each, want.below)]):
        return Reached(balances=there, by=reached)
    full = tuple([index for index, (each, want) in pairs if not _fits(each, want)])
    triples = enumerate(zip(there, wants, slots, strict=True))
    told = [_with_room(*each) if index in full else each[0] for index, each in triples]
    return Refused(balances=tuple(told), by=full)


def _fits(balance: Balance, want: Want) -> bool:
    """As Redis sees it, which counts no further than MOST."""
    told = balance if balance.amount <= MOST else replace(balance, amount=MOST)
    return fits(told, min(want.hold, MOST), want.overlooks)


def _with_room(balance: Balance, want: Want, slots: Any) -> Balance:
    """Of a rate in a window, with when it will have room for a call."""
    bucket = want.bucket
    if not slots:
        return balance
    assert bucket.rolling_us is not None
    assert bucket.slot_us is not None
    newest, counted = slots
    sliding = Sliding(bucket.rolling_us, bucket.slot_us, newest, [int(each or 0) for each in counted])
    return replace(balance, frees_us=sliding.frees_us(want.hold, want.amount), empty_us=sliding.empty_us())
