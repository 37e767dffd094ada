"""A ledger with calls of several callers, as pages read it."""

from contextlib import closing
from pathlib import Path
from typing import Any

from tests.tollway.ledger.samples import NOON_US, call
from tollway.ledger.connect import connect
from tollway.ledger.row import UPSERT, row_of
from tollway.model import CallRecord, Cost

HOUR_US = 3_600_000_000


def ann(id: str, nano: int = 0, **fields: Any) -> CallRecord:
    """A call of Ann's, for whom somebody vouches."""
    plain: dict[str, Any] = {"user": "ann", "verified": True, "identity": "proxy_jwt", "client": "10.0.0.1"}
    return call(id, cost=Cost(input_nano=nano), **{**plain, **fields})


def write(path: Path, *calls: CallRecord) -> None:
    """Put calls in a ledger, which is made if need be."""
    with closing(connect(path, "process")) as db:
        for each in calls:
            db.execute(UPSERT, row_of(each, "p"))


CALLS = (
    ann("a1", 5, started_us=NOON_US - 2 * HOUR_US, model="m1", status=200),
    ann("a2", 7, started_us=NOON_US - HOUR_US, model="m2", status=200, program="codex"),
    ann("a3", 11, started_us=NOON_US - 20 * HOUR_US, model="m1", status=200),
    ann("a4", started_us=NOON_US, error="over_limit", limits=("day",), action="block"),
    ann("hint", 100, verified=False, identity="provider_token", client="10.0.0.9"),
    ann("bob", 1000, user="bob"),
    ann("ci", 10_000, user=None, service="ci"),
    ann("team", 100_000, user=None, team="t"),
    ann("none", 10**6, user=None, verified=False, identity=None, error="over_limit", limits=("day",)),
)
"""Of today in Berlin, but for a3; each costs another power of ten, Ann's own the smallest."""
