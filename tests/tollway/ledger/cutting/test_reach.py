"""How far a ledger may be cut."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.ledger.limits import DAY_US, HOUR_US, MINUTE_US, Limit, Limits, ended, opened
from tests.tollway.ledger.samples import NOON_US
from tollway.ledger.connect import connect
from tollway.ledger.cutting.reach import Reach, reach
from tollway.ledger.sqlite import SqliteLedger

BEFORE_US = NOON_US - 2 * DAY_US
LAST_YEAR = Limit("year", window_us=400 * DAY_US)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqliteLedger]:
    """A ledger whose process lives."""
    with closing(SqliteLedger(path, now=lambda: NOON_US / 1_000_000)) as ledger:
        yield ledger


async def keep(ledger: SqliteLedger, *limits: Limit) -> None:
    """Have limits kept, each of which counts a call of now."""
    await ledger.adopt(Limits(*limits), NOON_US)
    await ledger.record(ended(opened("now", session="s"), 1))


def reached(path: Path, before_us: int = BEFORE_US) -> Reach:
    with closing(connect(path, "process")) as db:
        return reach(db, path, before_us, NOON_US)


def test_without_limits_all_that_was_asked_for_may_go(path: Path) -> None:
    """But for what ended within a day."""
    assert reached(path) == Reach(BEFORE_US, NOON_US - DAY_US, (), (), NOON_US)


async def test_what_a_rolling_window_has_stays(ledger: SqliteLedger, path: Path) -> None:
    """The longest decides; and a day before it, for clocks that are set back."""
    await keep(
        ledger,
        Limit("short", rolling=True, window_us=HOUR_US),
        Limit("long", rolling=True, window_us=30 * DAY_US),
    )

    assert reached(path) == Reach(BEFORE_US, NOON_US - 31 * DAY_US - MINUTE_US, (), ("long",), NOON_US)


async def test_a_rolling_window_that_is_shorter_than_asked_for_is_not_told(
    ledger: SqliteLedger, path: Path
) -> None:
    await keep(ledger, Limit("short", rolling=True, window_us=HOUR_US))

    assert reached(path, NOON_US - 3 * DAY_US).because == ()


async def test_a_calendars_window_splits_what_is_merged(ledger: SqliteLedger, path: Path) -> None:
    await keep(ledger, LAST_YEAR, Limit("day"))

    starts = (NOON_US - NOON_US % (400 * DAY_US), NOON_US - 12 * HOUR_US)
    assert reached(path) == Reach(BEFORE_US, NOON_US - DAY_US, starts, (), NOON_US)


async def test_sessions_stay_where_a_limit_tells_them_apart(ledger: SqliteLedger, path: Path) -> None:
    """From where its window began on."""
    limit = Limit("talk", per=("session",), window_us=400 * DAY_US)
    await keep(ledger, limit)

    assert reached(path).until_us == NOON_US - NOON_US % limit.window_us
    assert reached(path).because == ("talk",)


async def test_so_do_those_that_a_limit_matches_by(ledger: SqliteLedger, path: Path) -> None:
    """Which the ledger does not say, but the policy."""
    await keep(ledger, LAST_YEAR)
    with closing(connect(path, "process")) as db:
        found = reach(db, path, BEFORE_US, NOON_US, {"year"})

    assert found.until_us == NOON_US - NOON_US % LAST_YEAR.window_us


async def test_limits_that_nobody_keeps_any_more_keep_nothing(ledger: SqliteLedger, path: Path) -> None:
    await keep(ledger, Limit("long", rolling=True, window_us=30 * DAY_US))
    await ledger.adopt(Limits(Limit("day")), NOON_US)

    assert reached(path).settled_us == NOON_US - DAY_US
