"""What a policy may say. Every key has the default that holds where the policy is silent."""

from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, WithJsonSchema

from tollway.policy.access import Access
from tollway.policy.admins import Admins
from tollway.policy.alerts import Alerts
from tollway.policy.always import Always
from tollway.policy.cache import Cache
from tollway.policy.credentials import Credentials
from tollway.policy.entry import LimitEntry
from tollway.policy.guardrails import Guardrails
from tollway.policy.identity import Claims, Source
from tollway.policy.length import LengthText
from tollway.policy.network import NetworkText
from tollway.policy.on_request import OnRequest
from tollway.policy.rate import Rates
from tollway.policy.record import Record
from tollway.policy.routes import Routes
from tollway.policy.size import TotalText
from tollway.policy.sockets import Sockets
from tollway.prices.overrides import Override
from tollway.providers.schema import Row, Strict

_UNSETTLED: Any = "48h"
_CACHE_SIZE: Any = "1 GB"
"""As it would be written, so that the JSON Schema shows it."""


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, OSError, ValueError):  # unknown, a folder's, or no name at all
        raise ValueError(f"no time zone is called {value!r}: write it as Europe/Berlin or UTC") from None
    return value


def _version(value: int) -> int:
    if value != 1:
        raise ValueError(f"must be 1, the only version of the policy language so far, not {value}")
    return value


class Faults(Strict):
    """What to do when something is wrong. The first value of each is the default."""

    store_down: Literal["closed", "open", "local"] = "closed"
    """The ledger can't take a call: it is refused, or passes, or passes as far as something was set aside."""
    unknown_price: Literal["refuse", "dearest"] = "refuse"
    """Under a hard limit; without one, a model of no known price is priced at the provider's dearest."""
    unknown_call: Literal["refuse", "pass"] = "refuse"
    """A call that may cost and that nothing reads, under a hard limit, or where an access rule may be about
    it; else it passes, flagged."""
    batch: Literal["refuse", "allow"] = "refuse"
    """A batch that is handed in, under a hard limit, or as above; `allow`: it is held if its requests passed
    here, and passes unheld if they did not."""
    unsettled: LengthText = Field(default=_UNSETTLED, validate_default=True)
    """How long the end of a batch, or of an answer made in the background, is waited for, in microseconds."""
    websocket: Literal["meter", "refuse", "pass"] = "meter"
    """A WebSocket on which calls are made: each is metered and held, or the socket is refused, whereupon
    clients go on over HTTPS at once, or it passes unread."""
    abandoned: Literal["drain", "close"] = "drain"
    """The client left while its answer streams: read on to the usage report, or close and estimate."""
    subscriptions: Literal["observe", "refuse"] = "observe"
    """Calls that a log-in makes or a flat plan covers (Claude Code's, Codex's, Gemini CLI's, Copilot's): each
    is metered, or refused before it leaves."""
    tunnels: Annotated[tuple[NetworkText, ...], Field(strict=False)] = ()
    """Inner networks that clients on other machines may reach through the proxy."""
    unreadable: Literal["allow", "refuse"] = "allow"
    """Clients whose traffic to providers can't be decrypted: pinned, or with an encrypted hello. They pass,
    unless the policy keeps calls from anything, as a hard limit does; or none of them does."""
    unmanaged: Literal["allow", "refuse"] = "allow"
    """AI services that no provider row names: what passes there is counted, or nobody reaches them."""
    durability: Literal["process", "power"] = "process"
    """What a recorded call outlives: `kill -9`, or a loss of power too."""
    accept_bound: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Ids of `bound_violated` alerts that an operator accepted. Matters to limits only."""


class Policy(Strict):
    """A policy as a whole."""

    version: Annotated[int, AfterValidator(_version), WithJsonSchema({"const": 1})]
    """Of the policy language."""
    timezone: Annotated[str, AfterValidator(_timezone)] = "UTC"
    """Days, weeks and months follow its calendar."""
    faults: Faults = Faults()
    providers: Annotated[tuple[Row, ...], Field(strict=False)] = ()
    """Providers beside those that Tollway knows; asked before them."""
    prices: Annotated[tuple[Override, ...], Field(strict=False)] = ()
    """Rates of one's own: new models, discounts, dated changes."""
    limits: Annotated[tuple[LimitEntry, ...], Field(strict=False)] = ()
    """What may be spent; all limits that match a call must admit it."""
    rates: Rates = ()
    """How many calls or tokens are admitted in a time, or at once; all that match a call must admit it."""
    access: Access = ()
    """Who may call what, before any limit is asked."""
    routes: Routes = Field(default={})
    """Where limits may move calls to."""
    always: Always = ()
    """Routes that calls take without a limit being hit."""
    on_request: OnRequest = ()
    """Routes that callers may ask for."""
    credentials: Credentials = Field(default={})
    """Whose credential a provider gets; of one that is not named here, the caller's own."""
    identity: Annotated[tuple[Source, ...], Field(strict=False)] = ()
    """How callers are known; the first that knows one holds."""
    claims: Claims = Field(default={})
    """The names that limits know callers by -> where they stand among a token's claims."""
    anonymous: Literal["refuse", "allow"] = "refuse"
    """Calls of whom no source knows; where there is no source, nobody is asked."""
    admins: Admins = Field(default={})
    """Who sees everything on the proxy's page; without `identity`, who calls from this machine does."""
    guardrails: Guardrails = ()
    """What is not to leave, or not to come back: secrets, personal data, words of one's own."""
    sockets: Sockets = Sockets()
    """How calls on a WebSocket are held whose cost nothing bounds."""
    record: Record = ()
    """Of which calls the texts are kept; of none, unless it says so."""
    cache: Cache = ()
    """Of which calls answers are kept and given again; of none, unless it says so."""
    cache_size: TotalText = Field(default=_CACHE_SIZE, validate_default=True)
    """What all answers may take together, in a file or in the Redis of a fleet, in bytes."""
    alerts: Alerts = Alerts()
    """Who is told what limits have to say, beside the log."""

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.timezone)

    def claims_in_use(self) -> list[Claims]:
        """The names that each source of tokens gives to claims."""
        tokens = [source.proxy_jwt or source.header_jwt for source in self.identity]
        return [self.claims if one.claims is None else one.claims for one in tokens if one is not None]

    def provider_rows(self) -> tuple[dict[str, Any], ...]:
        """The operator's providers, as `providers.load.load` takes them."""
        return tuple(row.model_dump(exclude_unset=True) for row in self.providers)
