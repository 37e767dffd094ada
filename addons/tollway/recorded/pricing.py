"""The entries of a file, priced one by one in their order."""

import logging
from collections.abc import Iterable

from msgspec.structs import replace

from tollway.charging import Charging, guess_by_size
from tollway.engine.failure import log_failure
from tollway.model import RETRIEVE, CallRecord, Cost, Endpoint, Kind, Usage
from tollway.prices.book import PriceBook
from tollway.providers.recognise import recognise
from tollway.providers.registry import Registry
from tollway.recorded.address import Address, address
from tollway.recorded.call import (
    NO_CALLS,
    SHOWN_LATER,
    UNKNOWN_CALL,
    WEBSOCKET,
    Call,
    Inner,
    nothing_done,
    why,
    why_on_socket,
)
from tollway.recorded.counting import Counting
from tollway.recorded.exchange import Damaged, Entry, Other, Recorded
from tollway.recorded.replay import Replayed, replay
from tollway.recorded.spoken import Spoken, spoken
from tollway.recorded.summed import UNREAD, summed
from tollway.settlement import SWITCHED

logger = logging.getLogger(__name__)

SAMPLED = "sampled"
"""Flag: the file has so many texts without usage that of this one's only a part was counted."""
UNDATED = "undated"
"""Flag: the file does not say when the call was made; it is priced as of now."""
FAILED = "tollway_failed"
"""Reason: our own code failed on the entry."""


def price(entries: Iterable[Entry], registry: Registry, book: PriceBook, now_us: int) -> list[Call]:
    """A call for each entry. It never raises for what an entry has inside.

    `now_us`: at whose prices a call is that the file does not date, in microseconds since the epoch.
    """
    pricing = Pricing(registry, book, now_us)
    for entry in entries:
        pricing.add(entry)
    return pricing.calls


