"""Keys that Tollway gives out: who calls shows one in the place of a provider's, and holds none of those.

A key has 256 random bits, so its plain hash tells nothing of it, and is all that is kept.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from msgspec import Struct

from tollway.identity.credential import HEADERS, OTHERS, PROTOCOLS
from tollway.model import Identity

SOURCE = "virtual_keys"
PREFIX = "tw_"
BYTES = 32
ID_DIGITS = 12
_PLACES = (*HEADERS, *OTHERS, PROTOCOLS)
_SHAPE = re.compile(r"(?<![A-Za-z0-9_-])tw_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")


class VirtualKey(Struct, frozen=True, kw_only=True):
    """What is kept of a key. Times are microseconds since the epoch."""

    digest: bytes
    """SHA-256 of the key."""
    user: str | None = None
    team: str | None = None
    role: str | None = None
    service: str | None = None
    groups: tuple[str, ...] = ()
    created_us: int
    expires_us: int | None = None
    """None: never."""
    revoked_us: int | None = None

    @property
    def id(self) -> str:
        """What people call it: it tells nothing of the key."""
        return self.digest.hex()[:ID_DIGITS]

    def state(self, now_us: int) -> str:
        """`valid`, `expired` or `revoked`."""
        if self.revoked_us is not None:
            return "revoked"
        return "expired" if self.expires_us is not None and self.expires_us <= now_us else "valid"

    def identity(self) -> Identity:
        """Who its bearer is."""
        return Identity(
            user=self.user,
            team=self.team,
            role=self.role,
            service=self.service,
            groups=self.groups,
            source=SOURCE,
            verified=True,
        )


def made(random: bytes) -> str:
    """A key of these random bytes, of which there are 32."""
    return PREFIX + base64.urlsafe_b64encode(random).rstrip(b"=").decode()


def digest(key: str) -> bytes:
    """What a key is known by."""
    return hashlib.sha256(key.encode()).digest()


def has_key(text: str) -> bool:
    """Whether a key of ours stands in a text."""
    return PREFIX in text and _SHAPE.search(text) is not None


def shown(headers: Mapping[str, str], query: str) -> str | None:
    """The first key of ours in a request, wherever providers take theirs: in a header, by lower-case name,
    with a scheme or without, in a WebSocket's protocols, or in the query; None: there is none."""
    for name in _PLACES:
        if name in headers and PREFIX in headers[name] and (found := _SHAPE.search(headers[name])):
            return found[0]
    if PREFIX not in query:
        return None
    values = " ".join(value for _, value in parse_qsl(query))
    return found[0] if (found := _SHAPE.search(values)) else None
