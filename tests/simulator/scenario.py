"""What the simulator is to do with a request: one frozen value, a field for each behaviour."""

from dataclasses import dataclass
from typing import Literal

from tests.simulator.usage import USUAL, Usage

type How = Literal["close", "abrupt", "reset", "end", "hang", "rst_stream", "goaway", "goaway_lost"]
"""
close: the connection closes in order (TLS close_notify, then FIN).
abrupt: FIN without close_notify, as of a process that died.
reset: TCP RST.
end: the message is ended as if it were whole (truncated JSON in valid framing).
hang: nothing more comes, the connection stays.
rst_stream: HTTP/2 RST_STREAM with `Cut.code`; HTTP/1.1: reset.
goaway: HTTP/2 GOAWAY that lets this stream finish, then close; HTTP/1.1: nothing.
goaway_lost: HTTP/2 GOAWAY that disowns this stream (retry is safe), then close; HTTP/1.1: close.
On a WebSocket end: it is closed in order, with `Socket.code`; the others of its connection, as of HTTP/1.1's.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where an answer breaks off, and how. Neither limit set: before its head."""

    how: How = "close"
    after_events: int | None = None
    """Events (or pieces of a body) that are written; 0: the head alone."""
    after_bytes: int | None = None
    """Bytes of the body, before framing, that are written; 0: the head alone. On a WebSocket of the call's
    frames, heads included: the last one may be cut in two."""
    code: int = 2
    """The HTTP/2 error code: 2 INTERNAL_ERROR, 7 REFUSED_STREAM, 8 CANCEL, 11 ENHANCE_YOUR_CALM."""

    @property
    def before_head(self) -> bool:
        """Nothing at all is answered."""
        return self.after_events is None and self.after_bytes is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Socket:
    """How a WebSocket is spoken. What each call on it meets, a scenario says."""

    calls: "tuple[Scenario, ...]" = ()
    """What the calls meet in the order in which they begin; further ones meet what the upgrade met."""
    unasked: int = 0
    """Calls that the server begins by itself, once the session stands."""
    deflate: bool = True
    """permessage-deflate, if the client offers it."""
    fragments: int = 0
    """Bytes or characters of a message that a frame takes; 0: each message is one frame."""
    pings: int = 0
    """A ping goes before every so many-th frame; 0: before none."""
    limits: bool = False
    """Behind each call goes an event on the provider's own limits, where it has one."""
    seconds: int = 3
    """What a transcription has heard, and what xAI bills; 0: a transcription tells tokens."""
    ends_after: int = 0
    """Calls after which the server closes the socket; 0: it never does."""
    code: int = 1000
    """What it closes with."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How a request is answered. The default is a quick, whole, correct answer.

    Times are seconds, sizes bytes. `x-sim: {"status": 429}` on a request overrides fields by name;
    see `overrides` for how values are written there.
    """

    # What is said.
    status: int = 200
    message: str = "The simulator was told to fail."
    """The text of an error."""
    body: bytes | None = None
    """Stands in the place of the dialect's answer, whatever the status. On a WebSocket it is one message, or
    one for each of its server-sent events."""
    fill: int = 0
    """This many bytes of filler as the body, made on the way: a 1 GB download needs no memory."""
    raw: bytes | None = None
    """Written to the connection as it is, which then closes: no HTTP of ours at all."""
    model: str | None = None
    """The model that served; None: the one asked for."""
    number: int | None = None
    """What the ids in the answer are made of; None: the call's own number."""
    events: int = 8
    """Content events of a stream; a JSON answer carries the same text at once."""
    text: str | None = None
    """The text of each content event; None: the words of a sentence, one by one."""
    texts: tuple[str, ...] = ()
    """The texts of the content events, one after the other, instead of `text` and `events`."""
    thinking: int = 0
    """Reasoning events before the content, where the dialect shows reasoning."""
    finish: Literal["stop", "length", "refusal", "failed", "error"] = "stop"
    """failed: Responses' `response.failed`, elsewhere as error. error: an error event half-way."""
    usage: Usage | None = USUAL
    """None: the answer carries no usage."""
    usage_at: Literal["usual", "every", "middle", "last", "sparse"] = "usual"
    """every: on each chunk (Chat). middle: before the last content (Chat). last: only on the last chunk
    (Gemini), zeros at the start (Anthropic). sparse: `message_delta` has the output alone (Anthropic)."""
    comments: bool = False
    """Before each event of a stream a comment, as routers send them to keep connections open (SSE)."""
    headers: tuple[tuple[str, str], ...] = ()
    """Sent after the provider's own; names may repeat."""
    websocket: int = 426
    """The status that answers a WebSocket upgrade; 101 at once, and the other fields are of each call."""
    socket: Socket = Socket()
    """How a socket is spoken that was taken."""

    # When.
    gate: str | None = None
    """Nothing is answered before `POST /__gate` has opened the gate of this name."""
    ttfb: float = 0.0
    """From the request's end to the head."""
    first_event: float = 0.0
    """From the head to the first piece of the body."""
    interval: float = 0.0
    """Between events, on a schedule that does not drift."""
    batch: int = 1
    """Events per write."""
    early: bool = False
    """Answers when the request's head is there, whatever of its body."""
    expect: int = 100
    """What answers `Expect: 100-continue`: 100, 417, or 0 for nothing at all."""
    read_rate: int = 0
    """Reads request bodies at this many bytes a second; 0: as they come."""

    # How.
    informational: tuple[int, ...] = ()
    """1xx answers before the head, such as (100, 103)."""
    framing: Literal["auto", "length", "chunked", "eof"] = "auto"
    """How an HTTP/1.1 body ends; auto: JSON by its length, streams chunked."""
    length_error: int = 0
    """Added to the true content-length."""
    http10: bool = False
    """Answers as HTTP/1.0: no length, no chunks, read until the end of the connection."""
    slices: int = 0
    """Cuts the body into writes of this many bytes, whatever its events."""
    trailers: tuple[tuple[str, str], ...] = ()
    """Sent after the body: HTTP/1.1 chunked trailers, an HTTP/2 trailing HEADERS frame."""
    coding: Literal["", "gzip", "deflate", "br", "zstd"] = ""
    """The content coding, used where the request accepts it."""
    coding_unasked: bool = False
    """Uses the coding though the request does not accept it."""
    content_type: str | None = None
    """Replaces the true one; "" leaves the header out."""
    content_encoding: str | None = None
    """Claimed, whatever the bytes are."""
    cut: Cut | None = None


DEFAULT = Scenario()
