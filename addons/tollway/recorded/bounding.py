"""What each recorded request could have been billed for at most, and why."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tollway.bound.bound import Bound, Unbounded
from tollway.bound.capacity import capacity_of
from tollway.bound.table import bound_of
from tollway.charging import NOTHING_ASKED
from tollway.model import RETRIEVE, Asked, Endpoint, Kind
from tollway.money import usd
from tollway.prices.book import PriceBook
from tollway.prices.ceiling import Leaving
from tollway.providers.recognise import recognise
from tollway.providers.registry import Registry
from tollway.recorded.address import Address, address
from tollway.recorded.exchange import Entry, Recorded
from tollway.recorded.spoken import spoken
from tollway.reporting.figures import printable
from tollway.sockets import envelope
from tollway.wire import DIALECTS
from tollway.wire.coding import decode
from tollway.wire.counts import text
from tollway.wire.request_body import LARGEST, parsed

_UNREADABLE = Unbounded(reason="the body is not what its dialect says")
_NO_BODY = Unbounded(reason="the body was not recorded")
_SPOKEN = Unbounded(reason="nothing in it bounds what an answer on such a socket comes to")


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
    call: int | None = None
    """Which of those on the entry's WebSocket it is, from 0; None: the entry is none."""


def bounds(entries: Iterable[Entry], registry: Registry, book: PriceBook, now_us: int) -> Iterator[Bounded]:
    """A bound for each inference call among the entries. It never raises for what an entry has inside.

    `now_us`: at whose prices a call is that the file does not date, in microseconds since the epoch.
    """
    for n, entry in enumerate(entries):
        if not isinstance(entry, Recorded):
            continue
        try:
            found = address(entry.url)
        except ValueError:
            continue
        endpoint = None if found is None else _endpoint(entry, found, registry)
        if found is None or endpoint is None:
            continue
        url = found._replace(host=endpoint.host).shown
        if entry.websocket:
            yield from _on_socket(n, url, entry, endpoint, found.query, book, now_us)
        elif _costs(endpoint):
            at_us = now_us if entry.started_us is None else entry.started_us
            yield _bounded(n, url, entry, endpoint, book, at_us)


def _costs(endpoint: Endpoint) -> bool:
    """Whether a model answers: not where an answer made earlier is shown again."""
    return endpoint.kind is Kind.INFERENCE and endpoint.operation != RETRIEVE


def _endpoint(entry: Recorded, found: Address, registry: Registry) -> Endpoint | None:
    """What the first of the server's names is that is a provider's."""
    target = f"{found.path}?{found.query}"
    named = dict.fromkeys((*entry.names, found.host))
    known = (recognise(registry, n, found.port, entry.method, target, entry.websocket) for n in named)
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
    return _of_body(n, url, endpoint, asked, body, book, at_us)


def _on_socket(
    n: int, url: str, entry: Recorded, endpoint: Endpoint, query: str, book: PriceBook, now_us: int
) -> Iterator[Bounded]:
    """A bound for each call on a WebSocket; only messages that are bodies have anything that bounds one."""
    said = spoken(n, entry, endpoint, query, now_us)
    for number, one in enumerate(said.calls if said is not None else ()):
        known, asked = one.known, one.known.asked or NOTHING_ASKED
        members = parsed(known.body, known.media_type) if known.dialect is not None else None
        if members is None:
            yield Bounded(
                n=n, url=url, provider=endpoint.provider, model=asked.model, found=_SPOKEN, call=number
            )
            continue
        inner = envelope.body(members, asked.model)
        made = _of_body(n, url, known.endpoint, asked, inner, book, known.started_us)
        yield replace(made, call=number)


def _of_body(
    n: int,
    url: str,
    endpoint: Endpoint,
    asked: Asked,
    body: Mapping[str, Any],
    book: PriceBook,
    at_us: int,
) -> Bounded:
    model = asked.model or endpoint.model
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
    """The calls for `--format json`. Of a call without a bound: `bounded` is false, and `reason` says why.

    Those on a WebSocket have their entry's `n`, and their own number as `call`.
    """
    return {"calls": [_as_object(call) for call in calls]}


def _as_object(call: Bounded) -> Mapping[str, Any]:
    found = call.found
    named = {"n": call.n, "url": call.url, "provider": call.provider, "model": call.model}
    named |= {} if call.call is None else {"call": call.call}
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
        place = f"{call.n}" if call.call is None else f"{call.n}.{call.call}"
        yield printable(f"{place}  {call.provider}  {call.model or '-'}  {_most(call)}")


def _most(call: Bounded) -> str:
    found = call.found
    if isinstance(found, Unbounded):
        return f"no bound: {found.reason}"
    counts = ", ".join(f"{name} {count:,}" for name, count in found.usage.known().items())
    if found.max_output is None:
        counts += ", output_tokens as a clamp sets them"
    cost = "cost not known" if call.nano is None else f"{usd(call.nano)} USD"
    return f"{cost}  {counts}  ({'; '.join(found.why)})"
