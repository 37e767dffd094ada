"""Values as people read them."""

from collections.abc import Iterable

from tollway.money import NANO

ABSENT = "-"
"""Where there is nothing: a cell is never empty, so that words can be counted."""
_SUFFIXES = ("", "k", "M", "B", "T", "Q")


def printable(value: str | int | None) -> str:
    """A value as one line of text. Clients choose some: no control character reaches a terminal."""
    if value is None or value == "":
        return ABSENT
    text = str(value)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def compact(count: int) -> str:
    """A count in at most five characters: 9,999, then three digits: 12.3k, 456M. Rounded half up."""
    if count < 10_000:
        return f"{count:,}"
    unit: int = 10 ** (len(str(count)) - 3)
    rounded = (count + unit // 2) // unit * unit
    step = (len(str(rounded)) - 1) // 3
    digits = str(rounded)[:3]
    whole = len(str(rounded)) - 3 * step
    return f"{digits[:whole]}.{digits[whole:]}".rstrip(".") + _SUFFIXES[step]


def fixed(nano: int, decimals: int, separator: str = "") -> str:
    """An amount in USD to so many decimals, rounded half up."""
    unit = 10 ** (9 - decimals)
    whole, fraction = divmod((nano + unit // 2) // unit, 10**decimals)
    return f"{whole:,}.{fraction:0{decimals}d}".replace(",", separator)


def decimals(amounts: Iterable[int]) -> int:
    """How many decimals show two digits of the smallest amount; cents at least."""
    smallest = min((amount for amount in amounts if amount), default=NANO)
    return next((d for d in (2, 4, 6) if smallest >= 10 * 10 ** (9 - d)), 9)


def exact_decimals(amounts: Iterable[int]) -> int:
    """How many decimals show all of each amount; cents at least."""
    digits = [f"{amount % NANO:09d}".rstrip("0") for amount in map(abs, amounts)]
    return max([2, *map(len, digits)])


def signed(nano: int, decimals: int, separator: str = "", plus: str = "") -> str:
    """As `fixed`, of an amount that may be below nothing. `plus`: what stands before one above it."""
    if nano < 0:
        return f"-{fixed(-nano, decimals, separator)}"
    return f"{plus if nano else ''}{fixed(nano, decimals, separator)}"
