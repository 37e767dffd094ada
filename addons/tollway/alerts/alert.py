"""What an alert says: a sentence, for people and for Slack, and the same in fields, for programs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from tollway.alerts.plain import plain
from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Bucket
from tollway.budget.remaining import iso, quantity
from tollway.guardrails.rule import Do
from tollway.guardrails.verdict import Finding
from tollway.model import CallRecord
from tollway.money import usd


class Kind(StrEnum):
    """What happened, or will."""

    LEVEL = "level"
    """A limit's settled spend has reached a level."""
    REFUSED_FIRST = "refused_first"
    """A limit has refused a call: the first in this window of a bucket."""
    BOUND_VIOLATED = "bound_violated"
    """A call cost more than its bound."""
    FOUND = "found"
    """A guardrail found something that is not to leave, or not to come back."""
    FORECAST = "forecast"
    """A limit will be exceeded before its window ends, at this pace."""
    ANOMALY = "anomaly"
    """Somebody spends unusually much in an hour."""
    UNPRICED = "unpriced"
    """A model was called of which no price is known."""
    UNMANAGED = "unmanaged"
    """Somebody went to an AI service that Tollway does not read."""
    STORE = "store"
    """The ledger, or a fleet's Redis, is away, or back."""


AT_ONCE = frozenset({Kind.LEVEL, Kind.REFUSED_FIRST, Kind.BOUND_VIOLATED, Kind.FOUND})
"""Those of what a call did, told as it ends; the others are looked for."""


class Alert(Struct, frozen=True, kw_only=True):
    """One alert. It holds no prompt, no credential, and no address of a webhook."""

    kind: Kind
    text: str
    """A sentence, without mark-up."""
    at_us: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    """What there is beside, by the names that `document` lists."""
    parts: tuple["Alert", ...] = ()
    """Several of the kind that are told as one; empty: it is one."""

    @property
    def each(self) -> tuple["Alert", ...]:
        """The alerts that it is made of: itself, if it is one."""
        return self.parts or (self,)


def level_reached(balance: Balance, level: int, at_us: int) -> Alert:
    """A limit has reached a level, in percent."""
    text = f"the limit {named(balance.bucket)} has reached {level}%: {_spent(balance)}"
    fields = {"level": level, **_fields(balance)}
    return Alert(kind=Kind.LEVEL, text=text, at_us=at_us, fields=fields)


def refused_first(balance: Balance, at_us: int) -> Alert:
    """A limit has refused a call."""
    text = f"the limit {named(balance.bucket)} has refused a call: {_spent(balance)}"
    if balance.held:
        text = f"{text}, {quantity(balance.held, balance.bucket.unit)} held by calls in flight"
    fields = _fields(balance)
    return Alert(kind=Kind.REFUSED_FIRST, text=text, at_us=at_us, fields=fields)


def bound_violated(call: CallRecord, shape: str, alert: str, at_us: int) -> Alert:
    """A call cost more than its bound: `alert` is the id by which an operator accepts that."""
    served = f"{call.provider}/{plain(call.model)}" if call.model else call.provider
    text = (
        f"call {call.id} of {served} ({shape}) cost more than its bound: hard limits "
        f"refuse its like until faults.accept_bound has {alert}"
    )
    fields = {
        "alert": alert,
        "call": call.id,
        "provider": call.provider,
        "model": call.model,
        "shape": shape,
        "cost_usd": usd(call.cost.nano),
        "bound_usd": None if call.bound is None else usd(call.bound.nano),
    }
    return Alert(kind=Kind.BOUND_VIOLATED, text=text, at_us=at_us, fields=fields)


def found(call: CallRecord, finding: Finding, at_us: int) -> Alert:
    """A guardrail has found something in a call."""
    who = call.user or call.service or call.client or "a caller"
    done = {Do.BLOCK: "blocked it", Do.REDACT: "took it out"}.get(finding.do, "flags it")
    place = f" at {plain(finding.at)}" if finding.at else ""
    where = f"in a {finding.text} of {plain(who)}{place}"
    text = f"{finding.kind} {where}: the guardrail {finding.by} {done} (call {call.id})"
    fields = {
        "guardrail": finding.by,
        "found": finding.kind,
        "done": finding.do.word,
        "in": finding.text,
        "path": finding.at,
        "hash": finding.mark,
        "call": call.id,
        "user": call.user,
        "service": call.service,
        "client": call.client,
    }
    return Alert(kind=Kind.FOUND, text=text, at_us=at_us, fields=fields)


def document(alert: Alert) -> dict[str, Any]:
    """`{text, kind, at, ...}`, as a webhook takes it; Slack shows the text and leaves the rest alone.

    Of a limit: `limit`, `bucket` (the values of `per`), `level` (percent), `settled`, `held`, `amount` (USD
    as decimal strings, else whole numbers), `unit`, `from`, `until` (null for a rolling window). Of a call:
    `alert`, `call`, `provider`, `model`, `shape`, `cost_usd`, `bound_usd`. Of what a guardrail found:
    `guardrail`, `found`, `done`, `in`, `path`, `hash`, `call`, `user`, `service`, `client`. Of a
    forecast: a limit's, and `expected` and `spent_at`. Of an anomaly: `user`, `service`, `client` (the one
    that it is about), `hour`, `cost_usd`, `usual_usd` (null: too little is known), `everybodys_usd`. Of a
    model without a price: a call's, and `refused`, `user`, `service`, `client`. Of a service that nobody
    reads: `host`, `service_name`, `service_kind`, `user`, `team`, `program`, `client`, `connections`,
    `refused`. Of the store: `is_back`, `machine`, `since`. Of several that are told as one: `alerts`, a list
    of the same without `kind`.
    """
    return {
        "text": escaped(f"Tollway: {alert.text}"),
        "kind": alert.kind,
        "at": iso(alert.at_us),
        **alert.fields,
        **({"alerts": [listed(each) for each in alert.parts]} if alert.parts else {}),
    }


def listed(alert: Alert) -> dict[str, Any]:
    """One of a list: `{text, at, ...}`, its fields as `document` has them, its text without escapes."""
    return {"text": alert.text, "at": iso(alert.at_us), **alert.fields}


def escaped(text: str) -> str:
    """Text that Slack shows as it is: a user's name can't call a channel together.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def named(bucket: Bucket) -> str:
    """A limit, and whose bucket of it: `team-month (team blue)`. Callers choose some of the values."""
    who = ", ".join(f"{name} {plain(str(value))}" for name, value in bucket.values.items())
    return f"{bucket.limit} ({who})" if who else bucket.limit


def spent(bucket: Bucket, **amounts: int) -> dict[str, Any]:
    """The fields of a bucket, with these amounts in its unit: in USD as decimal strings."""
    unit = bucket.unit
    return {
        "limit": bucket.limit,
        "bucket": dict(bucket.values),
        **({name: usd(each) for name, each in amounts.items()} if unit is Unit.USD else amounts),
        "unit": unit.value,
        "from": iso(bucket.start_us) if bucket.rolling_us is None else None,
        "until": None if bucket.end_us is None else iso(bucket.end_us),
    }


def _spent(balance: Balance) -> str:
    unit = balance.bucket.unit
    return f"{quantity(balance.settled, unit)} of {quantity(balance.amount, unit)}"


def _fields(balance: Balance) -> dict[str, Any]:
    return spent(balance.bucket, settled=balance.settled, held=balance.held, amount=balance.amount)
