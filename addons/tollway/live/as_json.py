"""A snapshot for programs: amounts as decimal strings in USD, counts as they are, times in the zone."""

from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from tollway.ledger.store import REFUSAL, Raised
from tollway.live.flight import is_flying
from tollway.live.snapshot import Snapshot
from tollway.live.spent import Line
from tollway.model import CallRecord
from tollway.money import usd
from tollway.plans.seen import Seen
from tollway.reporting.budgets import bucket_as_json, iso
from tollway.reporting.call_as_json import call_as_json


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    """All that the view can show."""
    zone = snapshot.zone
    return {
        "at": iso(snapshot.now_us, zone),
        "timezone": zone.key,
        "span": snapshot.span.value,
        "in_flight": snapshot.flying,
        "total": line_as_json(snapshot.total),
        "spent": {
            by: [{"value": line.value, **line_as_json(line)} for line in lines]
            for by, lines in snapshot.spent.items()
        },
        "minutes": [{"calls": one.calls, "cost_usd": usd(one.cost_nano)} for one in snapshot.minutes],
        "budgets": [bucket_as_json(standing, zone) for standing in snapshot.standings],
        "calls": [live_call_as_json(call, zone, snapshot.orphaned) for call in snapshot.calls],
        "alerts": [_alert(alert, zone) for alert in snapshot.alerts],
        "plans": [_plan(plan, zone) for plan in snapshot.plans],
    }


def live_call_as_json(call: CallRecord, zone: ZoneInfo, orphaned: Collection[str]) -> dict[str, Any]:
    """What is known of a call. `state` is the ledger's; an open one whose process died is not `in_flight`."""
    return {**call_as_json(call, zone), "in_flight": is_flying(call, orphaned)}


def line_as_json(line: Line) -> dict[str, Any]:
    """What some calls come to."""
    return {
        "calls": line.calls,
        "cost_usd": usd(line.cost_nano),
        "notional_usd": usd(line.notional_nano),
    }


def _alert(alert: Raised, zone: ZoneInfo) -> dict[str, Any]:
    what = {"refused": True} if alert.level == REFUSAL else {"level": alert.level}
    return {
        "at": iso(alert.at_us, zone),
        "limit": alert.bucket.limit,
        "bucket": dict(alert.bucket.values),
        **what,
    }


def _plan(plan: Seen, zone: ZoneInfo) -> dict[str, Any]:
    """What a provider says of a plan; null for what it does not say."""
    whose, told = plan.whose, plan.gauges
    return {
        "provider": whose.provider,
        "account": whose.account or None,
        "user": whose.user or None,
        "plan": told.plan,
        "meter": told.meter,
        "credits": told.credits,
        "said": iso(told.at, zone),
        "gauges": [
            {
                "name": gauge.name,
                "used_percent": gauge.used_percent,
                "limit": gauge.limit,
                "remaining": gauge.remaining,
                "window_minutes": gauge.window_minutes,
                "resets": None if gauge.resets is None else iso(gauge.resets, zone),
            }
            for gauge in told.gauges
        ],
    }
