"""Step 5, before the rules: what a batch is made of. Files of requests are read as they are uploaded, those
that stand in the batch itself before it leaves; nothing of them is kept but what they come to, and models."""

import logging
from collections.abc import Awaitable, Callable

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.accounting import Accounting
from tollway.apart import apart
from tollway.batches.created import Created, created, weighed
from tollway.batches.uploads import Uploading, Uploads
from tollway.batches.weight import Weight, read, unread
from tollway.engine.failure import log_failure
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.hooks.headers import plain, whole
from tollway.hooks.unmetered import JSON
from tollway.ledger.fault import LedgerError
from tollway.ledger.store import Awaiting
from tollway.model import Asked, Endpoint, Kind
from tollway.providers.recognise import recognise
from tollway.providers.registry import Registry
from tollway.weighing import Weighing
from tollway.wire.coding import decode, decoder
from tollway.wire.duplicates import named_twice
from tollway.wire.request_body import LARGEST, parsed

logger = logging.getLogger(__name__)

DECODED = 2**30
"""Bytes of an upload that are read."""
MANY = 50
"""Requests that are weighed on the event loop, in a few milliseconds."""
MOST_FILES = 100
NO_JSON = "the body is no JSON object"
TWICE = "it names {!r} twice"
VERSIONED = "/v1/"
UPLOADS = ("upload", "begin", "part", "complete", "cancel")
"""What is done to files of requests."""
USUAL = {"gemini": "/v1beta/models/any:generateContent", "mistral": "/v1/chat/completions"}
"""Where requests go that name no path, and what bounds them there: elsewhere less is written."""


class Batch:
    """Sees to it that a call which makes a batch is known by what it comes to."""

    def __init__(
        self, governing: Governing, registry: Registry, accounting: Accounting, ledger: Awaiting
    ) -> None:
        self._governing = governing
        self._registry = registry
        self._accounting = accounting
        self._ledger = ledger
        self._uploads = Uploads()

    def requestheaders(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if flow.response or known is None or not known.endpoint.batch:
            return
        role = role_of(known.endpoint)
        if role in UPLOADS:
            known.upload = self._uploads.reader(self._uploading(flow, known, role))
            if known.upload is not None and flow.request.stream is True:
                flow.request.stream = reading(known, flow.request.headers.get("content-encoding", ""))
        elif role == "create" and not is_too_long(flow):
            known.hands_in, flow.request.stream = True, False

    def request(self, flow: HTTPFlow) -> Awaitable[None] | None:
        known = exchange.of(flow)
        if flow.response or known is None:
            return None
        if (
            known.upload is not None and not flow.request.stream
        ):  # it was collected, and may have been changed
            tap = reading(known, flow.request.headers.get("content-encoding", ""))
            tap(flow.request.raw_content or b"")
        return self._weigh(flow, known) if known.hands_in else None

    async def _weigh(self, flow: HTTPFlow, known: Exchange) -> None:
        raw = flow.request.raw_content or b""
        known.request_bytes = len(raw)
        body = decode(raw, flow.request.headers.get("content-encoding", ""), LARGEST)
        message = parsed(body, JSON)
        if message is None or body is None:
            known.batch = unread(NO_JSON)
            return
        made = created(known.endpoint.batch.partition(".")[0], message, flow.request.path.partition("?")[0])
        noted = await self._noted(known, made)
        weighing = self._weighing(flow, known)

        def work() -> Weight:
            return weighed(made, weighing.weigh, noted).plus(weighing.around(message))

        weight = work() if len(made.requests) <= MANY else await apart(work)
        if (key := named_twice(body)) is not None:
            weight = weight.plus(unread(TWICE.format(key)))
        if weight.unplaced:
            weight = weighing.placed(weight, made.path, made.model)
        known.batch, known.asked = weight, Asked(model=weight.model, tier="batch")

    async def _noted(self, known: Exchange, made: Created) -> dict[str, Weight]:
        """What is known of the files that it names."""
        found = {}
        for file in made.files[:MOST_FILES]:
            try:
                text = await self._ledger.noted(f"{known.endpoint.provider} {file}")
            except LedgerError as error:
                logger.error("the ledger can't tell of the files of call %s: %s", known.id, error)
                break
            if text is not None and (weight := read(text)) is not None:
                found[file] = weight
        return found

    def _uploading(self, flow: HTTPFlow, known: Exchange, role: str) -> Uploading:
        return Uploading(
            provider=known.endpoint.provider,
            role=role,
            path=flow.request.path,
            headers=whole(flow.request.headers, plain(flow.request.headers)),
            at_us=known.started_us,
            weigh=self._weighing(flow, known).weigh,
        )

    def _weighing(self, flow: HTTPFlow, known: Exchange) -> Weighing:
        find = finding(self._registry, known.endpoint, flow.request.port, flow.request.path)
        dearest = self._governing.faults.unknown_price == "dearest"
        usual = USUAL.get(known.endpoint.provider, "")
        return self._accounting.weighing(known, find, dearest, usual)


def role_of(endpoint: Endpoint) -> str:
    """What is done there: upload, begin, part, complete, cancel, create, show, list, results; "" for nothing
    that is about batches."""
    return endpoint.batch.partition(".")[2]


def is_too_long(flow: HTTPFlow) -> bool:
    """Whether it says to be longer than anything that is read."""
    length: str = flow.request.headers.get("content-length", "")
    return length.isdigit() and int(length) > LARGEST


def reading(known: Exchange, coding: str) -> Callable[[bytes], bytes]:
    """Relays every byte of an upload, and has it read. What fails at that is no upload that is known."""
    decoding = decoder(coding, DECODED)

    def tap(chunk: bytes) -> bytes:
        try:
            if known.upload is not None and decoding is not None:
                known.upload.feed(decoding.feed(chunk))
        except Exception:
            known.upload = None
            log_failure(logger, f"the file that call {known.id} uploads could not be read")
        if decoding is None or decoding.broken or decoding.exceeded:
            known.upload = None
        return chunk

    return tap


def finding(registry: Registry, batch: Endpoint, port: int, path: str) -> Callable[[str], Endpoint | None]:
    """What a request to a path of a batch is: one of the same host, under the prefix of the batch's own path.

    OpenAI's requests say `/v1/chat/completions` wherever its API is spoken.
    """
    path = path.partition("?")[0]
    base = path[: path.rfind("/")]
    known: dict[str, Endpoint | None] = {}

    def find(url: str) -> Endpoint | None:
        if url not in known:
            tried = (url, f"{base}/{url.removeprefix(VERSIONED).lstrip('/')}")
            found = (recognise(registry, batch.host, port, "POST", one) for one in tried)
            reads = (one for one in found if one is not None and one.kind is not Kind.UNKNOWN)
            if len(known) >= MANY:
                known.clear()
            known[url] = next(reads, None)
        return known[url]

    return find
