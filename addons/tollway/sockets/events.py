"""What a socket's messages tell of the calls on it."""

from enum import StrEnum

from msgspec import Struct

from tollway.model import Asked, Report


class How(StrEnum):
    """How a call ended."""

    COMPLETED = "completed"
    INCOMPLETE = "incomplete"
    """At its output maximum, by a filter, or because it was steered."""
    CANCELLED = "cancelled"
    """The caller spoke, or said so."""
    FAILED = "failed"
    CUT = "cut"
    """Nothing said so: the socket ended first."""


class Begun(Struct, frozen=True, kw_only=True):
    """A call begins: the client asked for it, or its answer came unasked."""

    call: int
    """Its number on this socket, from 0."""
    at: int
    """Microseconds since the epoch, as all times here."""
    operation: str
    """chat, realtime or transcription: what the ledger and the price book call it."""
    asked: Asked
    by_server: bool = False
    """It is under way already: voice that fell silent, a steered answer's successor, a transcription."""


class Ended(Struct, frozen=True, kw_only=True):
    """A call is over. Its usage comes here, once."""

    call: int
    at: int
    how: How
    report: Report
    """Without usage where none was reported."""
    first: int | None = None
    """When its answer began; None: it never did."""
    delivered: bytes = b""
    """The texts that came, for an estimate where no usage did."""
    sound: int = 0
    """Bytes of sound that came, for the same."""


class Gauge(Struct, frozen=True, kw_only=True):
    """How much of one of the provider's own limits is used."""

    name: str
    """primary, secondary (a plan's windows), tokens, requests ..."""
    used_percent: float | None = None
    limit: int | None = None
    remaining: int | None = None
    window_minutes: int | None = None
    resets: int | None = None
    """When; microseconds since the epoch."""


class Gauges(Struct, frozen=True, kw_only=True):
    """The provider said how much of its limits is used."""

    at: int
    gauges: tuple[Gauge, ...]
    plan: str | None = None
    meter: str | None = None
    """Which of a plan's meters this is, where it has several."""
    credits: str | None = None
    """What is left of bought credits, as the provider writes it."""


class Trouble(Struct, frozen=True, kw_only=True):
    """The provider reported an error: its type, never its text."""

    at: int
    error: str
    call: int | None = None
    """The call that it ends; None: it is about none, or nobody can tell which."""


Event = Begun | Ended | Gauges | Trouble


class Settings(Struct, frozen=True, kw_only=True):
    """What holds for all calls of a session."""

    model: str | None = None
    """As the client asked for it."""
    served: str | None = None
    """As the provider names it."""
    transcriber: str | None = None
    """The model that writes down what was spoken."""
    max_output_tokens: int | None = None
    """Of each call that sets none itself; None: as many as the model gives."""
    session: str | None = None
