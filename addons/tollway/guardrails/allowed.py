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
from msgspec.structs import replace

Allowed = Callable[[str, str], bool]
"""Says of a kind and a value whether it may pass."""
_ANY = ""
"""Stands for any kind."""


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
    """The predicate of a list. Its values and hashes may be many: they are looked up; `key` made the hashes.

    Raises ValueError for a regular expression that RE2 does not take, and for a hash without a key or of
    another form.
    """
    entries = list(allowances)
    values = _looked_up(one for one in entries if one.how is How.EXACT)
    hashes = _looked_up(_checked(one, key) for one in entries if one.how is How.HASH)
    patterns = [(one.kinds, _tester(one)) for one in entries if one.how in (How.GLOB, How.RE2)]

    def passes(kind: str, value: str) -> bool:
        if not values.isdisjoint(((kind, value), (_ANY, value))):
            return True
        if hashes:
            said = hashed(key, value)
            if not hashes.isdisjoint(((kind, said), (_ANY, said))):
                return True
        return any((not kinds or kind in kinds) and matches(value) for kinds, matches in patterns)

    return passes


def _looked_up(allowances: Iterable[Allowance]) -> frozenset[tuple[str, str]]:
    return frozenset((kind, one.text) for one in allowances for kind in one.kinds or (_ANY,))


def _checked(allowance: Allowance, key: bytes) -> Allowance:
    """A hash in small letters."""
    text = allowance.text.lower()
    if not key:
        raise ValueError("a hash needs the key that it was made with")
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise ValueError(f"a hash has 64 hexadecimal digits, not {allowance.text[:80]!r}")
    return replace(allowance, text=text)


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
