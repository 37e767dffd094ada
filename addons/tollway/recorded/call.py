"""An entry of a file with its price, or with the reason why it has none."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from tollway.model import AWAITED, RETRIEVE, Billing, CallRecord, Endpoint, Source
from tollway.money import usd
from tollway.prices.base import FREE_OF_CHARGE
from tollway.recorded.exchange import Recorded

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNKNOWN_CALL, WEBSOCKET, NO_CALLS = "unknown_call", "websocket", "no_calls"
SHOWN_AGAIN, SHOWN_LATER = "shown_again", "shown_later"
MAY_COST = frozenset({UNKNOWN_CALL, WEBSOCKET})
"""Reasons of calls to a provider that nothing here reads, and that may cost."""


class Inner(Struct, frozen=True, kw_only=True):
    """One call on a WebSocket."""

    record: CallRecord
    reason: str | None = None
    """Why it costs nothing, or why its cost is an estimate."""


class Call(Struct, frozen=True, kw_only=True):
    """One entry."""

    n: int
    """Its place in the file, from 0."""
    url: str | None = None
    """Without query and log-in; None if it can't be read."""
    started_us: int | None = None
    status: int | None = None
    """None: no answer came."""
    endpoint: Endpoint | None = None
    """None: it is no provider's."""
    record: CallRecord | None = None
    """As the ledger would have it, but that usage stands where it was reported; None: it is not metered."""
    reason: str | None = None
    """Why it is not metered, why it costs nothing, or why its cost is an estimate."""
    is_damaged: bool = False
    calls: tuple[Inner, ...] = ()
    """Those on a WebSocket, which `record` sums up."""

    @property
    def records(self) -> tuple[CallRecord, ...]:
        """What is billed, call by call."""
        if self.calls:
            return tuple(call.record for call in self.calls)
        return () if self.record is None else (self.record,)

    @property
    def may_cost(self) -> bool:
        """It is not metered, and that may be a gap."""
        return self.record is None and self.reason in MAY_COST


def why(record: CallRecord, entry: Recorded) -> str | None:
    """Why a metered call costs nothing, or an estimate; None if it is billed as reported."""
    cost = record.cost
    if cost.source is Source.ESTIMATED:
        return _why_estimated(record, entry)
    if cost.nano:
        return None
    if FREE_OF_CHARGE in cost.flags:
        return "free"
    if record.operation == RETRIEVE and cost.source is Source.NONE:
        return nothing_done(entry) or SHOWN_AGAIN
    if any(record.usage.known().values()):
        return "charged_nothing" if cost.source is Source.PROVIDER else "priced_at_zero"
    return nothing_done(entry) or "nothing_used"


def why_on_socket(record: CallRecord, left: bool) -> str | None:
    """The same of a call on a WebSocket, which has no status but the socket's. `left`: it was taken up."""
    cost = record.cost
    if cost.source is Source.ESTIMATED:
        return _unreported(record)
    if cost.nano:
        return None
    if FREE_OF_CHARGE in cost.flags:
        return "free"
    if any(record.usage.known().values()):
        return "charged_nothing" if cost.source is Source.PROVIDER else "priced_at_zero"
    return "nothing_used" if left else "refused"


def nothing_done(entry: Recorded) -> str | None:
    """Why an exchange costs nothing for sure, whatever was asked: it never left, or the provider refused."""
    if not entry.left:
        return "from_cache" if entry.cached else "not_sent"
    if entry.status is None or 200 <= entry.status < 300:
        return None
    return f"http_{entry.status}"


def _why_estimated(record: CallRecord, entry: Recorded) -> str:
    if record.status is not None and entry.response_body is None:
        return "answer_not_recorded"
    return _unreported(record)


def _unreported(record: CallRecord) -> str:
    if record.status is None:
        return "no_answer"
    return AWAITED if AWAITED in record.cost.flags else "no_usage"


def as_json(call: Call) -> dict[str, Any]:
    """The call's element of the list; keys are never left out, amounts are decimal strings in USD."""
    endpoint, record = call.endpoint, call.record
    return {
        "n": call.n,
        "url": call.url,
        "time": None if call.started_us is None else _iso(call.started_us),
        "provider": endpoint.provider if endpoint else None,
        "operation": (endpoint.operation or None) if endpoint else None,
        "model": record.model if record else endpoint.model if endpoint else None,
        "model_served": record.model_served if record else None,
        "tier": record.tier if record else None,
        "status": call.status,
        "stream": record.stream if record else None,
        "metered": record is not None,
        "reason": call.reason,
        "error": record.error if record else None,
        "usage": record.usage.known() if record else {},
        **_charged(record),
        "calls": [_on_socket(inner) for inner in call.calls],
    }


def _on_socket(call: Inner) -> dict[str, Any]:
    """A call on a WebSocket."""
    record = call.record
    return {
        "time": _iso(record.started_us),
        "operation": record.operation,
        "model": record.model,
        "model_served": record.model_served,
        "tier": record.tier,
        "reason": call.reason,
        "error": record.error,
        "usage": record.usage.known(),
        **_charged(record),
    }


def _charged(record: CallRecord | None) -> dict[str, Any]:
    """What it costs, and by what."""
    return {
        "cost_usd": usd(record.cost.nano) if record else None,
        "cost_source": (record.cost.source if record else Source.NONE).value,
        "billing": (record.billing if record else Billing.METERED).value,
        "flags": list(record.cost.flags) if record else [],
        "price_version": (record.cost.price_version or None) if record else None,
    }


def _iso(us: int) -> str:
    at = EPOCH + timedelta(microseconds=us)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
