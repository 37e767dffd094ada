"""What a value says once it is decoded."""

import binascii
import re

_BODY = re.compile(r"[A-Za-z0-9+/=]{40,}")
"""A line of a private key: that of Ed25519, RFC 8410, is the shortest with 64."""
_PAIR = re.compile(r"[^\x00-\x1f:]*:[^\x00-\x1f]{3,}")
_LEAST_KINDS = 16
"""Different characters in it; `AAAA...` has one."""


def base64(value: str) -> bool:
    """Whether it is base64, whole."""
    return decoded(value) is not None


def user_and_password(value: str) -> bool:
    """Whether it is `user:password` in base64, as HTTP's Basic scheme and Docker's settings have it."""
    try:
        pair = (decoded(value) or b"").decode()
    except UnicodeDecodeError:
        return False
    return _PAIR.fullmatch(pair) is not None


def json_web_token(value: str) -> bool:
    """Whether its header, RFC 7515 section 4, names an algorithm."""
    header = decoded(value.partition(".")[0].translate(_OF_ADDRESSES))
    return header is not None and b'"alg"' in header


def armoured_key(value: str) -> bool:
    """Whether there is a key between the lines of RFC 7468, rather than `...` or a few words."""
    line = _BODY.search(value)
    return line is not None and len(set(line[0])) > _LEAST_KINDS and ".." not in value


def decoded(value: str) -> bytes | None:
    """None if it is no base64. Padding may be left out."""
    try:
        return binascii.a2b_base64(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4), strict_mode=True)
    except ValueError:
        return None


_OF_ADDRESSES = str.maketrans("-_", "+/")
