"""What providers say of plans is written when it is new, and nobody waits for it."""

import asyncio
import logging

import pytest

from tollway.ledger.fault import LedgerError
from tollway.planning import AGAIN_US, Planning
from tollway.plans.seen import Seen, of_call
from tollway.sockets.events import Gauge, Gauges

NOW = 1_795_462_800_000_000


class Kept:
    """A ledger's verb, and a clock."""

    def __init__(self) -> None:
        self.notes: list[Seen] = []
        self.written: list[asyncio.Future[None]] = []
        self.now_us = NOW

    def note(self, seen: Seen) -> "asyncio.Future[None]":
        self.notes.append(seen)
        self.written.append(asyncio.get_running_loop().create_future())
        return self.written[-1]

    def clock(self) -> int:
        return self.now_us


def said(used: float = 42, at: int = NOW, account: str = "a", resets: int | None = None) -> Seen:
    gauge = Gauge(name="5h", used_percent=used, resets=resets)
    return of_call("anthropic", account, None, Gauges(at=at, gauges=(gauge,)))


async def test_what_is_said_again_is_written_once_in_a_while() -> None:
    kept = Kept()
    planning = Planning(kept.note, kept.clock)

    for seen in (said(), said(at=NOW + 1), said(43, NOW + 2), said(43, NOW + 2 + AGAIN_US)):
        planning.hear(seen)

    assert [(one.gauges.gauges[0].used_percent, one.gauges.at - NOW) for one in kept.notes] == [
        (42, 0), (43, 2), (43, 2 + AGAIN_US),
    ]  # fmt: skip


async def test_the_fullest_account_is_told_until_its_window_begins_anew() -> None:
    kept = Kept()
    planning = Planning(kept.note, kept.clock)
    planning.hear(said(99, account="b", resets=NOW + 5))
    planning.hear(said(42))

    assert planning.used() == {("anthropic", "5h"): 99}
    kept.now_us += 5
    assert planning.used() == {("anthropic", "5h"): 42}


async def test_the_longest_unheard_of_is_forgotten_first() -> None:
    kept = Kept()
    planning = Planning(kept.note, kept.clock, most=2)
    for account, used in (("a", 90), ("b", 50), ("a", 90), ("c", 10)):
        planning.hear(said(used, account=account))

    planning.hear(said(20, account="d"))

    assert planning.used() == {("anthropic", "5h"): 20}


async def test_what_the_ledger_does_not_take_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    kept = Kept()
    planning = Planning(kept.note, kept.clock)
    for used in (1, 2, 3):
        planning.hear(said(used))
    kept.written[0].set_exception(LedgerError("it is full"))
    kept.written[1].cancel()
    kept.written[2].set_result(None)

    with caplog.at_level(logging.WARNING, "tollway.planning"):
        await asyncio.sleep(0)

    assert [record.getMessage() for record in caplog.records] == [
        "the ledger did not take what a provider said of a plan: it is full"
    ]
