"""What a statement asks of a ledger: sums that agree, what was refused, and how far limits got."""

from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct

from tollway.ledger.attributes import Where
from tollway.ledger.store import EARLIEST_US, LATEST_US, Books, BucketRow, Group
from tollway.ledger.sums import Sums


class Unanswered(Struct, frozen=True, kw_only=True):
    """Calls without an answer that are alike."""

    period_us: int
    """The start of the first call without an answer in its period."""
    group: Group
    error: str
    """Why, as in the ledger: over_limit, access_denied, cut ..."""
    limits: tuple[str, ...]
    """The name of the limit or rate that refused them; where the row does not say that, of all limits that
    they met."""
    provider: str
    model: str | None
    calls: int
    bounded: int
    """Of how many the row says what they could have come to at the most, in money."""
    bound_nano: int
    """What that is for all of these together."""


class Statements(Books, Protocol):
    """A ledger, for statements. All raise LedgerError."""

    def several(
        self,
        groupings: Sequence[Sequence[str]],
        since_us: int = EARLIEST_US,
        until_us: int = LATEST_US,
        end_of: Callable[[int], int] | None = None,
        where: Where = (),
    ) -> list[dict[tuple[int, Group], Sums]]:
        """As `sums`, by several lists of attributes at once: each call is counted as it was at one moment, so
        that all of them come to the same."""

    def unanswered(
        self,
        by: Sequence[str],
        since_us: int = EARLIEST_US,
        until_us: int = LATEST_US,
        end_of: Callable[[int], int] | None = None,
        where: Where = (),
    ) -> list[Unanswered]:
        """Calls without an answer that started in [since, until), added up by period, by the values of
        attributes, and by why they had none, by provider and model. The rest is as of `sums`."""

    def past(self, since_us: int, until_us: int) -> list[BucketRow]:
        """The buckets of limits whose window, a calendar's, began in [since, until), over or not, by limit,
        values and start. They are kept for two months after it ended. A fleet's are in its Redis: none."""
