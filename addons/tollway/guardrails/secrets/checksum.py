"""Tokens that check themselves."""

from zlib import crc32

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 6
"""Digits to base 62 that 32 bits take."""


def base62(number: int) -> str:
    """Six digits, as the CRC of a token is written."""
    digits = ""
    for _ in range(_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def crc32_base62(token: str) -> bool:
    """Whether a token like `ghp_...` ends in the CRC-32 of what stands after its prefix.

    GitHub's scheme (the GitHub blog, 2021-04-05), and npm's (the GitHub changelog, 2021-09-23).
    """
    body = token.rpartition("_")[2]
    return token.isascii() and body[-_LENGTH:] == base62(crc32(body[:-_LENGTH].encode()))
