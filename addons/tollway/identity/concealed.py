"""All that a request shows as a credential, however it looks: it is to stand in no text that is kept."""

import base64
import binascii
from collections.abc import Collection, Iterable
from functools import lru_cache

from tollway.identity.credential import HEADERS, OTHERS, PROTOCOLS, is_secret, secrets

type Fields = tuple[tuple[bytes, bytes], ...]
"""Headers as they came: names and values."""

SHORTEST = 8
"""Characters: what is shorter may stand anywhere by chance."""
_KNOWN = frozenset({*HEADERS, *OTHERS, PROTOCOLS})


def concealed(
    fields: Iterable[tuple[bytes, bytes]], path: str, named: Collection[str] = ()
) -> frozenset[str]:
    """Each whole, without its scheme, and out of a log-in.

    `fields`: its headers; `path`: with its query; `named`: names, in small letters, of headers in which
    credentials stand beside the usual ones.
    """
    query = path.partition("?")[2]
    found = set(secrets({}, query)) if query else set()
    for raw_name, raw in fields:
        name, is_one = _named(raw_name)
        if is_one or name in named:
            found |= _of(raw.decode("utf-8", "surrogateescape").strip(), name)
    return frozenset(text for text in found if len(text) >= SHORTEST)


@lru_cache(maxsize=1024)
def _named(raw: bytes) -> tuple[str, bool]:
    """A header's name in small letters, and whether its values are credentials."""
    name = raw.decode("latin-1").lower()
    return name, name in _KNOWN or is_secret(name)


def _of(value: str, name: str) -> set[str]:
    """The forms of one header's value."""
    scheme, _, rest = value.partition(" ")
    found = {value, rest.strip(), *(part.strip() for part in value.split(","))}
    if name == "cookie":
        found |= {pair.partition("=")[2].strip() for pair in value.split(";")}
    if scheme.lower() == "basic":
        found.add(_login(rest.strip()))
    return found


def _login(text: str) -> str:
    """The password of a log-in in base64; of one without, its user: some tools take one word only."""
    try:
        user, _, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return ""
    return password or user
