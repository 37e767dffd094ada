"""The values that travel down the chain: frozen, typed, free of mitmproxy, clock and store.

They are msgspec's structs, because a call makes a dozen of them: Python's frozen dataclasses take ten times
as long to make, and forty times as long to `replace`.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from tollway.budget.amounts import Amounts
from tollway.guardrails.verdict import Finding


class Kind(StrEnum):
    """What a request is."""

    INFERENCE = "inference"
    """A dialect reads it: it is metered."""
    PASS = "pass"
    """It costs nothing (model lists, telemetry, files): it passes untouched."""
    UNKNOWN = "unknown"
    """It may cost, and no dialect reads it: recorded, never silently free."""
    SOCKET = "socket"
    """It opens a WebSocket: it costs nothing itself, and each call on it is metered."""
    OWN = "own"
    """It is to the proxy itself: answered here, it goes nowhere."""


RETRIEVE = "retrieve"
"""The operation that shows an answer made earlier (OpenAI: GET /responses/{id}): it costs nothing itself."""


BATCH = "batch"
"""The operation that hands in work to be done later, much of it in a file that went elsewhere."""


AWAITED = "awaited"
"""Flag of a cost: the usage did not come, and may still, when the answer is shown again by its id."""


TOTALS = "from_totals"
"""Flag of a cost: only the sum of what a batch's answers used is known, so each was priced as their mean."""


TO_COME = frozenset({AWAITED, TOTALS})
"""Flags of costs that something better may still replace."""


UPLOAD = "upload"
"""The operation that hands in a file, for a model to read, or for a batch."""


class Billing(StrEnum):
    """Whether money moves for a call, or a flat plan covers it."""

    METERED = "metered"
    NOTIONAL = "notional"


class Source(StrEnum):
    """Where a cost comes from, best first."""

    PROVIDER = "provider"
    COMPUTED = "computed"
    ESTIMATED = "estimated"
    NONE = "none"


class Usage(Struct, frozen=True, kw_only=True):
    """What a call used, counted as it is billed. None: the provider did not say."""

    input_tokens: int | None = None
    """All input, cached and cache-written included."""
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    """All cache writes, whatever their lifetime."""
    cache_write_1h_tokens: int | None = None
    """That part of the cache writes that lives for an hour (Anthropic)."""
    cache_write_12h_tokens: int | None = None
    """That part of the cache writes that lives for twelve hours (OpenAI)."""
    output_tokens: int | None = None
    """All output billed as output, reasoning and thinking included."""
    reasoning_tokens: int | None = None
    input_audio_tokens: int | None = None
    input_image_tokens: int | None = None
    input_video_tokens: int | None = None
    cache_audio_read_tokens: int | None = None
    output_audio_tokens: int | None = None
    output_image_tokens: int | None = None
    web_searches: int | None = None
    tool_calls: int | None = None
    """Calls of billed server-side tools other than web search."""
    images: int | None = None
    seconds: int | None = None
    characters: int | None = None
    pages: int | None = None
    requests: int | None = None

    def known(self) -> dict[str, int]:
        """The fields that the provider reported, zeros included, in their declared order."""
        return {name: n for name in USAGE_FIELDS if (n := getattr(self, name)) is not None}


USAGE_FIELDS = Usage.__struct_fields__


