"""A snapshot for programs: amounts as decimal strings in USD, counts as they are, times in the zone."""

from typing import Any
from zoneinfo import ZoneInfo

from tollway.ledger.store import REFUSAL, Raised
from tollway.live.snapshot import Snapshot
from tollway.live.spent import Line
from tollway.model import CallRecord
from tollway.money import usd
from tollway.reporting.budgets import bucket_as_json, iso


def as_json(snapshot: Snapshot) -> dict[str, Any]:
    """All that the view can show."""
    zone = snapshot.zone
    return {
        "at": iso(snapshot.now_us, zone),
        "timezone": zone.key,
        "span": snapshot.span.value,
        "in_flight": snapshot.flying,
        "total": _line(snapshot.total),
        "spent": {
            by: [{"value": line.value, **_line(line)} for line in lines]
            for by, lines in snapshot.spent.items()
        },
        "minutes": [{"calls": one.calls, "cost_usd": usd(one.cost_nano)} for one in snapshot.minutes],
        "budgets": [bucket_as_json(standing, zone) for standing in snapshot.standings],
        "calls": [_call(call, zone) for call in snapshot.calls],
        "alerts": [_alert(alert, zone) for alert in snapshot.alerts],
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "calls": line.calls,
        "cost_usd": usd(line.cost_nano),
        "notional_usd": usd(line.notional_nano),
    }


def _call(call: CallRecord, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": call.id,
        "started": iso(call.started_us, zone),
        "state": call.state,
        "user": call.user,
        "team": call.team,
        "program": call.program,
        "session": call.session,
        "provider": call.provider,
        "model_asked": call.model_asked,
        "model": call.model,
        **call.usage.known(),
        "cost_usd": usd(call.cost.nano),
        "cost_source": call.cost.source.value,
        "billing": call.billing.value,
        "first_byte_ms": _ms(call.started_us, call.first_byte_us),
        "duration_ms": _ms(call.started_us, call.ended_us),
        "status": call.status,
        "error": call.error,
        "action": call.action,
    }


def _ms(from_us: int, to_us: int | None) -> int | None:
    return None if to_us is None else (to_us - from_us) // 1_000


def _alert(alert: Raised, zone: ZoneInfo) -> dict[str, Any]:
    what = {"refused": True} if alert.level == REFUSAL else {"level": alert.level}
    return {
        "at": iso(alert.at_us, zone),
        "limit": alert.bucket.limit,
        "bucket": dict(alert.bucket.values),
        **what,
    }
