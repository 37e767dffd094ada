"""How a fleet's Redis is, for who asks whether calls can be held."""

from collections.abc import Callable

from tollway.ledger.fleet.desk import Desk
from tollway.ledger.fleet.server import script
from tollway.readiness.condition import Condition

CONDITION = script("evicting", "condition")


def condition(desk: Desk, now_us: Callable[[], int]) -> Condition:
    """Over the connection that calls are held by. Raises LedgerError where Redis is away."""
    names, asked_us = desk.names, now_us()
    clock_us, closed_us, waiting, evicts = desk.do(CONDITION, (names.meta, names.awaited), (asked_us,))
    told_us = (asked_us + now_us()) // 2  # as if the answer took as long as the question
    return Condition(
        is_shared=True,
        closed_us=closed_us,
        waiting=waiting,
        evicts=evicts.decode() or None,
        skew_us=told_us - clock_us if clock_us >= 0 else None,
    )
