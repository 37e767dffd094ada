"""What stands for a value that was taken out: the same for the same value, and nobody's who has not the key.

`REDACTED_EMAIL_k3v7q2mfa6zd` is an identifier, in ASCII: models keep it, and so do code, JSON, addresses and
markdown. As it depends on nothing but the value and the scope, such as a session, each turn of a conversation
says the same, and the provider's prompt cache survives.
"""

import base64
import hmac
import re
from collections.abc import Iterator

_BEGIN = "REDACTED_"
_SIZE = 12
"""Characters of the hash, five bits each: two of a million values are one with a probability of 4e-7."""
_KIND = 26
"""Characters of a kind's name, at most."""
LONGEST = len(_BEGIN) + _KIND + 1 + _SIZE
"""Characters of a placeholder, at most."""

_PATTERN = re.compile(
    rf"{_BEGIN}[A-Z0-9_]{{0,{_KIND}}}_[a-z2-7]{{{_SIZE}}}", re.IGNORECASE | re.ASCII
)  # models write one in other letters
_NO_NAME = re.compile(r"[^A-Z0-9]+")


def placeholder(key: bytes, scope: str, kind: str, value: str) -> str:
    """What stands for a value of a kind in a scope; `key`: secret."""
    said = f"{len(scope)}:{scope}{len(kind)}:{kind}{value}".encode("utf-8", "surrogatepass")
    digest = base64.b32encode(hmac.digest(key, said, "sha256")).decode().lower()
    return f"{_BEGIN}{_NO_NAME.sub('_', kind.upper())[:_KIND]}_{digest[:_SIZE]}"


def is_placeholder(text: str) -> bool:
    """Whether a text is one, whoever's it is."""
    return _PATTERN.fullmatch(text) is not None


def placeholders(text: str) -> Iterator[tuple[int, int]]:
    """Where a text has some, from where up to where; in its order. Linear in its length."""
    yield from (match.span() for match in _PATTERN.finditer(text))
