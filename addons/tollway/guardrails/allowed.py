"""What an operator allows: values that are found, and are to pass all the same.

A pure predicate over a kind and a value. An entry is a value itself, a pattern of it (`*@firma.de`), a
regular expression of RE2, or a keyed hash, for lists that may not say what they allow.
"""

import hmac
import re
from collections.abc import Callable, Iterable
from enum import Enum
from fnmatch import translate

import re2
from msgspec import Struct

Allowed = Callable[[str, str], bool]
"""Says of a kind and a value whether it may pass."""


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
    kinds: tuple[str, ...] = ()
    """What it is about; nothing here: anything."""


def hashed(key: bytes, value: str) -> str:
    """A value as a list may hold it: HMAC-SHA256, hexadecimal."""
    return hmac.digest(key, value.encode("utf-8", "surrogatepass"), "sha256").hex()


def allowed(allowances: Iterable[Allowance], key: bytes = b"") -> Allowed:
    """The predicate of a list; `key` is that of its hashes.

    Raises ValueError for a regular expression that RE2 does not take, and for a hash without a
    key or of another form.
    """
    entries = [(one.kinds, _tester(one, key)) for one in allowances]

    def passes(kind: str, value: str) -> bool:
        return any((not kinds or kind in kinds) and matches(value) for kinds, matches in entries)

    return passes


def _tester(allowance: Allowance, key: bytes) -> Callable[[str], bool]:
    text = allowance.text
    match allowance.how:
        case How.EXACT:
            return text.__eq__
        case How.GLOB:
            pattern = re.compile(translate(text.replace("[", "[[]")), re.IGNORECASE)
            return lambda value: pattern.match(value) is not None
        case How.RE2:
            return _regular(text)
    return _hash(text.lower(), key)


def _regular(text: str) -> Callable[[str], bool]:
    options = re2.Options()
    options.log_errors = False
    try:
        pattern = re2.compile(text, options)
    except re2.error as error:
        raise ValueError(f"RE2 does not take {text!r}: {error}") from None
    return lambda value: pattern.fullmatch(value) is not None


def _hash(text: str, key: bytes) -> Callable[[str], bool]:
    if not key:
        raise ValueError("a hash needs the key that it was made with")
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise ValueError(f"a hash has 64 hexadecimal digits, not {text[:80]!r}")
    return lambda value: hmac.compare_digest(hashed(key, value), text)
