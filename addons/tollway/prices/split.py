"""Dividing a sum of whole units without losing one."""

from collections.abc import Sequence


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Whole shares of a total in proportion to weights, by largest remainder: they sum exactly to the total.

    Of equal remainders the earlier weight comes first. Weights are not negative, and one is positive.
    """
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: -remainders[place])
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares
