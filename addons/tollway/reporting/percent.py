"""How much more or less an amount is than another, in per cent."""

from decimal import ROUND_HALF_UP, Decimal

_TENTH = Decimal("0.1")


def percent(now: int, before: int) -> Decimal | None:
    """By how much `now` is more than `before`, in per cent of that, to a tenth, rounded half up; None: of
    nothing there is no share."""
    if not before:
        return None
    return (Decimal(100 * (now - before)) / before).quantize(_TENTH, ROUND_HALF_UP)


def share(part: int, whole: int) -> Decimal | None:
    """How much of `whole` a part is, in per cent, to a tenth, rounded half up; None: of nothing."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(_TENTH, ROUND_HALF_UP)
