"""The Luhn digit, as cards and some national numbers end with it (ISO/IEC 7812-1).

In an eighth of the time that python-stdnum takes, whose own is for any alphabet: logs have many numbers.
"""

_DOUBLED = str.maketrans("0123456789", "0246813579")
"""The sum of the digits of the double."""


def is_luhn(digits: str) -> bool:
    """Whether the last digit is right."""
    return sum(map(int, digits[::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0
