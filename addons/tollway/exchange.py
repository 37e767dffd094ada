"""What Tollway knows of one flow, gathered step by step as the call goes down the chain."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mitmproxy.flow import Flow
from mitmproxy.http import Request
from msgspec import Struct
from msgspec.structs import replace

from tollway.batches.upload import Reads
from tollway.batches.weight import Weight
from tollway.budget.amounts import Unit
from tollway.caching.wishes import NO_WISHES, Wishes
from tollway.guardrails.answering import Answering, Guards
from tollway.guardrails.verdict import Finding
from tollway.identity.concealed import Fields
from tollway.joining.looked import Looked
from tollway.kept_answer import KeptAnswer
from tollway.model import NOBODY, UNRULED, Asked, Billing, CallRecord, Endpoint, Identity, Ruling, Usage
from tollway.played import Played
from tollway.policy.recording import KeepRule, Recording
from tollway.relayed import Relayed
from tollway.routing.failing import Failure
from tollway.routing.tries import Tries
from tollway.sources import Shown
from tollway.wire.dialect import Dialect, Reader


@dataclass(frozen=True, slots=True)
class Patience:
    """How much of an abandoned answer is read."""

    seconds: float
    size: int
    """Bytes of the whole answer, before and after the client left."""


class Exchange(Struct, eq=False):
    """One flow to a provider's host: the facts, each set by one hook and read by later ones.

    No dataclass: a route makes another one of each call, which takes a struct a tenth of the time.
    """

    id: str
    """The ledger's id of the call."""
    started_us: int
    endpoint: Endpoint
    client: str | None = None
    program: str | None = None
    session: str | None = None
    """As a header hints at it."""
    account: str | None = None
    """As a header names it."""
    credential: str | None = None
    key: bytes | None = None
    """The digest of a key of ours that was shown in the place of a provider's."""
    injected: str | None = None
    """Where the operator's key is that was put; never the key."""
    billing: Billing = Billing.METERED
    tags: Mapping[str, str] = {}
    wish: str | None = None
    """The route that its caller asks for."""
    wished: Wishes = NO_WISHES
    """What its caller asks of the cache."""
    identity: Identity = NOBODY
    shows: Shown | None = None
    """By what its caller is known, where that is asked again: with each call on a socket."""
    host: str = ""

    asked: Asked | None = None
    """None: the body was not read (it passes, or it is not what its dialect says)."""
    dialect: Dialect | None = None
    body: bytes | None = None
    """The decoded request, kept until usage is known: an estimate reads its texts."""
    media_type: str = ""
    """The request's content type: JSON, or a form."""
    parsed: Mapping[str, Any] | None = None
    """The request's members, only while the chain of the request runs."""
    request_bytes: int = 0
    marks: tuple[bytes, ...] | None = None
    """Of its request, once it was asked where its conversation has its prompt cache."""

    findings: tuple[Finding, ...] = ()
    """What guardrails found in it so far."""
    guards: Guards | None = None
    """What its answer is to pass; None: nothing."""
    answering: Answering | None = None
    """What they made of it so far."""

    hands_in: bool = False
    """It makes a batch, whose requests are read: it is collected, and held before it leaves."""
    upload: Reads | None = None
    """Reads the file that it hands in, or a part of it, if that is one of requests."""
    batch: Weight | None = None
    """What the requests come to that it hands in, once they are read."""

    signed: bool = False
    """The request carries a signature over its body (AWS SigV4): it is never changed."""
    ruling: Ruling = UNRULED
    """What limits made of it."""
    slice: Mapping[Unit, int] | None = None
    """What hard limits hold of it, by unit, as nothing bounds such calls; None: its request does."""
    shape: str | None = None
    """The shape of its bound, where a hard limit holds it: a violation quarantines it."""
    lowers: Callable[[Usage], None] | None = None
    """Told the input's usage once the answer reports it, so that what is held can be lowered."""
    learns: tuple[Callable[[CallRecord], None], ...] = ()
    """Told the call's row when it ends, for the next turn of its conversation."""
    remaining: str | None = None
    """What the tightest limit has left, as the client is told."""
    route: str | None = None
    """`asked -> served`, where a limit moved the call."""
    tries: Tries | None = None
    """What else is done if its target fails; None: nothing."""
    failure: Failure | None = None
    """How its target failed, of which a hook is told."""
    origin: "Origin | None" = None
    """What another attempt begins with; None: there is none."""
    on_leave: Callable[[], None] | None = None
    """Called once if the client leaves while a hook waits."""

    admitted: bool = False
    """Somebody decided that this flow may leave; the last hook refuses it otherwise."""
    refused: bool = False
    """Tollway answers in the provider's place."""
    recorded: bool = False
    """The ledger has a row of it."""
    left: bool = False
    """A connection to the provider stood, and the request was written to it."""
    translated: Mapping[str, str] | None = None
    """A route sent it where another dialect is spoken than the caller's: `routing.rewrite.Moved.tools`."""
    asked_for_usage: bool = False
    """We asked for usage in the stream, so its extra chunk is not for the client."""

    cache: str | None = None
    """hit, miss or join, as of `CallRecord.cache`."""
    plays: bool = False
    """The engine can play it an answer: mitmproxy's own would ask its provider all the same."""
    looked: Looked | None = None
    """It was looked for in the cache and not found, and others may join it; None: it was not, or did."""
    answered_with: Mapping[str, str] = {}
    """The headers of the answer that is shared, by lower-case name."""
    played: Played | None = None
    """What answers it in the place of a provider; None: a provider does."""
    reader: Reader | None = None
    tap: Callable[[bytes], bytes] | None = None
    """Takes each chunk of the answer as it comes by, returns what the client gets."""
    status: int | None = None
    """Of the provider's answer."""
    first_byte_us: int | None = None
    response_bytes: int = 0
    buffered: bool = False
    """The answer is whole before it is passed on, so it can carry its cost."""

    socket: Relayed | None = None
    """Who looks at the messages of the socket that it opens; None: it opens none, or one that passes."""

    recording: Recording | None = None
    """What the policy in force when it began says of texts to keep; None: nothing."""
    shown: Fields = ()
    """Its headers, and those that opened its tunnel, as they came: only where texts may be kept."""
    asked_at: str = ""
    """Its path, likewise."""
    secrets: frozenset[str] = frozenset()
    """What it shows as credentials, and the operator's keys: to be taken out of what is kept of it."""
    kept_by: KeepRule | None = None
    """Why texts of it are kept; None: none are."""
    answer: KeptAnswer | None = None
    """What is kept of its answer, so far."""

    may_drain: Callable[["Exchange"], Patience | None] | None = None
    """Asked when the client has left: how much to read on, or None: close."""
    abandoned: bool = False
    """The client left before the call was settled."""
    draining: bool = False
    """The provider is read on without the client."""
    settled: bool = False
    finished: bool = False
    """Nothing more of this flow will come: see `finish` and `wait_finished`."""
    _waits: asyncio.Event | None = None
    error: str | None = None

    def __repr__(self) -> str:
        """Without what its request says."""
        return f"Exchange({self.id}, {self.endpoint.provider}, {self.host})"

    def with_(self, **changes: Any) -> "Exchange":
        """Another one with these fields."""
        return replace(self, **changes)

    def leaves(self) -> None:
        """Say that the client is gone, to a hook that waits for something on its behalf."""
        self.abandoned = self.abandoned or not self.settled
        if (told := self.on_leave) is not None:
            self.on_leave = None
            told()

    def when_it_leaves(self, told: Callable[[], None]) -> None:
        """Have a hook that waits on behalf of the client told that it is gone; at once, if it is."""
        self.on_leave = told
        if self.abandoned:
            self.leaves()

    def finish(self) -> None:
        """Say that nothing more of this flow will come."""
        self.finished = True
        if self._waits is not None:
            self._waits.set()

    async def wait_finished(self) -> None:
        """Wait until nothing more of this flow will come."""
        if not self.finished:
            self._waits = self._waits or asyncio.Event()
            await self._waits.wait()


