"""What is told once, over all processes of a ledger and over their restarts: the contract of every store."""

import asyncio
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from tests.tollway.ledger.limits import DAY_US
from tests.tollway.ledger.samples import NOON_US, call
from tests.tollway.ledger.stores import Store
from tollway.ledger.connect import connect
from tollway.ledger.fault import LedgerError
from tollway.ledger.prune import prune
from tollway.ledger.sqlite import SqliteLedger
from tollway.ledger.store import Incidents
from tollway.ledger.told import KEPT_US, LONGEST


def memory(ledger: object) -> Incidents:
    """A ledger, as far as it is about what was told."""
    return cast(Incidents, ledger)


def listed(store: Store, since_us: int = 0) -> list[tuple[str, str]]:
    """What readers are shown: kinds and texts."""
    with closing(store.books()) as books:
        return [(one.kind, one.text) for one in books.told(since_us)]


async def test_a_name_is_told_once_by_whoever_asks_first(store: Store) -> None:
    with closing(store.open()) as one, closing(store.open()) as two:
        asked = [memory(each).first_told("unpriced a", NOON_US) for each in (one, two) for _ in range(3)]

        assert sorted(await asyncio.gather(*asked)) == [False] * 5 + [True]
        assert await memory(two).first_told("unpriced b", NOON_US)


async def test_it_is_remembered_over_restarts(store: Store) -> None:
    for expected in (True, False):
        with closing(store.open()) as ledger:
            assert await memory(ledger).first_told("unpriced a", NOON_US) is expected
            assert await memory(ledger).first_told("unpriced a", NOON_US + 900 * DAY_US) is False


async def test_it_is_told_again_once_so_long_has_passed(store: Store) -> None:
    """Since it was told, and not since somebody asked."""
    with closing(store.open()) as one, closing(store.open()) as two:
        moments = (0, DAY_US - 1, DAY_US, DAY_US + 1, 2 * DAY_US)
        found = [
            await memory(ledger).first_told("anomaly a", NOON_US + later, DAY_US)
            for later, ledger in zip(moments, (one, two, one, two, two), strict=True)
        ]

    assert found == [True, False, True, False, True]


async def test_a_clock_that_was_set_back_tells_nothing_again(store: Store) -> None:
    with closing(store.open()) as ledger:
        assert await memory(ledger).first_told("anomaly a", NOON_US, DAY_US)
        assert not await memory(ledger).first_told("anomaly a", NOON_US - 9 * DAY_US, DAY_US)


async def test_texts_are_listed_in_the_order_in_which_they_were_told(store: Store) -> None:
    """What has none is remembered alone; what was told again is there once."""
    with closing(store.open()) as ledger:
        told = memory(ledger).first_told
        await told("unpriced a", NOON_US + 2, None, "no price of x")
        await told("anomaly a", NOON_US, DAY_US, "first")
        await told("look", NOON_US, DAY_US)
        await told("anomaly b", NOON_US - 1, DAY_US, "ünï\ncode \udcff 1 2")
        await told("anomaly a", NOON_US + DAY_US, DAY_US, "again")
        await told("level c", NOON_US + 1, DAY_US, "x" * 5_000)

    assert listed(store) == [
        ("anomaly", "ünï\ncode ? 1 2"), ("level", "x" * LONGEST), ("unpriced", "no price of x"),
        ("anomaly", "again"),
    ]  # fmt: skip
    assert listed(store, NOON_US + 2) == [("unpriced", "no price of x"), ("anomaly", "again")]


async def test_what_may_be_told_again_is_forgotten_after_a_month_and_the_rest_never(store: Store) -> None:
    """A file is looked through when it is opened, Redis when something else is told."""
    later_us = NOON_US + DAY_US + KEPT_US + 1
    with closing(store.open()) as ledger:
        await memory(ledger).first_told("anomaly a", NOON_US, DAY_US, "gone")
        await memory(ledger).first_told("anomaly b", NOON_US + 2, DAY_US, "kept")
        await memory(ledger).first_told("unpriced a", NOON_US, None, "for ever")
        await ledger.record(call(started_us=later_us))
    if store.url.startswith("sqlite:"):
        SqliteLedger(Path(store.url.removeprefix("sqlite:")), now=lambda: later_us / 1e6).close()
    else:
        with closing(store.open()) as ledger:
            await memory(ledger).first_told("look", later_us)

    assert listed(store) == [("unpriced", "for ever"), ("anomaly", "kept")]


async def test_a_closed_ledger_remembers_nothing(store: Store) -> None:
    ledger = store.open()
    ledger.close()

    with pytest.raises(LedgerError, match="it is closed"):
        await memory(ledger).first_told("unpriced a", NOON_US)


def test_a_wrong_clock_alone_makes_nothing_forgotten(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "ledger.db", "process")) as db:
        db.execute("INSERT INTO told VALUES ('a', 1, 2, '')")
        prune(db, NOON_US)

        assert db.execute("SELECT count(*) FROM told").fetchone() == (1,)
