"""A made-up alert of each kind: what `tollway alerts test` sends."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from tollway.alerts import anomaly, outlook, spotted, trouble
from tollway.alerts.alert import Alert, Kind, bound_violated, found, level_reached, refused_first
from tollway.alerts.anomaly import Unusual, Who
from tollway.alerts.forecast import Forecast, Standing
from tollway.alerts.hours import hour_of
from tollway.budget.amounts import Amounts, Unit
from tollway.budget.bucket import Balance, Bucket, Enforce
from tollway.discovery.services import Found, Service, ServiceKind
from tollway.discovery.sighting import Sighting
from tollway.discovery.sighting import Who as Seen
from tollway.guardrails.rule import Do
from tollway.guardrails.verdict import Finding
from tollway.model import CallRecord, Cost
from tollway.money import NANO

DAY_US = 86_400_000_000
TEST = "a test, nothing has happened: "


def sample(kind: Kind, now_us: int) -> Alert:
    """One of this kind, which says that it is a test."""
    alert = _SAMPLES[kind](now_us)
    return replace(alert, text=f"{TEST}{alert.text}")


def _balance(now_us: int) -> Balance:
    start_us = now_us - now_us % DAY_US
    bucket = Bucket(
        limit="team-day", key="team-day", values={"team": "blue"}, unit=Unit.USD, start_us=start_us,
        end_us=start_us + DAY_US,
    )  # fmt: skip
    return Balance(bucket=bucket, amount=100 * NANO, enforce=Enforce.HARD, settled=80 * NANO, held=7 * NANO)


def _call(now_us: int) -> CallRecord:
    return CallRecord(
        id="made-up", state="done", started_us=now_us, user="ann", provider="openai", model="gpt-made-up",
        cost=Cost(output_nano=NANO), bound=Amounts(nano=NANO // 2),
    )  # fmt: skip


def _found(now_us: int) -> Alert:
    finding = Finding(kind="email", at="/messages/0/content", mark="0f1e2d3c", do=Do.REDACT, by="personal")
    return found(_call(now_us), finding, now_us)


def _forecast(now_us: int) -> Alert:
    balance = _balance(now_us)
    bucket, ends_us = balance.bucket, now_us + DAY_US // 2
    standing = Standing(
        bucket=bucket,
        amount=balance.amount,
        settled=balance.settled,
        since_us=bucket.start_us,
        until_us=ends_us,
        first_us=bucket.start_us,
    )
    expected = Forecast(standing=standing, total=160 * NANO, spent_us=now_us + DAY_US // 8)
    return outlook.told(expected, now_us).alert


def _anomaly(now_us: int) -> Alert:
    hour = Unusual(
        who=Who("user", "ann"),
        hour_us=hour_of(now_us),
        nano=42 * NANO,
        own_nano=2 * NANO,
        everybodys_nano=3 * NANO,
    )
    return anomaly.told(hour, now_us).alert


def _unmanaged(now_us: int) -> Alert:
    service = Service(name="Made-up Chat", kind=ServiceKind.CHAT, hosts=("chat.example",), source="none")
    seen = Sighting(
        day="", host="chat.example", who=Seen("ann"), connections=1, first_us=now_us, last_us=now_us
    )
    return spotted.unmanaged(Found(service, "chat.example", "chat.example"), seen, now_us).alert


def _store(now_us: int) -> Alert:
    before = trouble.Trouble(since_us=now_us - trouble.LASTS_US)
    _, alert = trouble.seen(before, "the ledger can't be written (made up)", now_us, "made-up")
    assert alert is not None
    return alert


_SAMPLES: Mapping[Kind, Callable[[int], Alert]] = {
    Kind.LEVEL: lambda now_us: level_reached(_balance(now_us), 80, now_us),
    Kind.REFUSED_FIRST: lambda now_us: refused_first(_balance(now_us), now_us),
    Kind.BOUND_VIOLATED: lambda now_us: bound_violated(_call(now_us), "openai_chat text", "bound-0", now_us),
    Kind.FOUND: _found,
    Kind.FORECAST: _forecast,
    Kind.ANOMALY: _anomaly,
    Kind.UNPRICED: lambda now_us: spotted.unpriced(_call(now_us), now_us).alert,
    Kind.UNMANAGED: _unmanaged,
    Kind.STORE: _store,
}
