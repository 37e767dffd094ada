"""One call for programs: the same fields in the live view's JSON and in the log."""

from typing import Any
from zoneinfo import ZoneInfo

from tollway.ledger.findings import as_json, kept
from tollway.model import CallRecord
from tollway.money import usd
from tollway.reporting.budgets import iso


def call_as_json(call: CallRecord, zone: ZoneInfo) -> dict[str, Any]:
    """What is known of a call: money in USD as a decimal string, times in the zone, null for what is not
    known. Of `Usage.known` the counts that were reported; no prompt, no answer, no credential. `calls`: of
    a row that stands for several."""
    return {
        "id": call.id,
        "started": iso(call.started_us, zone),
        "state": call.state,
        "user": call.user,
        "team": call.team,
        "role": call.role,
        "service": call.service,
        "program": call.program,
        "account": call.account,
        "session": call.session,
        "tags": dict(call.tags),
        "provider": call.provider,
        "operation": call.operation,
        "model_asked": call.model_asked,
        "model": call.model,
        "model_served": call.model_served,
        "stream": call.stream,
        **call.usage.known(),
        "cost_usd": usd(call.cost.nano),
        "cost_source": call.cost.source.value,
        "cost_flags": list(call.cost.flags),
        "billing": call.billing.value,
        "cache": call.cache,
        "saved_usd": usd(call.saved_nano),
        "limits": list(call.limits),
        "bound_usd": None if call.bound is None else usd(call.bound.nano),
        "first_byte_ms": _ms(call.started_us, call.first_byte_us),
        "duration_ms": _ms(call.started_us, call.ended_us),
        "status": call.status,
        "error": call.error,
        "action": call.action,
        "findings": [as_json(one) for one in kept(call.findings)],
        **({"calls": call.calls} if call.calls > 1 else {}),
    }


def _ms(from_us: int, to_us: int | None) -> int | None:
    return None if to_us is None else (to_us - from_us) // 1_000
