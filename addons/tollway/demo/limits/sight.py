"""What the ledger shows of a call while it is held, and once it has ended."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from tollway import clock
from tollway.demo.awaiting import seen
from tollway.ledger.open import open_books
from tollway.ledger.store import BucketRow
from tollway.model import CallRecord


@dataclass(frozen=True, slots=True)
class Sight:
    """A call and the limit's only bucket, as they stand."""

    call: CallRecord
    bucket: BucketRow

    @property
    def left(self) -> int:
        """What of the amount is neither settled nor held, in nano-dollars."""
        return self.bucket.amount - self.bucket.settled - self.bucket.held


class Sights:
    """Looks into a ledger until it shows what is awaited. Raises TollwayError if that does not come."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._known: set[str] = set()

    async def following(self) -> Sight:
        """The next call that limits have decided on: it holds something, or was refused."""
        found = await self._found(lambda call: call.id not in self._known)
        self._known.add(found.call.id)
        return found

    async def ended(self, id: str) -> Sight:
        """The call of this id, once it is settled."""
        return await self._found(lambda call: call.id == id and call.state == "done")

    async def _found(self, is_it: Callable[[CallRecord], bool]) -> Sight:
        return await seen(lambda: asyncio.to_thread(self._look, is_it))

    def _look(self, is_it: Callable[[CallRecord], bool]) -> Sight | None:
        books = open_books(self._url)
        try:
            call = next(filter(is_it, books.calls()), None)
            return None if call is None else Sight(call, books.buckets(clock.now_us())[0])
        finally:
            books.close()
