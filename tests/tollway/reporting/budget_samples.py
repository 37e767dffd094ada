"""Buckets for the tests of what `tollway budgets` shows."""

from typing import Any
from zoneinfo import ZoneInfo

from tests.tollway.ledger.samples import NOON_US, call
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Bucket, Enforce
from tollway.ledger.store import BucketRow, Held
from tollway.money import NANO
from tollway.reporting.budgets import Budgets, standings
from tollway.reporting.periods import SECOND

HOUR_US = 3_600 * SECOND
MIDNIGHT_US = NOON_US - 12 * HOUR_US
"""2026-11-25 00:00 UTC."""


def row(limit: str = "day", **fields: Any) -> BucketRow:
    """10 USD a day, 3 USD of it settled from midnight to noon, 1 USD held; or with these fields."""
    calendar = {"start_us": MIDNIGHT_US, "end_us": MIDNIGHT_US + 24 * HOUR_US}
    rolling = {"start_us": 0, "rolling_us": fields.pop("rolling_us", None)}
    window = calendar if rolling["rolling_us"] is None else rolling
    bucket = Bucket(
        limit=limit, key=f"{limit}:0f1e", values=fields.pop("values", {}), unit=fields.pop("unit", Unit.USD),
        **window,
    )  # fmt: skip
    plain: dict[str, Any] = {
        "amount": 10 * NANO,
        "enforce": Enforce.HARD,
        "settled": 3 * NANO,
        "held": NANO,
        "started_us": MIDNIGHT_US,
    }
    return BucketRow(bucket=bucket, **{**plain, **fields})


ROWS = (
    row(),
    row("team-day", values={"team": "ml", "user": None}, settled=8 * NANO),
    row(
        "tokens", unit=Unit.TOKENS, amount=2_000_000, settled=123_456, held=0, enforce=Enforce.SOFT,
        rolling_us=24 * HOUR_US, values={"user": "ann\x1b[31m"},
    ),
    row("calls", unit=Unit.REQUESTS, amount=500, settled=0, held=0, enforce=Enforce.SHADOW),
)  # fmt: skip
LOST = Held(call=call("c-lost", state="lost", limits=("day",), bound=Amounts(nano=NANO)), alive=False)
DEAD = Held(call=call("c-dead", state="open", limits=("day",)), alive=False)
LIVE = Held(call=call("c-live", state="open", limits=("day",), bound=Amounts(nano=NANO)), alive=True)


def budgets(**fields: Any) -> Budgets:
    """All of ROWS as of noon, or with these fields."""
    plain: dict[str, Any] = {
        "standings": standings(ROWS, NOON_US),
        "holds": (LOST, DEAD, LIVE),
        "flat": ("company",),
        "zone": ZoneInfo("Europe/Berlin"),
    }
    return Budgets(**{**plain, **fields})
