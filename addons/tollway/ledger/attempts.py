"""Calls as a backtest needs them: all that a policy may go by, one query, in the order of their start."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from tollway.backtest.attempt import COLUMNS, FIRST, Attempt
from tollway.ledger.attributes import expression
from tollway.ledger.counted import IS_REQUEST
from tollway.ledger.store import EARLIEST_US, LATEST_US
from tollway.model import USAGE_FIELDS

_USED = len(COLUMNS) + 1
_WHO = _USED + len(USAGE_FIELDS)


class Recorded(Protocol):
    """A ledger, for backtests."""

    def attempts(
        self, names: Sequence[str], since_us: int = EARLIEST_US, until_us: int = LATEST_US
    ) -> Iterator[Attempt]:
        """The calls that started in [since, until), in the order of their start.

        `names`: the attributes (`budget.attributes`) whose values tell calls apart.
        """

    def close(self) -> None:
        """Let go."""


def query(names: Sequence[str]) -> str:
    """All rows of a span, [since, until)."""
    wanted = (*COLUMNS, f"calls * ({IS_REQUEST})", *USAGE_FIELDS, *FIRST, *map(_column, names))
    return (
        f"SELECT {', '.join(wanted)} FROM calls INDEXED BY calls_started "
        "WHERE started_us >= ? AND started_us < ? ORDER BY started_us"
    )


def attempt(row: Sequence[Any]) -> Attempt:
    """The call of a row."""
    return Attempt._make((*row[:_USED], row[_USED:_WHO], row[_WHO:]))


def _column(name: str) -> str:
    return "groups" if name == "group" else expression(name)
