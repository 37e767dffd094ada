"""Who may ask at the admin address."""

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from tollway.observe.loopback import is_for_this_machine, is_loopback
from tollway.observe.place import Place

LEAST, MOST = 16, 512
"""Characters of a token."""
BEARER = b"bearer "
Headers = Iterable[tuple[bytes, bytes]]


class Door(Struct, frozen=True, kw_only=True):
    """At a socket, whoever may open it; at a port, whoever has the token; without one, this machine alone."""

    digest: bytes | None = None
    """Of the token; None: none is asked for."""
    by_name: bool = True
    """Whether it has to be asked by a name of this machine."""
    open_probes: bool = False
    """Whether the probes answer yes or no to who has no token."""

    def knows(self, headers: Headers) -> bool:
        """Whether it was shown the token, once; always, where there is none. In the same time, whatever is
        shown."""
        if self.digest is None:
            return True
        shown = [value for name, value in headers if name == b"authorization"]
        said = shown[0] if len(shown) == 1 else b""
        token = said[len(BEARER) :].strip() if said[: len(BEARER)].lower() == BEARER else b""
        return hmac.compare_digest(_digest(token), self.digest)

    def is_asked_here(self, headers: Headers, is_probe: bool) -> bool:
        """Whether no page of a browser is behind it: those always say by which name. Probes of load balancers
        may say none."""
        if not self.by_name:
            return True
        host = next((value for name, value in headers if name == b"host"), None)
        if host is None:
            return is_probe
        return is_for_this_machine(host.decode("latin-1"))


class Entrance(Struct, frozen=True):
    """Where one asks, and who may."""

    place: Place
    door: Door


def door(place: Place, token: str | None, open_probes: bool = False) -> Door:
    """Raises ValueError for an address that others can reach, without a token."""
    if isinstance(place, Path):
        return Door(by_name=False)
    if token is not None:
        return Door(digest=_digest(token.encode()), by_name=False, open_probes=open_probes)
    if not is_loopback(place[0]):
        raise ValueError(
            f"{place[0]!r} can be reached from other machines, and nobody is asked there who they are: write "
            "127.0.0.1, [::1] or localhost, or unix:PATH for a socket; or have them show a token "
            "(--admin-token-file FILE, or the variable TOLLWAY_ADMIN_TOKEN)"
        )
    return Door()


def checked(token: str) -> str:
    """A token, without white space around it. Raises ValueError, which does not say it."""
    found = token.strip()
    if not LEAST <= len(found) <= MOST:
        raise ValueError(
            f"the token has {len(found)} characters, and needs from {LEAST} to {MOST}: openssl rand -hex 32"
        )
    if not found.isascii() or not found.isprintable() or " " in found:
        raise ValueError("the token has characters that no header may have: openssl rand -hex 32")
    return found


def _digest(token: bytes) -> bytes:
    """All are of one length."""
    return hashlib.sha256(token).digest()
