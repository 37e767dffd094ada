"""JSON Web Tokens as they look: which texts are tokens, and what one says before anybody has checked it."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from msgspec import Struct

LARGEST = 16 * 1024
"""Characters. Tokens with 200 groups have some 12,000; to check one of a megabyte would take 83 ms."""

_PARTS = 3
_LIKENESS = re.compile(r"e[w-z0-9_-][A-Za-z0-9_-]*={0,2}(?:\.[A-Za-z0-9_-]*={0,2}){2,}")
"""Three parts in base64url or more (of a token that is encrypted, five), padded as some write them; the first
begins with a brace, as no key does."""


class Token(Struct, frozen=True, kw_only=True):
    """What a token says of itself: nothing of it is true yet."""

    text: str
    """Its one form, without padding: the same token may be written in several."""
    header: Mapping[str, Any]
    claims: Mapping[str, Any]

    def __repr__(self) -> str:
        """Without the token, which is a secret, and without what it says."""
        return f"Token({len(self.text)} characters)"


class _Unsound(ValueError):
    """A text that readers may read differently."""


def is_token(text: str) -> bool:
    """Whether a text looks like a token; whether it is one is another question."""
    return _LIKENESS.fullmatch(text) is not None


def read(text: str) -> Token | str:
    """What a token says; a text: why it can't be read. The text is one that looks like a token."""
    if len(text) > LARGEST:
        return f"it has {len(text)} characters, {LARGEST} at most are read"
    if "," in text:
        return "there are several in one place, and any may be another's"
    if not is_token(text):
        return "it is no token"
    parts = plain(text).split(".")
    if len(parts) != _PARTS:
        return f"it has {len(parts)} parts, and a signed token has {_PARTS}"
    try:
        header, claims = _members(parts[0]), _members(parts[1])
    except _Unsound as error:
        return str(error)
    except (ValueError, RecursionError):
        return "its parts are no JSON"
    return Token(text=".".join(parts), header=header, claims=claims)


def plain(text: str) -> str:
    """A token without padding: the one form in which it is checked and remembered."""
    return text.replace("=", "")


def _members(part: str) -> dict[str, Any]:
    try:
        text = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    except binascii.Error:
        raise _Unsound("its parts are not base64url") from None
    members = _DECODER.decode(text)
    if not isinstance(members, dict):
        raise _Unsound("its parts are no JSON objects")
    return members


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """RFC 7519, section 4: names of claims are unique; readers differ in which of two they go by."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Unsound("it names a member twice")
    return members


def _no_number(text: str) -> NoReturn:
    raise _Unsound(f"{text} is no number to reckon with")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_number)
