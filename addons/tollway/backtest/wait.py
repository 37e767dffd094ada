"""A call that waits for room in buckets."""

from typing import NamedTuple

from tollway.backtest.purse import Purse

MOST = 1_000
"""Calls that wait at one bucket; for more there is no place: as the proxy has it (`waiting`)."""


class Wait(NamedTuple):
    """Where it stands, and for how long."""

    purses: tuple[Purse, ...]
    until_us: int
    again_us: int | None = None
    """When there may be room though nothing is freed: in a rate's window; None: nobody knows."""
