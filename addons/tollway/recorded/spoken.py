"""A recorded WebSocket as the proxy would have known it: each call on it, by the same readers."""

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from tollway.model import Endpoint, Kind
from tollway.recorded.exchange import Recorded
from tollway.recorded.replay import Replayed, billing
from tollway.sockets.envelope import JSON, RESPONSES
from tollway.sockets.events import Begun, Ended, Event
from tollway.sockets.opening import session
from tollway.sockets.outcome import outcome
from tollway.wire import DIALECTS


@dataclass(frozen=True, slots=True)
class Said:
    """One call on a socket."""

    known: Replayed
    status: int | None
    """The socket's, once anything was said of the call; None: nothing was."""
    cut: bool


@dataclass(frozen=True, slots=True)
class Spoken:
    """All that was said on a socket."""

    calls: tuple[Said, ...]
    """In the order in which they began."""
    unread: int
    """Messages that nothing here reads."""


def spoken(n: int, entry: Recorded, endpoint: Endpoint, query: str, now_us: int) -> Spoken | None:
    """What the messages of the file's n-th entry tell; None if they were not recorded, or nothing reads them.

    `now_us`: when they were where the file does not say, in microseconds since the epoch.
    """
    reader = session(endpoint, query)
    if reader is None or entry.messages is None:
        return None
    at = now_us if entry.started_us is None else entry.started_us
    begun: dict[int, tuple[Begun, bytes]] = {}
    ended: dict[int, Ended] = {}

    def take(events: Iterable[Event], content: bytes) -> None:
        for event in events:
            if isinstance(event, Begun):
                begun[event.call] = event, b"" if event.by_server else content
            elif isinstance(event, Ended):
                ended[event.call] = event

    for message in entry.messages:
        at = at if message.at_us is None else message.at_us
        take(reader.feed(message.content, from_client=message.from_client, at=at), message.content)
    take(reader.close(at), b"")
    calls = [
        _said(f"{n}.{number}", entry, endpoint, *begun[number], ended[number]) for number in sorted(begun)
    ]
    return Spoken(tuple(calls), reader.unread + entry.unread)


def _said(id: str, entry: Recorded, endpoint: Endpoint, call: Begun, content: bytes, end: Ended) -> Said:
    found = outcome(end)
    is_body = endpoint.socket == RESPONSES and not call.by_server
    known = Replayed(
        id=id,
        started_us=call.at,
        first_byte_us=end.first,
        endpoint=replace(endpoint, kind=Kind.INFERENCE, operation=call.operation),
        host=endpoint.host,
        billing=billing(endpoint, entry.request_headers),
        dialect=DIALECTS[RESPONSES] if is_body else None,
        asked=call.asked,
        body=content,
        media_type=JSON if is_body else "",
        request_bytes=len(content),
        response_bytes=0,
        left=found.error is None,
        reader=found.reader,
        error=found.error,
    )
    return Said(known, found.status, found.cut)
