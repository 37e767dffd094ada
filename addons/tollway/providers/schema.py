"""What a provider row may say: `providers.yaml`, and the rows that operators add to their policy."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from tollway.providers.hosts import check_host
from tollway.providers.paths import check_base, check_path

DialectName = Literal[
    "openai_chat",
    "openai_completions",
    "openai_responses",
    "openai_embeddings",
    "openai_decisions",
    "openai_images",
    "openai_speech",
    "openai_transcriptions",
    "openai_rerank",
    "anthropic_messages",
    "gemini",
    "gemini_embeddings",
    "bedrock_converse",
    "bedrock_invoke",
    "ollama",
    "ollama_embeddings",
    "cohere_chat",
    "cohere_meta",
    "mistral_conversations",
    "mistral_ocr",
    "mistral_transcription",
    "mistral_speech",
    "mistral_moderation",
    "voyage",
    "gemini_interactions",
    "gemini_images",
    "gemini_videos",
    "perplexity_search",
    "cloudflare_run",
]
"""The keys of `wire.DIALECTS` (a test holds the two together)."""

SocketName = Literal["openai_responses", "openai_realtime", "openai_live", "gemini_live"]
"""The keys of `sockets.SESSIONS` (a test holds the two together)."""

Habit = Literal["reasoning_extra", "plan_by_token", "ten_seconds_least", "nine_letter_ids"]
"""reasoning_extra: reasoning tokens come on top of the completion tokens (xAI's chat).
plan_by_token: a log-in token in place of an API key means a flat plan (Claude Code).
ten_seconds_least: a shorter sound is billed as ten seconds of it (Groq).
nine_letter_ids: ids of calls of tools are nine letters and digits (Mistral)."""

BatchName = Literal[
    "openai.upload", "openai.begin", "openai.part", "openai.complete", "openai.cancel",
    "openai.create", "openai.show", "openai.list", "openai.results",
    "anthropic.create", "anthropic.show", "anthropic.list", "anthropic.results",
    "gemini.upload", "gemini.create", "gemini.show", "gemini.list", "gemini.results",
    "mistral.create", "mistral.show", "mistral.list",
]  # fmt: skip
"""Whose batches a path is about, and what is done there: a file of requests is handed in, at once or in
parts (begin, part, complete, cancel), or one of results is fetched; a batch is made; how it stands is asked
for, or how all of them do."""

KeyHeader = Literal["authorization", "x-api-key", "api-key", "x-goog-api-key", "xi-api-key"]
"""Where a host takes an API key: with `Bearer` before it in `authorization`, else alone."""

Method = Literal["GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
HostText = Annotated[str, AfterValidator(check_host)]
PathText = Annotated[str, AfterValidator(check_path)]
BaseText = Annotated[str, AfterValidator(check_base)]


class Strict(BaseModel):
    """Unknown keys are errors, and nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Rule(Strict):
    """What the requests to a path are."""

    operation: Annotated[str, StringConstraints(pattern=r"^[a-z_]{0,32}$")] = ""
    dialect: DialectName | None = None
    """None: nothing here reads it."""
    free: bool = False
    """It costs nothing, so it passes."""
    mints: bool = False
    """Its answer has a credential for the account that asks: who asks with the operator's key is refused."""
    socket: SocketName | None = None
    """What is spoken on a WebSocket that is opened here; None: nothing here reads it."""
    batch: BatchName | None = None
    """What the path has to do with batches."""
    got: BatchName | None = None
    """The same of a GET, which costs nothing, where the rule is for other methods."""
    stream: bool | None = None
    """Where the path decides it."""
    methods: Annotated[tuple[Method, ...], Field(strict=False)] = ()
    """Empty: all that do more than look or delete, and WebSocket upgrades."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.dialect is not None and self.free:
            raise ValueError("what is free is not read: give `dialect` or `free: true`, not both")
        if self.socket is not None and (self.free or not self.operation):
            raise ValueError("what is spoken on a `socket` costs: give an `operation`, and not `free: true`")
        if self.got is not None and self.methods:
            raise ValueError(
                "`got` is beside a rule for methods that do more than look: give it without `methods`"
            )
        if self.dialect is not None and not self.operation:
            raise ValueError("what a dialect reads needs an `operation`: chat, embeddings, completion ...")
        return self


SHORT = {"pass": {"free": True}, "unknown": {}, "mints": {"free": True, "mints": True}}


def _spelled_out(value: Any) -> Any:
    """`pass`, `unknown` and `mints` are short for a rule."""
    return SHORT.get(value, value) if isinstance(value, str) else value


Rules = dict[PathText, Annotated[Rule, BeforeValidator(_spelled_out)]]


class Serves(Strict):
    """A set of paths under some prefixes."""

    at: list[BaseText] = Field(min_length=1)
    set: str
    subscription: bool | None = None
    """None: as the row says."""


class Row(Strict):
    """A provider: its hosts, what it serves there, and its habits."""

    name: Name
    hosts: list[HostText] = Field(min_length=1)
    serves: list[Serves] = []
    paths: Rules = {}
    errors: DialectName | None = None
    """The dialect that errors of ours take where a path has none; by default that of the row's first path."""
    subscription: bool = False
    untouched: bool = False
    """Programs log in there themselves: requests and credentials are never changed, whoever pays."""
    ask_usage: bool = False
    bills_on: bool = False
    habits: list[Habit] = []
    by_name: bool = False
    """The proxy reads those of its hosts that an operator's row names: strangers have hosts beside them, so
    no certificate authority may speak for all. Recorded traffic is recognised all the same."""
    by_path: bool = False
    """Strangers have paths of theirs beside one's own on its hosts: no key of the operator's goes there, but
    to a path that a row of the operator's names, under another name."""
    keys: dict[DialectName, KeyHeader] = {}
    """The header that takes an API key, where that is not `authorization`. What no dialect reads goes by the
    dialect of the row's errors."""
    betas: bool = False
    """It knows Anthropic's beta features by their names (`anthropic-beta`)."""
    note: str = ""
    """What a reader of the README's table of providers should know."""


class Table(Strict):
    """`providers.yaml` as a whole."""

    version: Literal[1]
    regions: dict[Name, list[Name]] = {}
    sets: dict[Name, Rules] = {}
    providers: list[Row]