class Endpoint(Struct, frozen=True, kw_only=True):
    """What host and path say of a request: `recognise`'s answer."""

    kind: Kind
    provider: str
    """A name of `providers.yaml`: openai, azure, anthropic, gemini, vertex ..."""
    host: str
    operation: str = ""
    """chat, embeddings, completion, count_tokens ...; "" for what passes."""
    dialect: str = ""
    """A key of `wire.DIALECTS`; "" unless the kind is inference."""
    model: str | None = None
    """The model or deployment, where the path names it."""
    stream: bool | None = None
    """True or False where the path decides it (Gemini), else None: the body does."""
    subscription: bool = False
    """The host serves a flat plan only (ChatGPT's Codex, Code Assist)."""
    untouched: bool = False
    """Programs log in there themselves: what they send is never changed, though it is billed (Copilot)."""
    ask_usage: bool = False
    """The host is known to accept `stream_options.include_usage`."""
    bills_on: bool = False
    """The provider goes on generating, and billing, after the client left."""
    habits: frozenset[str] = frozenset()
    """How the provider deviates from the dialect: `schema.Habit` has the list."""
    shows_again: bool = False
    """The provider shows answers of this dialect again, by their id (the operation `retrieve`)."""
    mints: bool = False
    """Its answer has a credential for the account that asks."""
    socket: str = ""
    """A key of `sockets.SESSIONS`, where the request asks for a WebSocket that is read; else ""."""
    errors: str = ""
    """The dialect whose shape an error of ours takes; named whatever the kind."""
    batch: str = ""
    """What it has to do with batches, `openai.create` say: as of `schema.BatchName`; "" for nothing."""
    upstream: str | None = None
    """Who serves behind a router, where the path names it (Hugging Face)."""

    @property
    def is_untouched(self) -> bool:
        """Whether requests and credentials pass as they come, whoever sends them."""
        return self.subscription or self.untouched


class Asked(Struct, frozen=True, kw_only=True):
    """What an inference request asks for: `read_request`'s answer."""

    model: str | None = None
    stream: bool = False
    max_output_tokens: int | None = None
    """The output maximum that the caller set, whatever its field is called."""
    reports_usage: bool = True
    """False: a stream of this request carries no usage unless it is asked for."""
    tier: str | None = None
    """The service tier asked for, as the caller wrote it."""
    session: str | None = None
    """A hint at the conversation (Claude Code's user_id, Codex's prompt_cache_key ...)."""
    account: str | None = None
    """The account, workspace or project that pays, as the client names it."""
    billed: Usage | None = None
    """What the request alone tells of what will be billed: characters to speak, images to draw ..."""


class Identity(Struct, frozen=True, kw_only=True):
    """Who calls, as far as it is known."""

    user: str | None = None
    team: str | None = None
    role: str | None = None
    service: str | None = None
    groups: tuple[str, ...] = ()
    network: str | None = None
    """The policy's network that the client's address is in."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """What else the policy's `claims` name."""
    source: str | None = None
    """How it is known: proxy_jwt, header_jwt, networks ..."""
    verified: bool = False
    """Somebody whom the operator trusts vouches for it."""


class Ruling(Struct, frozen=True, kw_only=True):
    """What limits made of a call."""

    limits: tuple[str, ...] = ()
    """The names of those that it met."""
    bound: Amounts | None = None
    """What hard limits hold for it: the most that it can come to. None: no hard limit holds it."""
    actions: tuple[str, ...] = ()
    """What was done to it: clamp 4096, wait, route economy, block ..."""
    asked: str | None = None
    """The model that the client asked for, where a route sent the call to another."""

    def bounded(self, bound: Amounts) -> "Ruling":
        """The same, holding so much."""
        return replace(self, bound=bound)


NOBODY, UNRULED = Identity(), Ruling()


class Portion(Struct, frozen=True, kw_only=True):
    """A part of a call's usage that is billed at a model of its own (Anthropic iterations)."""

    model: str | None
    usage: Usage


class Report(Struct, frozen=True, kw_only=True):
    """What a provider said of one answer, as far as it was read."""

    usage: Usage | None = None
    """None: nothing was reported; estimate."""
    portions: tuple[Portion, ...] = ()
    """If not empty, these are what is billed, and `usage` is their sum."""
    model: str | None = None
    """The model that served, as the provider names it."""
    tier: str | None = None
    """The service tier that served (standard, default, priority, flex, batch ...)."""
    speed: str | None = None
    geo: str | None = None
    cost_nano: int | None = None
    """What the provider says it billed, in nano-dollars."""
    id: str | None = None
    """The provider's id of the answer."""
    complete: bool = False
    """The answer's own end was seen: its closing brace, or its terminal event."""
    error: str | None = None
    """The type of an error the answer carried, never its text."""
    failed: bool = False
    """The provider gave it up: it will never be anything else."""


