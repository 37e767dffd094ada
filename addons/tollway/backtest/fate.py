"""What becomes of a call under the policy."""

from typing import NamedTuple

from tollway.backtest.by import By
from tollway.backtest.here import Here
from tollway.backtest.purse import Purse

CLAMPED, WAITED, REROUTED = "clamped", "waited", "rerouted"


class Deed(NamedTuple):
    """One thing that was done to it."""

    what: str
    """CLAMPED, WAITED or REROUTED."""
    by: By
    saved_nano: int = 0
    """How much less it comes to; below zero: more."""


class Fate(NamedTuple):
    """How it ends."""

    here: Here
    """As it leaves, or was turned away."""
    deeds: tuple[Deed, ...] = ()
    refused: By | None = None
    """What turns it away; None: it leaves."""
    purse: Purse | None = None
    """The one that had no room for it; None: that is not why."""
    over: tuple[Purse, ...] = ()
    """Those of shadow limits that had no room for it."""
