"""Counting what is seen until it is written: callers and hosts are told apart up to a number a day."""

from dataclasses import dataclass
from typing import NamedTuple

from tollway.discovery.sighting import OTHERS, Sighting, Who

MOST = 10_000
"""Callers' hosts that are told apart a day: who may choose names, can't make a ledger grow by them."""
THE_OTHERS = Who(OTHERS, OTHERS, OTHERS, OTHERS)


class Seen(NamedTuple):
    """What counts are kept by."""

    host: str
    who: Who


@dataclass(slots=True)
class _Counts:
    connections: int = 0
    refused: int = 0
    sent: int = 0
    received: int = 0
    first_us: int = 0
    last_us: int = 0


class Tally:
    """What was seen since it was last taken. Times are in microseconds since 1970."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._counts: dict[Seen, _Counts] = {}
        self._told_apart: set[Seen] = set()
        self._day = ""

    def known_as(self, host: str, entry: str, who: Who) -> Seen:
        """What a caller's connections to a host are counted by. `entry`: the name in the list of services,
        which is what is left of the host once there are too many."""
        seen = Seen(host, who)
        if seen not in self._told_apart:
            if len(self._told_apart) >= self._most:
                return Seen(entry, THE_OTHERS)
            self._told_apart.add(seen)
        return seen

    def add(
        self,
        seen: Seen,
        now_us: int,
        *,
        connections: int = 0,
        refused: int = 0,
        sent: int = 0,
        received: int = 0,
    ) -> None:
        """Count so much more."""
        counts = self._counts.get(seen)
        if counts is None:
            counts = self._counts[seen] = _Counts(first_us=now_us)
        counts.connections += connections
        counts.refused += refused
        counts.sent += sent
        counts.received += received
        counts.last_us = max(counts.last_us, now_us)

    def take(self, day: str) -> list[Sighting]:
        """All of it, as of this day; counting begins anew."""
        taken, self._counts = self._counts, {}
        if day != self._day:
            self._day = day
            self._told_apart = set(taken)
        return [_sighting(day, seen, counts) for seen, counts in taken.items()]

    def put_back(self, sightings: list[Sighting]) -> None:
        """Count again what was taken and could not be written: as of the day on which it is."""
        for one in sightings:
            seen = Seen(one.host, one.who)
            self.add(
                seen,
                one.last_us,
                connections=one.connections,
                refused=one.refused,
                sent=one.sent_bytes,
                received=one.received_bytes,
            )
            counts = self._counts[seen]
            counts.first_us = min(counts.first_us, one.first_us)


def _sighting(day: str, seen: Seen, counts: _Counts) -> Sighting:
    return Sighting(
        day=day,
        host=seen.host,
        who=seen.who,
        connections=counts.connections,
        refused=counts.refused,
        sent_bytes=counts.sent,
        received_bytes=counts.received,
        first_us=counts.first_us,
        last_us=counts.last_us,
    )
