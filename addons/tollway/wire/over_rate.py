"""How a call that a rate turns away is told so: with when to come again, in the headers that SDKs read.

The SDKs of OpenAI and Anthropic wait as long as `retry-after-ms` says, else `retry-after`, for 60 s at the
most, and give up at once where `x-should-retry` is false. For what is left both providers have headers of
their own, which clients read that pace themselves: OpenAI's with lengths of time (`1m12s`, `350ms`),
Anthropic's with moments.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from tollway.budget.amounts import Unit
from tollway.budget.bucket import Balance
from tollway.budget.lapse import lapse
from tollway.wire.over_limit import LONGEST_S, PROGRAMS, Refusal

CODE = "over_rate"
SOON_US = 1_000_000
"""After which a client may find that a call has ended, or that there is room though none was promised."""
_WORDS = {
    Unit.REQUESTS: "requests",
    Unit.TOKENS: "tokens",
    Unit.INPUT: "input-tokens",
    Unit.OUTPUT: "output-tokens",
}
_STATUS = 429


def over_rate(
    name: str,
    balance: Balance | None,
    now_us: int,
    again_us: int | None,
    *,
    dialect: str,
    program: str | None = None,
) -> Refusal:
    """The refusal of a call that a rate has no room for.

    `balance`: of the rate's bucket; None: others were faster each time that there was room. `again_us`: from
    when on there is, if nobody else comes; None: nobody knows. `dialect`: whose errors its client reads.
    """
    wait_us = max(1_000, again_us - now_us) if again_us is not None else SOON_US
    seconds, ms = -(-wait_us // 1_000_000), -(-wait_us // 1_000)
    retried = seconds <= LONGEST_S
    said = f'the rate "{name}" has no room for this call' if balance is None else _admits(name, balance)
    headers = {
        "retry-after": str(seconds),
        "retry-after-ms": str(ms),
        "x-should-retry": "true" if retried else "false",
    }
    if balance is not None and not balance.bucket.at_once:
        headers |= _told(balance, now_us, dialect)
    return Refusal(
        status=_status(program, retried),
        message=f"Tollway: {said}. Please retry in {seconds}s.",
        code=f"{CODE}:{name}",
        retry_after=seconds,
        headers=headers,
    )


def _status(program: str | None, retried: bool) -> int:
    for glob, statuses in PROGRAMS.items():
        if program is not None and fnmatchcase(program.lower(), glob):
            return statuses[retried]
    return _STATUS


def _admits(name: str, balance: Balance) -> str:
    """What it admits, and what is left of that."""
    bucket = balance.bucket
    if bucket.at_once:
        return f'the rate "{name}" admits {balance.amount:,} at once, and {balance.held:,} are in flight'
    assert bucket.rolling_us is not None
    said = f"{balance.amount:,} {bucket.unit.replace('_', ' ')} / {lapse(bucket.rolling_us)}"
    return f'the rate "{name}" admits {said}, and has {max(0, balance.left):,} left'


def _told(balance: Balance, now_us: int, dialect: str) -> Mapping[str, str]:
    """What is left of it, as the provider would say it."""
    word, left = _WORDS[balance.bucket.unit], str(max(0, balance.left))
    reset_us = balance.empty_us if balance.empty_us is not None else now_us + SOON_US
    if dialect == "anthropic_messages":
        begin = f"anthropic-ratelimit-{word}"
        at = datetime.fromtimestamp(-(-reset_us // 1_000_000), UTC)
        said = {"limit": str(balance.amount), "remaining": left, "reset": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
        return {f"{begin}-{key}": value for key, value in said.items()}
    word = "requests" if balance.bucket.unit is Unit.REQUESTS else "tokens"
    said = {"limit": str(balance.amount), "remaining": left, "reset": _span(max(0, reset_us - now_us))}
    return {f"x-ratelimit-{key}-{word}": value for key, value in said.items()}


def _span(us: int) -> str:
    """A length of time as OpenAI writes it: `1m12s`, `6h0m0s`, `350ms`."""
    ms = -(-us // 1_000)
    if ms < 1_000:
        return f"{ms}ms"
    return "".join(_parts(-(-ms // 1_000)))


def _parts(seconds: int) -> Iterator[str]:
    if seconds >= 3_600:
        yield f"{seconds // 3_600}h"
    if seconds >= 60:
        yield f"{seconds % 3_600 // 60}m"
    yield f"{seconds % 60}s"
