"""What is known of one call, in words."""

from collections.abc import Collection, Iterator
from zoneinfo import ZoneInfo

from tollway.guardrails.verdict import Finding
from tollway.ledger.findings import kept
from tollway.live.call_lines import status
from tollway.live.figures import cost, duration
from tollway.live.flight import is_flying
from tollway.model import CallRecord
from tollway.money import usd
from tollway.reporting import periods
from tollway.reporting.figures import printable


def call_facts(
    call: CallRecord, now_us: int, zone: ZoneInfo, orphaned: Collection[str]
) -> list[tuple[str, str]]:
    """Each fact that is known, with its name. `orphaned`: the ids of open calls whose process died."""
    return [(name, value) for name, value in _facts(call, now_us, zone, orphaned) if value]


def _facts(
    call: CallRecord, now_us: int, zone: ZoneInfo, orphaned: Collection[str]
) -> Iterator[tuple[str, str]]:
    yield "call", call.id
    yield "began", f"{periods.local(call.started_us, zone):%Y-%m-%d %H:%M:%S}"
    yield "stands for", f"{call.calls:,} calls, merged" if call.calls > 1 else ""
    yield from _caller(call)
    yield "provider", " ".join(filter(None, (call.provider, call.operation, call.host)))
    yield "model", printable(call.model)
    yield "asked for", _other(call.model_asked, call.model)
    yield "served", _other(call.model_served, call.model)
    yield "tier", _other(call.tier)
    yield (
        "used",
        ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in call.usage.known().items()),
    )
    yield from _money(call)
    yield "limits", ", ".join(map(printable, call.limits))
    yield "done", _other(call.action)
    yield "found", "; ".join(_found(one) for one in kept(call.findings))
    yield "status", f"{status(call, orphaned)} {_other(call.error) if call.status else ''}".rstrip()
    yield from _course(call, now_us, orphaned)


def _found(one: Finding) -> str:
    place = f" at {printable(one.at)}" if one.at else ""
    times = f", {one.times} times" if one.times > 1 else ""
    done = f"{one.do.word} by {one.by}{' in shadow' if one.shadow else ''}"
    mark = f", hash {one.mark}" if one.mark else ""
    return f"{one.kind} in the {one.text}{place}{times}: {done}{mark}"


def _caller(call: CallRecord) -> Iterator[tuple[str, str]]:
    for name in ("user", "team", "role", "service", "program", "account", "session", "client", "credential"):
        yield name, _other(getattr(call, name))
    yield (
        "known by",
        f"{call.identity}{'' if call.verified else ', not vouched for'}" if call.identity else "",
    )
    yield "tags", ", ".join(f"{printable(name)}={printable(value)}" for name, value in call.tags.items())


def _other(value: str | None, known: str | None = None) -> str:
    """A value, if there is one, and another than is known."""
    return printable(value) if value and value != known else ""


def _money(call: CallRecord) -> Iterator[tuple[str, str]]:
    yield "cost", f"{cost(call)}: {', '.join((call.cost.source.value, *call.cost.flags))}"
    parts = ("input", "cache_read", "cache_write", "output", "other")
    found = [(name, getattr(call.cost, f"{name}_nano")) for name in parts]
    yield "of that", ", ".join(f"{name.replace('_', ' ')} ${usd(nano)}" for name, nano in found if nano)
    yield "price", call.cost.price_version
    yield "at most", f"${usd(call.bound.nano)}" if call.bound is not None else ""
    yield "cache", f"{_other(call.cache)}{f', saved ${usd(call.saved_nano)}' if call.saved_nano else ''}"


def _course(call: CallRecord, now_us: int, orphaned: Collection[str]) -> Iterator[tuple[str, str]]:
    if call.first_byte_us is not None:
        yield "first byte", f"after {duration(call.first_byte_us - call.started_us)}"
    if is_flying(call, orphaned):
        yield "in flight", f"for {duration(now_us - call.started_us)}"
    elif call.state == "open":
        yield "took", "nobody knows: its process died"
    elif call.ended_us is not None:
        yield "took", duration(call.ended_us - call.started_us)
    yield "bytes", f"{call.request_bytes:,} sent, {call.response_bytes:,} received"
