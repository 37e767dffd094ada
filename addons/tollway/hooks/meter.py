"""Step 12: read what the provider says it used, beside the bytes that go to the client."""

import logging
from collections.abc import Callable
from functools import partial

from mitmproxy.http import HTTPFlow, Response

from tollway import exchange
from tollway.engine.failure import log_failure
from tollway.engine.http_stream import BUFFERED
from tollway.exchange import Exchange
from tollway.hooks.headers import plain, put, value
from tollway.hooks.translating import translating, unframed
from tollway.model import Asked, Kind
from tollway.wire.coding import Decoder, decoder
from tollway.wire.dialect import Reader
from tollway.wire.usage_chunk import UsageChunk

logger = logging.getLogger(__name__)

DECODED = 2**30
"""Bytes of one decoded answer that are read; what comes after is relayed unread."""


class Meter:
    """Puts a tap on the answer. It never raises and never delays."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def responseheaders(self, flow: HTTPFlow) -> None:
        known, response = exchange.of(flow), flow.response
        if known is None or response is None or known.refused or not known.endpoint.provider:
            return
        known.left = known.played is None  # whatever engine brought it there
        known.first_byte_us = int(self._clock() * 1_000_000)
        known.status = response.status_code
        if known.endpoint.kind in (Kind.PASS, Kind.SOCKET):
            return
        put(response.headers, told(known))
        known.tap = count_only(known)
        if known.endpoint.kind is Kind.INFERENCE:
            if known.played is None:
                known.tap = metering(known, response)
            known.buffered = is_buffered(known, response)
        if not known.buffered:
            response.stream = known.tap
            if known.translated is not None:
                unframed(response)


def told(known: Exchange) -> dict[bytes, bytes]:
    """What the client is told of its call in the head of its answer, by names of headers."""
    found = {b"x-tollway-call": known.id.encode()}
    if known.remaining is not None:
        found[b"x-tollway-remaining"] = known.remaining.encode()
    if known.route is not None:
        found[b"x-tollway-route"] = value(known.route).encode()
    if known.cache is not None:
        found[b"x-tollway-cache"] = known.cache.encode()
    if known.played is not None:
        found[b"x-tollway-cost"] = b"0"
    return found


def metering(known: Exchange, response: Response) -> Callable[[bytes], bytes]:
    """The tap for one answer; it fills `known.reader`."""
    assert known.dialect is not None
    headers = plain(response.headers) | {":status": str(response.status_code)}
    known.reader = known.dialect.reader(known.endpoint, known.asked or Asked(), headers)
    decoding = decoder(headers.get("content-encoding", ""), DECODED)
    if known.translated is not None:
        return translating(known, response, partial(read, known, known.reader), decoding)
    if known.asked_for_usage and "event-stream" in headers.get("content-type", "") and decoding is not None:
        response.headers.pop("content-encoding", None)
        return cutting(known, known.reader, decoding)
    return reading(known, known.reader, decoding)


def reading(known: Exchange, reader: Reader, decoding: Decoder | None) -> Callable[[bytes], bytes]:
    """Relays every byte as it came, and feeds the reader with what it decodes to."""

    def tap(chunk: bytes) -> bytes:
        known.response_bytes += len(chunk)
        if decoding is not None:
            try:
                reader.feed(decoding.feed(chunk))
                if known.lowers is not None:
                    lower(known, reader)
            except Exception:
                unreadable(known)
        return chunk

    return tap


def cutting(known: Exchange, reader: Reader, decoding: Decoder) -> Callable[[bytes], bytes]:
    """As `reading`, without the one chunk that only we asked for.

    The client gets it decoded; what can't be decoded ends the flow: nobody takes a cut stream for whole.
    """
    chunks = UsageChunk()

    def tap(chunk: bytes) -> bytes:
        known.response_bytes += len(chunk)
        decoded = decoding.feed(chunk)
        read(known, reader, decoded)
        if decoding.broken or decoding.exceeded:
            raise ValueError("the answer is not coded as it says, or a decompression bomb")
        return chunks.feed(decoded) if chunk else chunks.flush()

    return tap


def read(known: Exchange, reader: Reader, decoded: bytes) -> None:
    """Feed a reader, whatever that does."""
    try:
        reader.feed(decoded)
    except Exception:
        unreadable(known)


def lower(known: Exchange, reader: Reader) -> None:
    """Once the stream has told its input's usage, no more is held for the input than that."""
    usage = reader.report().usage
    if usage is not None and usage.input_tokens is not None and known.lowers is not None:
        told, known.lowers = known.lowers, None
        told(usage)


def count_only(known: Exchange) -> Callable[[bytes], bytes]:
    """Relays and counts: no dialect reads this answer."""

    def tap(chunk: bytes) -> bytes:
        known.response_bytes += len(chunk)
        return chunk

    return tap


def unreadable(known: Exchange) -> None:
    """A reader raised, which it must not: say so once, and go on relaying."""
    if known.error != "reader_failed":
        known.error = "reader_failed"
        log_failure(logger, f"the reader of call {known.id} failed; its usage will be estimated")


def is_buffered(known: Exchange, response: Response) -> bool:
    """Whether the answer is held back to carry its cost: JSON that is not known to be too large.

    One that comes piece by piece never is: what was asked for as a stream, and has no length.
    """
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        return False
    length = response.headers.get("content-length")
    streams = known.endpoint.stream or (known.asked is not None and known.asked.stream)
    if streams and length is None and response.status_code < 400:
        return False
    return length is None or not length.isdigit() or int(length) <= BUFFERED
