"""What passed to AI services that Tollway does not read, as a value: rows, and their total."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tollway.discovery.services import Services
from tollway.discovery.sighting import Sighting
from tollway.reporting.periods import local

NOT_READ = "Counted as it passed, undecrypted: nothing of what was said there was read."

BY = ("host", "service", "kind", "who", "user", "team", "program", "client", "day")
"""What rows may be grouped by. `who` is a user, or where none is known the client's address."""
_MEANS = {"host": ("service", "kind", "host"), "service": ("service", "kind")}
"""What goes with an attribute, since it follows from it."""

Group = tuple[str | None, ...]


@dataclass(slots=True)
class Passed:
    """Sums over some sightings. Times are in microseconds since 1970."""

    connections: int = 0
    refused: int = 0
    sent: int = 0
    received: int = 0
    first_us: int | None = None
    last_us: int | None = None

    def add(self, one: Sighting) -> None:
        """Add one up."""
        self.connections += one.connections
        self.refused += one.refused
        self.sent += one.sent_bytes
        self.received += one.received_bytes
        self.first_us = one.first_us if self.first_us is None else min(self.first_us, one.first_us)
        self.last_us = max(self.last_us or 0, one.last_us)


@dataclass(frozen=True, slots=True)
class Discovered:
    """What was seen on the days in [since, until)."""

    by: tuple[str, ...]
    """With what follows from it."""
    rows: tuple[tuple[Group, Passed], ...]
    """A value for each of `by`; None: nobody knows. Where most went first."""
    total: Passed
    zone: ZoneInfo
    since: str | None = None
    until: str | None = None
    """Days, as 2026-11-30; None: all."""


def check(name: str) -> str:
    """The name itself, if rows may be grouped by it. Raises ValueError."""
    if name not in BY:
        raise ValueError(f"{name!r} is nothing to group by: there are {', '.join(BY)}")
    return name


def discovered(
    sightings: Iterable[Sighting],
    services: Services,
    by: Sequence[str],
    zone: ZoneInfo,
    since: str | None = None,
    until: str | None = None,
) -> Discovered:
    """What these come to, by attributes of BY."""
    names = tuple(dict.fromkeys(each for name in by for each in _MEANS.get(name, (name,))))
    rows: dict[Group, Passed] = {}
    total = Passed()
    for one in sightings:
        group = tuple(_VALUES[name](one, services) for name in names)
        rows.setdefault(group, Passed()).add(one)
        total.add(one)
    ordered = sorted(rows.items(), key=lambda row: (-row[1].sent - row[1].received, list(map(str, row[0]))))
    return Discovered(names, tuple(ordered), total, zone, since, until)


def as_json(found: Discovered) -> dict[str, Any]:
    """`{content_read, since, until, by, rows: [{<by>, connections, refused, sent_bytes, received_bytes,
    first_seen, last_seen}], total}`: times are ISO 8601 in the zone, days as they are; null: nobody knows."""
    return {
        "content_read": False,
        "since": found.since,
        "until": found.until,
        "by": list(found.by),
        "rows": [
            {**dict(zip(found.by, group, strict=True)), **_figures(passed, found.zone)}
            for group, passed in found.rows
        ],
        "total": _figures(found.total, found.zone),
    }


def _figures(passed: Passed, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "connections": passed.connections,
        "refused": passed.refused,
        "sent_bytes": passed.sent,
        "received_bytes": passed.received,
        "first_seen": iso(passed.first_us, zone),
        "last_seen": iso(passed.last_us, zone),
    }


def iso(us: int | None, zone: ZoneInfo) -> str | None:
    """A moment, to the second."""
    return None if us is None else local(us, zone).isoformat(timespec="seconds")


def _service(one: Sighting, services: Services) -> str | None:
    found = services.find(one.host)
    return None if found is None else found.service.name


def _kind(one: Sighting, services: Services) -> str | None:
    found = services.find(one.host)
    return None if found is None else found.service.kind.value


_VALUES: dict[str, Callable[[Sighting, Services], str | None]] = {
    "day": lambda one, services: one.day,
    "host": lambda one, services: one.host,
    "service": _service,
    "kind": _kind,
    "who": lambda one, services: one.who.user or one.who.client or None,
    "user": lambda one, services: one.who.user or None,
    "team": lambda one, services: one.who.team or None,
    "program": lambda one, services: one.who.program or None,
    "client": lambda one, services: one.who.client or None,
}
