"""What each recorded request could have been billed for at most, and why."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from tollway.bound.bound import Bound, Unbounded
from tollway.bound.capacity import capacity_of
from tollway.bound.table import bound_of
from tollway.model import RETRIEVE, Endpoint, Kind
from tollway.money import usd
from tollway.prices.book import PriceBook
from tollway.prices.ceiling import Leaving
from tollway.providers.recognise import recognise
from tollway.providers.registry import Registry
from tollway.recorded.address import Address, address
from tollway.recorded.exchange import Entry, Recorded
from tollway.reporting.figures import printable
from tollway.wire import DIALECTS
from tollway.wire.coding import decode
from tollway.wire.counts import text
from tollway.wire.request_body import LARGEST, parsed

_UNREADABLE = Unbounded(reason="the body is not what its dialect says")
_NO_BODY = Unbounded(reason="the body was not recorded")


class Bounded(Struct, frozen=True, kw_only=True):
    """One call, and its bound."""

    n: int
    """The entry's number in the file, from 0."""
    url: str
    provider: str
    model: str | None
    found: Bound | Unbounded
    nano: int | None = None
    """What the bound comes to, in nano-dollars; None: no bound, no output maximum, or no known price."""


def bounds(entries: Iterable[Entry], registry: Registry, book: PriceBook, now_us: int) -> Iterator[Bounded]:
    """A bound for each inference call among the entries. It never raises for what an entry has inside.

    `now_us`: at whose prices a call is that the file does not date, in microseconds since the epoch.
    """
    for n, entry in enumerate(entries):
        if not isinstance(entry, Recorded) or entry.websocket:
            continue
        try:
            found = address(entry.url)
        except ValueError:
            continue
        endpoint = None if found is None else _endpoint(entry, found, registry)
        if found is None or endpoint is None or not _costs(endpoint):
            continue
        at_us = now_us if entry.started_us is None else entry.started_us
        yield _bounded(n, found._replace(host=endpoint.host).shown, entry, endpoint, book, at_us)


def _costs(endpoint: Endpoint) -> bool:
    """Whether a model answers: not where an answer made earlier is shown again."""
    return endpoint.kind is Kind.INFERENCE and endpoint.operation != RETRIEVE


def _endpoint(entry: Recorded, found: Address, registry: Registry) -> Endpoint | None:
    """What the first of the server's names is that is a provider's."""
    target = f"{found.path}?{found.query}"
    named = dict.fromkeys((*entry.names, found.host))
    known = (recognise(registry, name, found.port, entry.method, target) for name in named)
    return next((endpoint for endpoint in known if endpoint is not None), None)


def _bounded(n: int, url: str, entry: Recorded, endpoint: Endpoint, book: PriceBook, at_us: int) -> Bounded:
    headers, model = entry.request_headers, endpoint.model
    if entry.request_body is None:
        return Bounded(n=n, url=url, provider=endpoint.provider, model=model, found=_NO_BODY)
    body = parsed(
        decode(entry.request_body, headers.get("content-encoding", ""), LARGEST),
        headers.get("content-type", ""),
    )
    if body is None:
        return Bounded(n=n, url=url, provider=endpoint.provider, model=model, found=_UNREADABLE)
    asked = DIALECTS[endpoint.dialect].read_request(endpoint, body)
    model = asked.model or model
    found = bound_of(endpoint, asked, body, capacity_of(endpoint.provider, model))
    leaving = Leaving(
        provider=endpoint.provider,
        host=endpoint.host,
        operation=endpoint.operation,
        model=model,
        tier=asked.tier,
        speed=text(body, "speed") or "",
        at=datetime.fromtimestamp(at_us / 1_000_000, UTC),
    )
    nano = _nano(found, leaving, book)
    return Bounded(n=n, url=url, provider=endpoint.provider, model=model, found=found, nano=nano)


def _nano(found: Bound | Unbounded, leaving: Leaving, book: PriceBook) -> int | None:
    """What the bound comes to; None where nobody can say."""
    if isinstance(found, Unbounded) or found.usage.output_tokens is None:
        return None
    ceiling = book.ceiling(leaving)
    return None if ceiling is None else ceiling.nano(found.usage)


def document(calls: Iterable[Bounded]) -> dict[str, Any]:
    """The calls for `--format json`. Of a call without a bound: `bounded` is false, and `reason` says why."""
    return {"calls": [_as_object(call) for call in calls]}


def _as_object(call: Bounded) -> Mapping[str, Any]:
    found = call.found
    named = {"n": call.n, "url": call.url, "provider": call.provider, "model": call.model}
    if isinstance(found, Unbounded):
        return named | {"bounded": False, "shape": found.shape, "reason": found.reason}
    return named | {
        "bounded": True,
        "shape": found.shape,
        "usage": found.usage.known(),
        "max_output_tokens": found.max_output,
        "answers": found.answers,
        "cost_usd": None if call.nano is None else usd(call.nano),
        "why": [*found.why],
    }


def lines(calls: Iterable[Bounded]) -> Iterator[str]:
    """A line for each call: who, the most that each count and the cost can come to, and why."""
    for call in calls:
        yield printable(f"{call.n}  {call.provider}  {call.model or '-'}  {_most(call)}")


def _most(call: Bounded) -> str:
    found = call.found
    if isinstance(found, Unbounded):
        return f"no bound: {found.reason}"
    counts = ", ".join(f"{name} {count:,}" for name, count in found.usage.known().items())
    if found.max_output is None:
        counts += ", output_tokens as a clamp sets them"
    cost = "cost not known" if call.nano is None else f"{usd(call.nano)} USD"
    return f"{cost}  {counts}  ({'; '.join(found.why)})"
