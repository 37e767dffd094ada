"""Calls that wait for room in a bucket: first come, first served, woken when something there is freed.

In one process a call is woken by the settlement that frees its room, or at the moment when a rate has it.
What another process of the same ledger frees shows only when it is looked for: so the first in line looks
every POLL_SECONDS.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping

POLL_SECONDS = 0.25
MOST = 1_000
"""Calls that wait at one bucket; for more there is no place."""


class Place:
    """One call's place in the line. Its number is its turn; it stands at the buckets that refused it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.needs: Mapping[str, int] = {}
        """The buckets where it stands, by id, with what it would hold there at the least."""
        self.again: float | None = None
        """When there may be room though nothing is freed, by the line's clock; None: nobody knows."""
        self.gone = False
        """The client left: nothing is to be done for it any more."""
        self.called = asyncio.Event()


class Line:
    """Who waits, for the buckets of one ledger. Belongs to one event loop."""

    def __init__(
        self,
        poll_seconds: float = POLL_SECONDS,
        now: Callable[[], float] | None = None,
        most: int = MOST,
    ) -> None:
        """`now`: seconds of a clock that only goes forward; the event loop's own unless told. `most`: of
        those who wait at one bucket."""
        self._poll = poll_seconds
        self._most = most
        self._now = now
        self._number = 0
        self._standing: dict[str, dict[int, Place]] = {}

    def now(self) -> float:
        """Seconds, of the clock that deadlines are given in."""
        return self._now() if self._now is not None else asyncio.get_running_loop().time()

    def join(self) -> Place:
        """A place behind all others."""
        self._number += 1
        return Place(self._number)

    def __len__(self) -> int:
        """How many wait."""
        return len({number for standing in self._standing.values() for number in standing})

    @property
    def is_empty(self) -> bool:
        """Whether nobody waits at all."""
        return not self._standing

    def is_taken(self, buckets: Iterable[str]) -> bool:
        """Whether somebody waits at one of these buckets."""
        return any(bucket in self._standing for bucket in buckets)

    def ahead(self, place: Place, buckets: Iterable[str]) -> list[str]:
        """Those of these buckets at which somebody stands who came before it."""
        return [
            bucket
            for bucket in buckets
            if (there := self._standing.get(bucket)) is not None and min(there) < place.number
        ]

    def is_full(self, place: Place, buckets: Iterable[str]) -> bool:
        """Whether nobody else may stand at one of these buckets. Who stands there may stay."""
        places = [self._standing.get(bucket, {}) for bucket in buckets]
        return any(len(there) >= self._most and place.number not in there for there in places)

    def others(self, place: Place, bucket: str) -> list[int]:
        """What each of the others who wait at a bucket needs there."""
        standing = self._standing.get(bucket, {})
        return [other.needs[bucket] for other in standing.values() if other is not place]

    def stand(self, place: Place, needs: Mapping[str, int], again: float | None = None) -> None:
        """Stand at these buckets, and at no others any more; the number stays.

        `needs`: what it would hold in each of them at the least; `again`: as of the place.
        """
        self._step_aside(place)
        place.needs, place.again = dict(needs), again
        for bucket in place.needs:
            self._standing.setdefault(bucket, {})[place.number] = place

    def leave(self, place: Place) -> None:
        """Give the place up, to whoever is next: the call was admitted, or waits no longer."""
        self._step_aside(place)

    def send_away(self, place: Place) -> None:
        """The client left: end its wait at once."""
        place.gone = True
        self._step_aside(place)
        place.called.set()

    def freed(self, buckets: Iterable[str]) -> None:
        """Something was settled, released or lowered in these buckets: call whoever is first there."""
        for bucket in buckets:
            self._call_first(bucket)

    async def turn(self, place: Place, until: float) -> bool:
        """Wait for this place's turn: True, try again; False, `until` has passed or the client left."""
        while not place.gone and (left := until - self.now()) > 0:
            try:
                async with asyncio.timeout(
                    min(left, self._next_look(place)) if self._is_first(place) else left
                ):
                    await place.called.wait()
            except TimeoutError:
                if self._is_first(place) and self.now() < until:
                    return True
                continue
            place.called.clear()
            if self._is_first(place) and not place.gone:
                return True
        return False

    def _next_look(self, place: Place) -> float:
        """Seconds until the first in line looks again by itself."""
        return self._poll if place.again is None else min(self._poll, max(0, place.again - self.now()))

    def _is_first(self, place: Place) -> bool:
        return all(min(self._standing[bucket]) == place.number for bucket in place.needs)

    def _step_aside(self, place: Place) -> None:
        needs, place.needs = place.needs, {}
        for bucket in needs:
            standing = self._standing[bucket]
            del standing[place.number]
            if standing:
                self._call_first(bucket)
            else:
                del self._standing[bucket]

    def _call_first(self, bucket: str) -> None:
        if standing := self._standing.get(bucket):
            standing[min(standing)].called.set()
