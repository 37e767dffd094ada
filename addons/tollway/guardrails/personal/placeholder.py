"""Numbers that are nobody's: those that people write when they need any number."""

import re

_UP = "0123456789" * 3
_DOWN = _UP[::-1]
_COUNTING = (way[start : start + 7] for way in (_UP, _DOWN) for start in range(10))
_FILLER = re.compile(r"(.)\1{6}|" + "|".join(_COUNTING))


def is_placeholder(digits: str) -> bool:
    """Whether digits are one digit over and over, count up or down, or are a pattern of two or three digits.

    `000000000`, `123456789`, `1212121212`, `123123123`; for numbers of eight digits and more.
    """
    return (
        digits in _UP
        or digits in _DOWN
        or any(digits == (digits[:size] * len(digits))[: len(digits)] for size in (1, 2, 3))
    )


def has_filler(digits: str) -> bool:
    """Whether seven digits in it are one digit, or count: `4000000000000002`, `4123456789012349`.

    Of issued numbers that are as long as a card's some five in a million look like that.
    """
    return _FILLER.search(digits) is not None
