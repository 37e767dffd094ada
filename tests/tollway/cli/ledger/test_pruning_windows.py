"""`tollway ledger prune` and limits: windows that run come to the same when they are added up anew."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.tollway.cli.ledger.test_pruning import run
from tests.tollway.ledger.limits import DAY_US, MINUTE_US, ended, opened
from tests.tollway.ledger.year import write
from tollway import clock
from tollway.ledger.connect import connect
from tollway.ledger.sqlite import SqliteLedger
from tollway.model import CallRecord
from tollway.policy.limits import Limits
from tollway.policy.load import load

POLICY = """
version: 1
timezone: Asia/Kathmandu
limits:
  - {name: year, amount: 100 USD, window: year}
  - {name: quarter, per: user, amount: 1000 requests, window: quarter}
  - {name: month, per: tag.project, amount: 1M tokens, window: month}
  - {name: week, match: {model: "*opus*"}, per: [team, program], amount: 1M input tokens, window: week}
  - {name: day, amount: 100 USD, window: day}
  - {name: rolling, per: user, amount: 100 USD, window: rolling 20d}
  - {name: short, per: group, amount: 100 requests, window: rolling 3h}
"""
"""Its hours begin a quarter past, by UTC's clocks."""
LIMITS = Limits(load(POLICY, "p.yaml"))


def calls(now_us: int) -> list[CallRecord]:
    """Around the beginning of each window, on both sides of it, and long before; many are alike."""
    began = [LIMITS.since_us(key, now_us) for key in LIMITS.keys()]
    starts = [at_us + n * 5 * MINUTE_US for at_us in began for n in range(-18, 18)]
    starts += [now_us - 390 * DAY_US + n * MINUTE_US for n in range(60)]
    return [
        ended(
            opened(f"c{n}", at_us=at_us, user="ann" if n % 9 else "bob", model="opus" if n % 7 else "haiku",
                   tags={"project": "a"} if n % 3 else {}, groups=("x", "y") if n % 5 else ()),
            1_000 + n, status=200 if n % 11 else 500,
        )
        for n, at_us in enumerate(starts) if at_us <= now_us
    ]  # fmt: skip


def settled(path: Path) -> dict[str, int]:
    """What each bucket has."""
    with closing(connect(path, "process")) as db:
        both = "buckets JOIN balances ON balances.bucket = buckets.id"
        return dict(db.execute(f"SELECT name, settled FROM {both} WHERE settled > 0"))


@pytest.mark.parametrize("unit", ["hour", "day"])
@pytest.mark.parametrize("before", ["1d", "3d", "40d"])
async def test_whatever_zone_it_is_cut_by(home: Path, before: str, unit: str) -> None:
    """By UTC's days, for no policy is at hand: the windows are Kathmandu's."""
    now_us = clock.now_us()
    path = write(home / "ledger.db", calls(now_us))
    with closing(SqliteLedger(path)) as ledger:
        await ledger.adopt(LIMITS, now_us)
        had = settled(path)
        result = run("--before", before, "--per", unit, "--yes")
        assert result.exit_code == 0, result.output
        with closing(connect(path, "process")) as db:
            ((rows, number),) = db.execute("SELECT count(*), sum(calls) FROM calls").fetchall()
            db.execute("DELETE FROM buckets")
            db.execute("DELETE FROM complete")
            db.execute("DELETE FROM minutes")
        await ledger.adopt(Limits(load("version: 1", "p.yaml")), now_us)
        await ledger.adopt(LIMITS, now_us)

    assert settled(path) == had
    assert len({name.partition(":")[0] for name in had}) == 7
    assert rows < number
