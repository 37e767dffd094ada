"""What a ledger does, whatever keeps it."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from tollway.ledger.sums import Sums
from tollway.model import CallRecord

if TYPE_CHECKING:  # a report has no use for it, and it takes 40 ms to import
    import asyncio

    from tollway.ledger.charged import Charged

EARLIEST_US, LATEST_US = 0, 7_258_118_400_000_000
"""All that a ledger holds started between these: 1970 and 2200."""

Group = tuple[str | int | None, ...]
"""A value for each attribute that was asked for; None: the call has none."""


class Ledger(Protocol):
    """Where a process writes its calls. Belongs to one event loop."""

    def record(self, call: CallRecord, soon: bool = False) -> "asyncio.Future[None]":
        """Write a call, or all that has become known of it since. Done once the row outlives this process.

        `soon`: nobody waits for it, so it may wait some milliseconds to be written with others.

        To be called on the event loop; waits for nothing. The future raises LedgerError if the row could not
        be written. A row's `started_us` is that of its first record.
        """

    def close(self) -> None:
        """Write what is waiting, then let go. Blocks, so not on an event loop that has calls to serve."""


class Books(Protocol):
    """A ledger, for reading: from any thread, but not from an event loop that has calls to serve."""

    def calls(self, since_us: int = EARLIEST_US, until_us: int = LATEST_US) -> Iterator[CallRecord]:
        """The calls that started in [since, until), in the order of their start."""

    def sums(
        self,
        by: Sequence[str],
        since_us: int = EARLIEST_US,
        until_us: int = LATEST_US,
        end_of: Callable[[int], int] | None = None,
    ) -> dict[tuple[int, Group], Sums]:
        """The sums over the calls that started in [since, until), by period and by the values of attributes.

        `by`: names of `attributes.COLUMNS`, or `tag.KEY`. `end_of`: a moment -> the end of its period;
        without it all is one period. A period is known by the earliest start of a call in it.
        """

    def charged(
        self, by: Sequence[str], since_us: int = EARLIEST_US, until_us: int = LATEST_US
    ) -> "Iterator[Charged]":
        """What re-pricing needs of the calls that started in [since, until), in the order of their start.

        `by`: as of `sums`.
        """

    def close(self) -> None:
        """Let go."""
