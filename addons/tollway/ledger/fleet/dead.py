"""Nodes that were not heard of for a lease: what they held is charged, until they tell otherwise."""

from tollway.ledger.fleet.desk import Desk
from tollway.ledger.fleet.server import script

MOST_AT_ONCE = 500
"""Buckets in one step: Redis does nothing else meanwhile."""

REAP, LEAVE = script("reap"), script("leave")


def reap(desk: Desk, now_us: int) -> int:
    """Do it; in how many buckets they held something. Raises LedgerError."""
    names = desk.names
    found = 0
    desk.ask("ZREMRANGEBYSCORE", names.buckets, "-inf", now_us // 1_000)
    for node in desk.ask("ZRANGEBYSCORE", names.leases, "-inf", f"({now_us}"):
        keys = sorted(desk.ask("SMEMBERS", names.parts(node.decode())))
        for start in range(0, max(1, len(keys)), MOST_AT_ONCE):
            some = keys[start : start + MOST_AT_ONCE]
            is_last = start + MOST_AT_ONCE >= len(keys)
            keys_of_step = (names.nodes, names.leases, _leaving(desk), *some)
            found += desk.do(REAP, keys_of_step, (node, now_us, int(is_last)))
    _let_leave(desk, now_us)
    return found


def _let_leave(desk: Desk, now_us: int) -> None:
    """Let go of parts of the dead that have left the windows that they were in."""
    for entry in desk.ask("ZRANGEBYSCORE", _leaving(desk), "-inf", f"({now_us}"):
        node, _, key = entry.decode().partition(" ")
        desk.do(LEAVE, (desk.names.nodes, _leaving(desk), key), (node, entry, now_us))


def _leaving(desk: Desk) -> str:
    """Where it is noted when they will have."""
    return desk.names.named("leaving")
