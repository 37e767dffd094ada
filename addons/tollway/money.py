"""Money between its two forms: integer nano-dollars (1e-9 USD) inside, decimal USD strings outside."""

from decimal import ROUND_HALF_UP, Decimal

NANO = 1_000_000_000
"""Nano-dollars in a dollar."""


def usd(nano: int) -> str:
    """Nano-dollars as an exact decimal string in USD: no exponent, no needless zeros, "0" for zero."""
    whole, fraction = divmod(abs(nano), NANO)
    sign = "-" if nano < 0 else ""
    if not fraction:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{fraction:09d}".rstrip("0")


def nano(usd: Decimal) -> int:
    """USD as nano-dollars, rounded half up (a half goes away from zero).

    Raises ValueError for what is no amount: NaN, infinities.
    """
    if not usd.is_finite():
        raise ValueError(f"{usd} is not an amount of money")
    return int(usd.scaleb(9).to_integral_value(ROUND_HALF_UP))
