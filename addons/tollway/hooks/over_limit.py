"""The refusal of a call that a limit has no room for: which limit, what is left, and when that changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from mitmproxy.http import HTTPFlow

from tollway.admission import TurnedAway
from tollway.budget.remaining import quantity
from tollway.hooks.refusal import refuse

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SOON_SECONDS = 60
"""Waiting helps where a window ends within so many seconds, or others' holds are about to settle."""


def refuse_over_limit(flow: HTTPFlow, turned: TurnedAway, zone: ZoneInfo, now_us: int) -> None:
    """Answer for the provider, in its own shape."""
    refuse(flow, 429, told(turned, zone), "over_limit", retry_after(turned, now_us))


def told(turned: TurnedAway, zone: ZoneInfo) -> str:
    """A sentence or two for whoever reads it in a terminal."""
    name, balance = turned.limit.name, turned.balance
    if balance is None:
        return f'Tollway: the limit "{name}" can\'t take this call: {turned.reason or "others were first"}'
    unit = balance.bucket.unit
    left, amount = quantity(max(balance.left, 0), unit), quantity(balance.amount, unit)
    until = ""
    if balance.bucket.end_us is not None:
        at = (EPOCH + timedelta(microseconds=balance.bucket.end_us)).astimezone(zone)
        until = f" until {at:%Y-%m-%d %H:%M} {zone.key}"
    needs = f"this call may come to {quantity(turned.hold, unit)}"
    return f'Tollway: the limit "{name}" has {left} left of {amount}{until}, and {needs}'


def retry_after(turned: TurnedAway, now_us: int) -> int | None:
    """Seconds after which trying again helps; None: it does not."""
    if turned.held_by_others:
        return 1
    balance = turned.balance
    if balance is None or balance.bucket.end_us is None:
        return None
    seconds = -(-(balance.bucket.end_us - now_us) // 1_000_000)
    return max(seconds, 1) if seconds <= SOON_SECONDS else None
