"""What comes back is looked through, and has back what was taken out of its request. It stands behind what
reads the answer and what keeps it: these see it as the provider sent it. What is taken out of it is not kept,
and neither is what is put back."""

from collections.abc import Callable
from functools import partial

from mitmproxy.http import HTTPFlow, Response
from msgspec.structs import replace

from tollway import exchange
from tollway.exchange import Exchange
from tollway.guardrails.answering import Answering, Guards
from tollway.guardrails.answers import Rewriter, reads, rewriting, string_by_string, whole
from tollway.guardrails.rule import Do
from tollway.hooks.translating import unframed
from tollway.translation import FROM
from tollway.wire.coding import decoder

LARGEST = 64 * 2**20
"""Bytes of an answer in one piece that are looked through."""
DECODED = 2**30
"""Bytes of any, decoded."""
FAILED = 400

Reading = Callable[[bytes], bytes]
"""Takes the next decoded bytes, at last none; what goes on to the client now."""


class Unscreened(Exception):
    """An answer can't be looked through. What it says of it is no text of the answer."""


class Screen:
    """Puts a tap behind those on an answer, where guardrails are about it. What it can't read it lets pass
    only where nothing is to be kept back."""

    def responseheaders(self, flow: HTTPFlow) -> None:
        known, response = exchange.of(flow), flow.response
        if known is None or response is None or known.guards is None or known.refused or known.tap is None:
            return
        failed = response.status_code >= FAILED
        if failed and not known.guards.rules:
            return
        dialect = known.endpoint.dialect if known.translated is None else FROM[known.endpoint.dialect]
        coding = response.headers.get("content-encoding", "")
        if not (failed or reads(dialect)) or (decoder(coding, 0) is None and not keeps_back(known.guards)):
            return
        known.answering = Answering(known.guards)
        if known.answer is not None and known.guards.rules:
            kept = Answering(replace(known.guards, taken={}))
            known.answer.without = reading(known, kept, dialect, response)
        known.tap = screening(known.tap, response, reading(known, known.answering, dialect, response))
        if not known.buffered:
            response.stream = known.tap
            unframed(response)


def keeps_back(guards: Guards) -> bool:
    """Whether something found in an answer is to be taken out of it, or ends it."""
    return any(max(rule.certain, rule.generic) > Do.FLAG for rule in guards.rules if not rule.shadow)


def reading(known: Exchange, answering: Answering, dialect: str, response: Response) -> Reading:
    """What changes the texts of this answer: of a stream as it streams."""
    if response.status_code >= FAILED:
        return at_once(partial(string_by_string, filters=partial(answering.filter, at_once=True)))
    kind = response.headers.get("content-type", "")
    stream = None if known.buffered else rewriting(dialect, kind, answering.filter)
    if stream is None:
        strict = known.guards is not None and keeps_back(known.guards)
        return at_once(partial(as_whole, dialect, answering, strict))
    return piece_by_piece(stream)


def screening(tap: Reading, response: Response, read: Reading) -> Reading:
    """The tap, and behind it what changes its texts. The client gets them decoded; what can't be decoded ends
    the flow: nobody takes it for looked through."""
    decoding = decoder(response.headers.pop("content-encoding", ""), DECODED)

    def screened(chunk: bytes) -> bytes:
        passed = tap(chunk)
        if decoding is None:
            raise Unscreened("the answer's coding is unknown here, so that nobody can look through it")
        decoded = decoding.feed(passed)
        if decoding.broken or decoding.exceeded:
            raise Unscreened("the answer is not coded as it says, or a decompression bomb")
        changed = read(decoded) if decoded else b""
        return changed if chunk else changed + read(b"")

    return screened


def piece_by_piece(stream: Rewriter) -> Reading:
    """Of a stream."""
    return lambda decoded: stream.feed(decoded) if decoded else stream.end()


def as_whole(dialect: str, answering: Answering, strict: bool, body: bytes) -> bytes:
    """An answer in one piece. `strict`: one that is nothing of its dialect, such as JSON that is cut off, is
    not passed on."""
    changed = whole(dialect, body, partial(answering.filter, at_once=True), answering.passes)
    if changed is None and strict:
        raise Unscreened("the answer is not what it should be, so that nobody can look through it")
    return body if changed is None else changed


def at_once(change: Reading) -> Reading:
    """Of an answer that is there as a whole, or is no stream."""
    held = bytearray()

    def read(decoded: bytes) -> bytes:
        held.extend(decoded)
        if len(held) > LARGEST:
            raise Unscreened("the answer is too long to be looked through")
        if decoded:
            return b""
        return change(bytes(held))

    return read
