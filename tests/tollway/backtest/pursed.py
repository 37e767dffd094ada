"""Purses of a policy's one limit, or rate."""

from typing import Any

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.policy.written import policy
from tollway.backtest.load import Load
from tollway.backtest.purse import Purse
from tollway.backtest.purses import purse
from tollway.policy.limits import Limits

LOAD = Load(holds=(500, 100, 40, 60, 1), charges=(300, 70, 20, 50, 0), output_nano=0)


def made(text: str, at_us: int = NOON_US) -> Purse:
    """The purse of a policy's one limit, or rate."""
    limits = Limits(policy(text))
    (limit,) = limits.all_matching({})
    (bucket,) = limits.buckets_of(limit, {}, at_us)
    return purse(limit, bucket, at_us)


def limit(amount: str = "0.000002 USD", window: str = "day", **more: Any) -> str:
    said = "".join(f", {name}: {value}" for name, value in more.items())
    return f"limits: [{{name: a, amount: {amount}, window: {window}{said}}}]"
