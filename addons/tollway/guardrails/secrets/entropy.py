"""How much like chance a value looks."""

from collections import Counter
from math import log2


def milli_bits(value: str) -> int:
    """Thousandths of a bit of Shannon entropy per character, of the value's own distribution."""
    repeated = sum(n * log2(n) for n in Counter(value).values() if n > 1)
    return int((log2(len(value)) - repeated / len(value)) * 1000)


def classes(value: str) -> int:
    """How many there are of lower case, upper case, digits and the rest."""
    return len({_class_of(character) for character in value})


def _class_of(character: str) -> str:
    if character.islower():
        return "lower"
    if character.isupper():
        return "upper"
    return "digit" if character.isdigit() else "other"