class Pricing:
    """Prices entries as they come: an answer may be shown again, or bring the usage of an earlier call."""

    def __init__(self, registry: Registry, book: PriceBook, now_us: int) -> None:
        self.calls: list[Call] = []
        self._registry = registry
        self._now_us = now_us
        self._counting = Counting()
        self._charging = Charging(book, self._counting.counter)

    def add(self, entry: Entry) -> None:
        """Take the file's next entry."""
        n = len(self.calls)
        try:
            self.calls.append(self._call(n, entry))
            for record in self._charging.late():
                self._bring(n, record)
        except Exception:
            log_failure(logger, f"entry {n} could not be priced")
            self.calls[n:] = [Call(n=n, reason=FAILED, is_damaged=True)]

    def _bring(self, n: int, late: CallRecord) -> None:
        """An answer made in the background is billed at the entry that shows what it used.

        The ledger bills it to the call that asked for it, as that is whose money it is.
        """
        place, _, number = late.id.partition(".")
        asked, shown = self.calls[int(place)], self.calls[n]
        assert shown.record is not None
        brought = replace(shown.record, usage=late.usage, cost=late.cost, tier=late.tier)
        self.calls[n] = replace(shown, record=brought, reason=None)
        if number:
            waits = [_waiting(one) if one.record.id == late.id else one for one in asked.calls]
            unread = asked.record is not None and UNREAD in asked.record.cost.flags
            self.calls[asked.n] = _as_one(replace(asked, calls=tuple(waits)), unread)
        else:
            assert asked.record is not None
            waited = _waiting(Inner(record=asked.record))
            self.calls[asked.n] = replace(asked, record=waited.record, reason=waited.reason)

    def _call(self, n: int, entry: Entry) -> Call:
        if isinstance(entry, Damaged):
            return Call(n=n, url=_shown(entry.url), reason=f"damaged: {entry.reason}", is_damaged=True)
        if isinstance(entry, Other):
            return Call(n=n, url=entry.url, reason=entry.reason)
        try:
            found = address(entry.url)
        except ValueError:
            return Call(n=n, reason="damaged: request.url is no URL", is_damaged=True)
        call = Call(n=n, started_us=entry.started_us, status=entry.status)
        if found is None:
            return replace(call, url=entry.url.partition(":")[0] + ":", reason="not_http")
        return self._exchange(call, entry, found)

    def _exchange(self, call: Call, entry: Recorded, found: Address) -> Call:
        is_socket = entry.websocket or found.scheme in ("ws", "wss") or _asks_for_socket(entry)
        endpoint = self._endpoint(entry, found, is_socket)
        if endpoint is None:
            return replace(call, url=found.shown, reason="not_a_provider")
        call = replace(call, url=found._replace(host=endpoint.host).shown, endpoint=endpoint)
        if entry.method.upper() == "CONNECT" and not is_socket:
            return replace(call, reason="tunnel")
        if endpoint.kind is Kind.PASS:
            return replace(call, reason="not_inference")
        if is_socket:
            return self._socket(call, entry, endpoint, found.query)
        if endpoint.kind is Kind.UNKNOWN:
            return replace(call, reason=nothing_done(entry) or UNKNOWN_CALL)
        started_us = self._now_us if entry.started_us is None else entry.started_us
        known = replay(str(call.n), entry, endpoint, started_us)
        record = self._record(known, entry.status, entry.cut)
        if entry.started_us is None:
            record = _flagged(record, UNDATED)
        return replace(call, record=record, reason=why(record, entry))

    def _socket(self, call: Call, entry: Recorded, endpoint: Endpoint, query: str) -> Call:
        """The calls on a WebSocket, each priced as the ledger would have it."""
        said = spoken(call.n, entry, endpoint, query, self._now_us)
        if said is None or not said.calls:
            return replace(call, reason=_untold(entry, said))
        is_dated = entry.started_us is not None or any(one.at_us is not None for one in entry.messages or ())
        calls = []
        for one in said.calls:
            record = self._record(one.known, one.status, one.cut)
            record = record if is_dated else _flagged(record, UNDATED)
            calls.append(Inner(record=record, reason=why_on_socket(record, one.known.left)))
        return _as_one(replace(call, calls=tuple(calls)), said.unread > 0)

    def _endpoint(self, entry: Recorded, found: Address, is_socket: bool) -> Endpoint | None:
        """What the first of the server's names is that is a provider's."""
        target = f"{found.path}?{found.query}"
        for name in dict.fromkeys((*entry.names, found.host)):
            endpoint = recognise(self._registry, name, found.port, entry.method, target, is_socket)
            if endpoint is not None:
                return endpoint
        return None

    def _record(self, known: Replayed, status: int | None, cut: bool) -> CallRecord:
        ended_us = known.started_us
        closed = self._charging.closed(known, status, cut, ended_us)
        if closed is not None:
            return _with_usage(closed, known)
        assert known.reader is not None
        report, delivered = known.reader.report(), known.reader.delivered()
        self._counting.sampled = False
        try:
            guess = self._charging.guess(known, report, delivered)
        except Exception:
            log_failure(logger, f"the estimate of entry {known.id} failed; its bytes are counted")
            guess = guess_by_size(known, delivered)
        record = self._charging.estimated(
            known, report, delivered, guess, status=status, cut=cut, ended_us=ended_us
        )
        return _flagged(record, SAMPLED) if self._counting.sampled else record


def _as_one(call: Call, unread: bool) -> Call:
    """An entry with the sum of the calls on its socket."""
    operation = call.endpoint.operation if call.endpoint else ""
    one = summed(call.calls, operation, unread)
    return replace(call, record=one.record, reason=one.reason)


def _waiting(call: Inner) -> Inner:
    """What is billed where its answer is shown."""
    return Inner(record=replace(call.record, usage=Usage(), cost=Cost()), reason=SHOWN_LATER)


def _untold(entry: Recorded, said: Spoken | None) -> str:
    """Why a WebSocket has no calls: nobody asked for any, or there may be some that nothing here reads."""
    if said is not None:
        return NO_CALLS if not said.unread else WEBSOCKET
    refused = None if entry.status == SWITCHED else nothing_done(entry)
    return refused if refused is not None and not entry.messages else WEBSOCKET


def _flagged(record: CallRecord, flag: str) -> CallRecord:
    return replace(record, cost=replace(record.cost, flags=(*record.cost.flags, flag)))


def _with_usage(record: CallRecord, known: Replayed) -> CallRecord:
    """The record of a call whose answer was shown again: it costs nothing, and says what it used."""
    if record.operation != RETRIEVE or known.reader is None:
        return record
    return replace(record, usage=known.reader.report().usage or record.usage)


def _asks_for_socket(entry: Recorded) -> bool:
    return entry.request_headers.get("upgrade", "").lower() == "websocket"


def _shown(url: str | None) -> str | None:
    """A URL as it may be shown, as far as it is one."""
    try:
        found = address(url or "")
    except ValueError:
        return None
    return found.shown if found else None
