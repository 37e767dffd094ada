"""How a call that a limit turns away is told so: in a status that its client does not try again in vain."""

from collections.abc import Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from msgspec import Struct

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance, Bucket, Enforce
from tollway.money import usd

CODE, UNHOLDABLE = "over_limit", "limit_cannot_hold"
SOON_S = 5
"""Seconds after which a client may find that calls in flight have settled."""
LONGEST_S = 60
"""Seconds up to which SDKs wait as `retry-after` says: those of OpenAI and Anthropic give up beyond."""

ENDLESS = 10**18
"""What is held where nothing limits what a call may come to, is more than that: a billion USD."""

_OBEYED = 429
"""SDKs that obey `x-should-retry` raise their RateLimitError, at once if it is false."""
_NEVER_RETRIED = 402
"""The SDKs of AWS, Google, Cohere and others would try a 429 again, whatever it says; never a 402.
botocore raises ServiceQuotaExceededException then, google-genai ClientError (google_error, bedrock_error)."""
_OBEYS = ("openai_*", "anthropic_messages", "perplexity_search", "cloudflare_run")
"""The dialects whose SDKs obey it; the others get the status that nobody tries again."""
PROGRAMS: Mapping[str, tuple[int, int]] = {"codex*": (400, 402)}
"""Programs that hide the message of a 429: their status where waiting is in vain, and where it helps.
Codex ends a turn at a 400, and tries a 402 five times again, in 8 s; it shows either at the end."""


class Refusal(Struct, frozen=True, kw_only=True):
    """What `hooks.refusal.refuse` says to the client."""

    status: int
    message: str
    """A sentence or two for people, as agents show it in their terminals. Nothing of the request is in it."""
    code: str
    retry_after: int | None = None
    """Seconds; None: waiting is in vain, and `x-should-retry: false` says so."""
    headers: Mapping[str, str] = {}
    """What is said of waiting, in the place of that."""


def over_limit(
    balance: Balance,
    hold: int,
    zone: ZoneInfo,
    now_us: int,
    *,
    dialect: str,
    program: str | None = None,
    held_by_others: bool = False,
    tools: bool = False,
) -> Refusal:
    """The refusal of a call for which a bucket has no room.

    `hold`: the least that it would hold there, in the bucket's unit. `zone`: the policy's. `dialect`: whose
    errors its client reads. `held_by_others`: there is room as soon as calls in flight have settled. `tools`:
    tools that the provider runs may make it cost so much.
    """
    seconds = _retry_after(balance, hold, now_us, held_by_others)
    words = [_left(balance, zone), _needed(balance, hold, tools), _advice(balance, hold, seconds)]
    return Refusal(
        status=_status(dialect, program, seconds is not None),
        message=f"Tollway: {words[0]}{words[1]}. {words[2]}",
        code=CODE,
        retry_after=seconds,
    )


def unholdable(limit: str, reason: str) -> Refusal:
    """The refusal of a call that a hard limit can't hold, whatever is left. No client tries a 400 again."""
    return Refusal(
        status=400,
        message=f'Tollway: the hard limit "{limit}" can\'t hold this call: {reason}.',
        code=UNHOLDABLE,
    )


def _status(dialect: str, program: str | None, waiting_helps: bool) -> int:
    for glob, statuses in PROGRAMS.items():
        if program is not None and fnmatchcase(program.lower(), glob):
            return statuses[waiting_helps]
    obeys = any(fnmatchcase(dialect, glob) for glob in _OBEYS)
    return _OBEYED if waiting_helps or obeys else _NEVER_RETRIED


def _retry_after(balance: Balance, hold: int, now_us: int, held_by_others: bool) -> int | None:
    """Seconds after which the call may fit, if they are few."""
    if _never_fits(balance, hold):
        return None
    if held_by_others:
        return SOON_S
    end_us = balance.bucket.end_us
    seconds = None if end_us is None else max(1, -((now_us - end_us) // 1_000_000))
    return seconds if seconds is not None and seconds <= LONGEST_S else None


def _never_fits(balance: Balance, hold: int) -> bool:
    return balance.enforce is Enforce.HARD and hold > balance.amount


def _left(balance: Balance, zone: ZoneInfo) -> str:
    """What is left: not spent, though calls in flight may hold a part of it."""
    unit = balance.bucket.unit
    left = max(0, balance.amount - balance.settled)
    limit = f'the limit "{balance.bucket.limit}"'
    said = f"{limit} has {_rounded(left, unit)} left of {_exact(balance.amount, unit)}"
    held = f", {_rounded(balance.held, unit, up=True)} of it held by calls in flight" if balance.held else ""
    return f"{said} {_window(balance.bucket, zone)}{held}"


def _needed(balance: Balance, hold: int, tools: bool) -> str:
    unit = balance.bucket.unit
    if balance.enforce is not Enforce.HARD or unit is Unit.REQUESTS:
        return ""
    verb = "cost" if unit is Unit.USD else "use"
    if hold >= ENDLESS:
        return f", and nothing limits what this call may {verb}"
    why = ", as it is read again after each call of the provider's tools" if tools else ""
    return f", and this call may {verb} up to {_rounded(hold, unit, up=True)}{why}"


def _advice(balance: Balance, hold: int, seconds: int | None) -> str:
    """What to do. "Please retry in 5s" is what Gemini CLI looks for in a message."""
    if seconds is not None:
        return f"Please retry in {seconds}s."
    if not balance.amount:
        return "It never has room."
    if balance.enforce is not Enforce.HARD or balance.bucket.unit is Unit.REQUESTS:
        return "Wait until there is room again."
    if hold >= ENDLESS:
        return "Set an output maximum."
    return (
        "Ask for less, or wait."
        if hold <= balance.amount
        else "Ask for less: there is never room for as much."
    )


_SIZES = ((1440, "days"), (60, "hours"))


def _window(bucket: Bucket, zone: ZoneInfo) -> str:
    if bucket.rolling_us is not None:
        minutes = bucket.rolling_us // 60_000_000
        larger = ((size, name) for size, name in _SIZES if minutes % size == 0 and minutes > size)
        size, name = next(larger, (1, "minutes"))
        return f"in any {minutes // size} {name}"
    if bucket.end_us is None:
        return "for good"
    return f"until {datetime.fromtimestamp(bucket.end_us // 1_000_000, zone):%Y-%m-%d %H:%M} {zone.key}"


def _exact(amount: int, unit: Unit) -> str:
    return f"{usd(amount)} USD" if unit is Unit.USD else f"{amount:,} {unit.value.replace('_', ' ')}"


def _rounded(amount: int, unit: Unit, up: bool = False) -> str:
    """USD to the cent, below ten cents to a hundredth of one, below a tenth of a cent exactly."""
    if unit is not Unit.USD:
        return _exact(amount, unit)
    step = 10_000_000 if amount >= 100_000_000 else 100_000 if amount >= 1_000_000 else 1
    return _exact(-(-amount // step) * step if up else amount // step * step, unit)
