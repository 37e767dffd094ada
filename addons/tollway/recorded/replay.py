"""A recorded exchange as the proxy would have known it: read and metered by the same functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tollway.guardrails.verdict import Finding
from tollway.model import NOBODY, UNRULED, Asked, Billing, Endpoint, Identity, Ruling
from tollway.providers.subscription import subscription
from tollway.recorded.bodies import DECODED
from tollway.recorded.exchange import Recorded
from tollway.wire import DIALECTS
from tollway.wire.coding import decode, decoder
from tollway.wire.dialect import Dialect, Reader
from tollway.wire.request_body import LARGEST, parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A `known.Known`; `exchange.Exchange` says what each means."""

    id: str
    started_us: int
    endpoint: Endpoint
    host: str
    billing: Billing
    dialect: Dialect | None
    asked: Asked | None
    body: bytes | None = field(repr=False)
    media_type: str
    request_bytes: int
    response_bytes: int
    left: bool
    reader: Reader | None
    error: str | None
    first_byte_us: int | None = None
    client: str | None = None
    program: str | None = None
    credential: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    identity: Identity = NOBODY
    ruling: Ruling = UNRULED
    findings: tuple[Finding, ...] = ()
    cache: str | None = None
    abandoned: bool = False


def replay(id: str, entry: Recorded, endpoint: Endpoint, started_us: int) -> Replayed:
    """What is known of an inference call, which began then, once its answer was read."""
    dialect, headers, raw = DIALECTS[endpoint.dialect], entry.request_headers, entry.request_body
    media_type = headers.get("content-type", "")
    body = None if raw is None else decode(raw, headers.get("content-encoding", ""), LARGEST)
    members = parsed(body, media_type)
    asked = dialect.read_request(endpoint, members) if members is not None else None
    return Replayed(
        id=id,
        started_us=started_us,
        endpoint=endpoint,
        host=endpoint.host,
        billing=billing(endpoint, headers),
        dialect=dialect,
        asked=asked,
        body=body,
        media_type=media_type,
        request_bytes=entry.request_bytes,
        response_bytes=entry.response_bytes,
        left=entry.left,
        reader=read(entry, dialect, endpoint, asked or Asked()),
        error="unreadable" if raw and members is None else None,
    )


def billing(endpoint: Endpoint, headers: Mapping[str, str]) -> Billing:
    """Whether a flat plan covers the call.

    Browsers leave credentials out of what they export; without any, Claude Code's own flags tell.
    """
    has_key = "x-api-key" in headers
    authorization = headers.get("authorization") or "Bearer"
    is_covered = subscription(endpoint, authorization, headers.get("anthropic-beta"), has_key)
    return Billing.NOTIONAL if is_covered else Billing.METERED


def read(entry: Recorded, dialect: Dialect, endpoint: Endpoint, asked: Asked) -> Reader | None:
    """A reader that has read the answer; None if there was none, or nothing tells what it was."""
    if not entry.left:
        return None  # what a cache answered was billed before
    streams = asked.stream or endpoint.stream
    if entry.response_body is None and (streams or not entry.response_bytes):
        return None
    reader = dialect.reader(endpoint, asked, {**entry.response_headers, ":status": str(entry.status or "")})
    decoding = decoder(entry.response_headers.get("content-encoding", ""), DECODED)
    if decoding is not None:
        for piece in decoding.pieces(entry.response_body or b""):
            reader.feed(piece)
    return reader
