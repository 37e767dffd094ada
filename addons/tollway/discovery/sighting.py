"""What was seen of a service: who went there on a day, how often, and how many bytes passed."""

from typing import NamedTuple

from msgspec import Struct

from tollway.model import Identity

UNKNOWN = ""
"""In the place of what nobody knows."""
OTHERS = "(others)"
"""In the place of callers beyond the number that is told apart."""


LONGEST = 255
"""Characters of a name that are kept."""


class Who(NamedTuple):
    """A caller, as it was known when its connection was opened; UNKNOWN: it was not."""

    user: str = UNKNOWN
    team: str = UNKNOWN
    program: str = UNKNOWN
    client: str = UNKNOWN
    """Its address."""


def named(identity: Identity, program: str | None, client: str) -> Who:
    """A caller, in texts that a ledger can keep."""
    return Who(*map(_kept, (identity.user, identity.team, program, client)))


def _kept(text: str | None) -> str:
    return (text or UNKNOWN)[:LONGEST].encode("utf-8", "replace").decode()


class Sighting(Struct, frozen=True, kw_only=True):
    """One caller's connections to one host, of one day."""

    day: str
    """In the policy's time zone, as 2026-11-30."""
    host: str
    who: Who
    connections: int = 0
    """That were opened, or of plain HTTP, on which the host was asked."""
    refused: int = 0
    """That were not let through (`faults: unmanaged: refuse`)."""
    sent_bytes: int = 0
    """From the caller to the host, as they passed: encrypted, and without TCP's and IP's own."""
    received_bytes: int = 0
    """From the host to the caller."""
    first_us: int
    last_us: int
    """When something of them was first and last seen, in microseconds since 1970."""