class Cost(Struct, frozen=True, kw_only=True):
    """What a call costs, in nano-dollars (1e-9 USD); the total is the sum of the parts."""

    input_nano: int = 0
    """Input that was neither read from nor written to a cache."""
    cache_read_nano: int = 0
    cache_write_nano: int = 0
    output_nano: int = 0
    other_nano: int = 0
    """Tools, searches, request fees."""
    source: Source = Source.NONE
    price_version: str = ""
    """Which price list, and which rule of it, applied."""
    flags: tuple[str, ...] = ()
    """unknown_price, estimated_input ...: why the figure is to be read with care."""

    @property
    def nano(self) -> int:
        """The total, in nano-dollars."""
        return (
            self.input_nano
            + self.cache_read_nano
            + self.cache_write_nano
            + self.output_nano
            + self.other_nano
        )


class CallRecord(Struct, frozen=True, kw_only=True):
    """One attempt at one call, as the ledger keeps it. Times are microseconds since the epoch."""

    id: str
    state: str
    """open: the request is about to leave or has left; done: nothing more will be known;
    lost: its process died, and the cost is what it may have been."""
    started_us: int
    first_byte_us: int | None = None
    ended_us: int | None = None
    client: str | None = None
    """The client's address."""
    network: str | None = None
    """The policy's network that the client's address is in."""
    user: str | None = None
    team: str | None = None
    role: str | None = None
    service: str | None = None
    groups: tuple[str, ...] = ()
    claims: Mapping[str, str] = field(default_factory=dict)
    """What else the policy's `claims` name of the caller."""
    identity: str | None = None
    """How the caller is known: proxy_jwt, header_jwt, networks ...; None: nobody knows."""
    verified: bool = False
    """Somebody whom the operator trusts vouches for the caller."""
    program: str | None = None
    """The client's program, from its user agent: claude-cli, openai-python ..."""
    credential: str | None = None
    """A keyed fingerprint of the credential; never the credential."""
    account: str | None = None
    """The account, workspace or project that pays, as the client names it."""
    provider: str = ""
    host: str = ""
    operation: str = ""
    model_asked: str | None = None
    """As the client asked."""
    model: str | None = None
    """As the provider was asked: what a bill goes by."""
    model_served: str | None = None
    """As the provider says."""
    tier: str | None = None
    usage: Usage = field(default_factory=Usage)
    max_output_tokens: int | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    cost: Cost = field(default_factory=Cost)
    billing: Billing = Billing.METERED
    status: int | None = None
    """The HTTP status that the client got from the provider."""
    stream: bool = False
    request_bytes: int = 0
    response_bytes: int = 0
    session: str | None = None
    response_id: str | None = None
    """The provider's id of the answer."""
    error: str | None = None
    """Why the call did not end well: abandoned, cut, unreadable ...; never a provider's text."""
    limits: tuple[str, ...] = ()
    """The names of the limits that it met."""
    bound: Amounts | None = None
    """The most that it could come to; None: no hard limit asked for it."""
    action: str | None = None
    """What was done to it: redact email, clamp 4096, wait, route economy, block ..., with commas between."""
    findings: tuple[Finding, ...] = ()
    """What guardrails found in it."""
    cache: str | None = None
    """hit: an earlier answer answered it; join: it shared that of an identical call in flight; miss: neither
    was there. None: it has nothing to do with the cache."""
    saved_nano: int = 0
    """What a hit or a join would have cost, in nano-dollars."""
    calls: int = 1
    """How many calls it stands for: `tollway ledger prune` merges old ones, whose sums it has."""
