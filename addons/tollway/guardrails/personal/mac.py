"""Addresses of network cards: six pairs of hexadecimal digits, one separator throughout.

CERTAIN by that form, which nothing else has: a fingerprint has more pairs. Not found: group addresses
(broadcast, multicast: they are no card's), the range for documentation (RFC 7042), and those that count or
repeat.
"""

import re
from collections.abc import Iterator

from tollway.guardrails.found import Found, Tier
from tollway.guardrails.personal.reading import Reading

KIND = "mac"

_PAIR = "[0-9A-Fa-f]{2}"
_MAC = re.compile(
    rf"[:\-](?={_PAIR}[:\-])(?:(?<=(?<![0-9A-Za-z_:\-]){_PAIR}[:\-])|(?<=\\[nrt]{_PAIR}[:\-])){_PAIR}([:\-])(?:{_PAIR}\1){{3}}{_PAIR}"
    r"(?![0-9A-Za-z_]|[:\-][0-9A-Fa-f])"
)
_DOCUMENTATION = "00005e0053"
_COUNTING = (
    "00112233445566778899aabbccddeeff" * 2,
    "0123456789abcdef" * 2,
    "123456789abc" * 2,
    "deadbeefcafe" * 2,
)
_GROUP = 1
"""The bit of the first byte that says so."""


def macs(reading: Reading) -> Iterator[Found]:
    """All of the text's."""
    for match in _MAC.finditer(reading.text):
        if match[0][0] != match[1]:
            continue
        start = match.start() - 2
        digits = reading.text[start : match.end()].replace(match[1], "").lower()
        if not _is_nobodys(digits):
            yield reading.found(KIND, start, match.end(), Tier.CERTAIN)


def _is_nobodys(digits: str) -> bool:
    return (
        int(digits[:2], 16) & _GROUP != 0
        or digits.startswith(_DOCUMENTATION)
        or len(set(digits)) <= 2
        or any(digits in counting or digits in counting[::-1] for counting in _COUNTING)
        or len({digits[at : at + 2] for at in range(0, 12, 2)}) <= 2
    )
