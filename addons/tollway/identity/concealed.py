"""All that a request shows as a credential, however it looks: it is to stand in no text that is kept."""

import base64
import binascii
from collections.abc import Collection, Iterable

from tollway.identity.credential import HEADERS, OTHERS, PROTOCOLS, is_secret, secrets

SHORTEST = 8
"""Characters: what is shorter may stand anywhere by chance."""
_KNOWN = frozenset({*HEADERS, *OTHERS, PROTOCOLS})


def concealed(
    fields: Iterable[tuple[bytes, bytes]], query: str, named: Collection[str] = ()
) -> frozenset[str]:
    """Each whole, without its scheme, and out of a log-in. `fields`: its headers; `named`: names, in small
    letters, of those in which credentials stand beside the usual ones."""
    found = set(secrets({}, query)) if query else set()
    for raw_name, raw in fields:
        name = raw_name.decode("latin-1").lower()
        if name in _KNOWN or name in named or is_secret(name):
            found |= _of(raw.decode("utf-8", "surrogateescape").strip(), name)
    return frozenset(text for text in found if len(text) >= SHORTEST)


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
