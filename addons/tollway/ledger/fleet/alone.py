"""A call that asks while Redis is away: what each of its limits does then, by what this process knows."""

from collections.abc import Sequence

from msgspec.structs import replace

from tollway.budget.bucket import Away, Balance, Enforce, Want, fits, is_reached
from tollway.ledger.fault import LedgerError
from tollway.ledger.fleet.asking import sets_aside
from tollway.ledger.fleet.mirror import Part
from tollway.ledger.store import Reached

Alone = tuple[Balance, ...] | Reached | LedgerError

SPENT = "{}; and of what limit {} had set aside for this process ({}) too little is left"
FULL = "{}; and as far as this process knows, limit {} ({}) has no room for it"
"""Of a soft limit, or a rate: nothing is set aside for those."""
WHERE = "store_down: local"


def of_fleet(balance: Balance, part: Part | None) -> Balance:
    """The same bucket over all processes, as far as it is known."""
    if part is None:
        return balance
    settled, held = part.of_all
    return replace(balance, settled=settled, held=held)


def decided(
    wants: Sequence[Want],
    own: Sequence[Balance],
    parts: Sequence[Part | None],
    is_leased: bool,
    away: LedgerError,
) -> Alone:
    """What is left over all processes, as far as it is known, if all admit it; else why it is not admitted.

    `own`: what this process has in each bucket; `is_leased`: it was heard of so lately that what was set
    aside for it still is; `away`: what is wrong with Redis.
    """
    known = tuple([of_fleet(balance, part) for balance, part in zip(own, parts, strict=True)])
    pairs = tuple(enumerate(zip(known, wants, strict=True)))
    if reached := tuple([index for index, (balance, want) in pairs if is_reached(balance, want.below)]):
        return Reached(balances=known, by=reached)
    against: LedgerError | None = None
    for index, (balance, want) in pairs:
        if want.away is Away.CLOSED:
            return away
        if not _admits(want, balance, own[index], parts[index], is_leased):
            why = SPENT if sets_aside(want) else FULL
            against = LedgerError(why.format(away, want.bucket.limit, WHERE))
    return against or known


def _admits(want: Want, known: Balance, own: Balance, part: Part | None, is_leased: bool) -> bool:
    if want.away is Away.OPEN:
        return True
    if want.bucket.is_rate:
        return fits(own, want.hold)
    if want.enforce is not Enforce.HARD:
        return fits(known, want.hold, want.overlooks)
    return part is not None and is_leased and own.settled + own.held + want.hold <= part.assured
