"""What share of its limits' amounts is left for a call, as its buckets stand before it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from tollway.budget.bucket import Balance, Enforce

ALL = Fraction(1)


class Left(Struct, frozen=True):
    """Shares of 0 to 1. What a call has no bucket in leaves it all."""

    tightest: Fraction = ALL
    """The smallest one; shadow limits apart."""
    by_limit: Mapping[str, Fraction] = {}
    """The smallest one in each limit's buckets, shadow limits included."""

    def of(self, limit: str | None) -> Fraction:
        """In a limit of this name; None: in the tightest."""
        return self.tightest if limit is None else self.by_limit.get(limit, ALL)


def left_in(balances: Sequence[Balance]) -> Left:
    """What these buckets have left; rates are none of them."""
    tightest, by_limit = ALL, dict[str, Fraction]()
    for balance in balances:
        if balance.bucket.is_rate:
            continue
        share, name = _share(balance), balance.bucket.limit
        by_limit[name] = min(share, by_limit.get(name, ALL))
        if balance.enforce is not Enforce.SHADOW:
            tightest = min(tightest, share)
    return Left(tightest, by_limit)


def _share(balance: Balance) -> Fraction:
    """Of an amount of nothing, nothing is left."""
    return Fraction(max(balance.left, 0), balance.amount) if balance.amount else Fraction(0)
