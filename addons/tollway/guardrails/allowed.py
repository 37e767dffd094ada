"""What an operator allows: values that are found, and are to pass all the same.

A pure predicate over a value and its keyed hash. An entry is a value itself, a pattern of it (`*@firma.de`),
a regular expression of RE2, or a hash, for lists that may not say what they allow.
"""

import hmac
import re
from collections.abc import Callable, Iterable
from enum import Enum
from fnmatch import translate

import re2
from msgspec import Struct

Allowed = Callable[[str, str], bool]
"""Says of a value and its `hashed` form whether it may pass."""
HASH_DIGITS = 32


class How(Enum):
    """How an entry says what it allows."""

    EXACT = "exact"
    """The value, letter for letter."""
    GLOB = "glob"
    """`*` stands for any text, `?` for one character; in any case."""
    RE2 = "re2"
    """A regular expression, of the whole value."""
    HASH = "hash"
    """What `hashed` makes of the value, in hexadecimal digits."""


class Allowance(Struct, frozen=True):
    """One entry of a list."""

    how: How
    text: str


def hashed(key: bytes, value: str) -> str:
    """A value as the ledger knows it, and lists may hold it: HMAC-SHA256, the first 128 bits, hexadecimal."""
    return hmac.digest(key, value.encode("utf-8", "surrogatepass"), "sha256").hex()[:HASH_DIGITS]


def allowed(allowances: Iterable[Allowance]) -> Allowed:
    """The predicate of a list. Its values and hashes may be many: they are looked up.

    Raises ValueError, as `check`.
    """
    entries = list(allowances)
    values = frozenset(one.text for one in entries if one.how is How.EXACT)
    hashes = frozenset(_digits(one.text) for one in entries if one.how is How.HASH)
    patterns = [_tester(one) for one in entries if one.how in (How.GLOB, How.RE2)]

    def passes(value: str, mark: str) -> bool:
        return value in values or mark in hashes or any(matches(value) for matches in patterns)

    return passes


def check(allowance: Allowance) -> None:
    """Raises ValueError for a regular expression that RE2 does not take, and for what is no hash."""
    allowed([allowance])


def _digits(text: str) -> str:
    """A hash in small letters."""
    if not re.fullmatch(f"[0-9a-f]{{{HASH_DIGITS}}}", text.lower()):
        raise ValueError(f"a hash has {HASH_DIGITS} hexadecimal digits, not {text[:80]!r}")
    return text.lower()


def _tester(allowance: Allowance) -> Callable[[str], bool]:
    if allowance.how is How.GLOB:
        glob = re.compile(translate(allowance.text.replace("[", "[[]")), re.IGNORECASE)
        return lambda value: glob.match(value) is not None
    options = re2.Options()
    options.log_errors = False
    try:
        pattern = re2.compile(allowance.text, options)
    except re2.error as error:
        raise ValueError(f"RE2 does not take {allowance.text!r}: {error}") from None
    return lambda value: pattern.fullmatch(value) is not None