@dataclass(frozen=True, slots=True)
class Origin:
    """A call as it was before a route or a limit changed anything of it."""

    request: Request = field(repr=False)
    known: Exchange

    @classmethod
    def of(cls, request: Request, known: Exchange) -> "Origin":
        """Of a call that is about to be let pass."""
        return cls(request.copy(), begun_anew(known, known.id, known.started_us).with_(parsed=None))


def begun_anew(known: Exchange, id: str, now_us: int) -> Exchange:
    """The same call as another attempt, of which nothing is decided yet."""
    return known.with_(
        id=id,
        started_us=now_us,
        ruling=UNRULED,
        shape=None,
        lowers=None,
        learns=(),
        remaining=None,
        route=None,
        tries=None,
        failure=None,
        origin=None,
        on_leave=None,
        admitted=False,
        recorded=False,
        played=None,
        answering=None,
        kept_by=None,
        answer=None,
        _waits=None,
    )


_OURS = "tollway"
"""The attribute of a flow that has its exchange. Steps ask for it some fifty times a call."""


def of(flow: Flow) -> Exchange | None:
    """The exchange of a flow; None for one that is not to a provider's host."""
    return flow.__dict__.get(_OURS)


def begin(flow: Flow, exchange: Exchange) -> Exchange:
    """Remember what is known of a flow. Not in `flow.metadata`, which mitmproxy serialises."""
    flow.__dict__[_OURS] = exchange
    return exchange
