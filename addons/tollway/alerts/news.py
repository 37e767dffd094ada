"""Alerts that are told once over all processes of a ledger, and over their restarts: by a name."""

from hashlib import blake2b

from msgspec import Struct

from tollway.alerts.alert import Alert, Kind


class News(Struct, frozen=True, kw_only=True):
    """Something to be told."""

    name: str
    """What it is known by: the kind, and a hash of what it is about. Nobody's name is in it."""
    alert: Alert
    again_after_us: int | None = None
    """How long it is not told again; None: it never is."""


def known_as(kind: Kind, *about: str | None) -> str:
    """The name of an alert of this kind about these things, in every process."""
    text = "\n".join([each or "" for each in about]).encode("utf-8", "surrogatepass")
    return f"{kind.value} {blake2b(text, digest_size=16).hexdigest()}"
