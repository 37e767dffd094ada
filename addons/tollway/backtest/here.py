"""A call at a place: where it is, what the policy makes of it there, and what it holds and comes to."""

from typing import NamedTuple

from tollway.backtest.kind import Kind
from tollway.backtest.load import Load
from tollway.routing.resolve import Target


class Here(NamedTuple):
    """Each way to shrink or move a call makes another one."""

    target: Target
    kind: Kind
    load: Load
