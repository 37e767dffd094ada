"""Whether a conversation loses more by leaving its prompt cache than lower prices save it. Pure.

A conversation's next turn reads its history at the price of a cache, where its last turn went; anywhere else
it is read, and perhaps written to a cache, anew. Both sums are about this turn alone, and about the same
tokens: what the cache is worth where it is, and what they would cost less elsewhere were there none.

Caches live for minutes after they were last read: five at the least at those who say so, an hour or twelve if
they were written for that. Sources: https://platform.claude.com/docs/en/build-with-claude/prompt-caching,
https://developers.openai.com/api/docs/guides/prompt-caching (in memory for 5 to 10 minutes; from GPT-5.6 on,
whose writes are billed, for 30; `prompt_cache_retention: 24h`).
"""

from collections.abc import Callable

from msgspec import Struct

from tollway.model import CallRecord, Usage
from tollway.money import usd

MINUTE_US = 60_000_000
FIVE_MINUTES_US, HALF_HOUR_US, HOUR_US, DAY_US = (
    5 * MINUTE_US,
    30 * MINUTE_US,
    60 * MINUTE_US,
    1440 * MINUTE_US,
)
BYTES_PER_TOKEN = 4

Price = Callable[[Usage], int]
"""What a usage is expected to cost at one place, in nano-dollars."""

NOT_WRITTEN: tuple[str, ...] = ()
WRITTEN = ("cache_write_tokens",)
WRITTEN_1H = (*WRITTEN, "cache_write_1h_tokens")
WRITTEN_12H = (*WRITTEN, "cache_write_12h_tokens")


class Cached(Struct, frozen=True, kw_only=True):
    """What a conversation's last turn left in a cache."""

    target: str
    """Where: `provider/model`."""
    tokens: int
    """Those that it read there or wrote."""
    rest: int
    """Other tokens of its input."""
    size: int
    """Bytes of its request."""
    writes: tuple[str, ...]
    """The fields of a usage that have what is written; empty: nothing is billed as that."""
    until_us: int
    """When the cache is gone."""


class Sums(Struct, frozen=True):
    """What a switch would come to in this turn, in nano-dollars."""

    loses: int
    """What reading from the cache spares where the conversation is."""
    saves: int
    """What all of it would cost less elsewhere were there no cache; below zero: it costs more."""

    @property
    def waits(self) -> bool:
        """Whether the switch is better made when the conversation starts anew."""
        return self.loses > max(self.saves, 0)

    def __str__(self) -> str:
        return f"lose {usd(self.loses)} USD of cache reads and save {usd(self.saves)} USD"


def sums(cached: Cached, size: int, output: int, here: Price, there: Price) -> Sums:
    """Those of a switch away from a cache. `size`: bytes of the request; `output`: its likely tokens."""
    new = -(-max(0, size - cached.size) // BYTES_PER_TOKEN)
    return weighed(cached.tokens, cached.tokens + cached.rest + new, output, cached.writes, here, there)


def weighed(read: int, whole: int, output: int, writes: tuple[str, ...], here: Price, there: Price) -> Sums:
    """Those of a call of so many tokens, of which `read` are in the cache; the others are written to it if
    there are `writes`."""
    anew = _usage(whole, 0, output, writes)
    uncached = here(anew)
    return Sums(uncached - here(_usage(whole, read, output, writes)), uncached - there(anew))


def _usage(whole: int, read: int, output: int, writes: tuple[str, ...]) -> Usage:
    written = dict.fromkeys(writes, whole - read)
    return Usage(input_tokens=whole, cache_read_tokens=read, output_tokens=output, **written)


def left_by(
    record: CallRecord, dialect: str, retention: object, size: int, before: Cached | None
) -> Cached | None:
    """What a call that ended left in a cache; None: nothing that it told of.

    `retention`: the request's `prompt_cache_retention`; `size`: its bytes. `before`: what its conversation
    had: a turn that writes nothing keeps what others wrote as long as they did.
    """
    usage = record.usage
    tokens = (usage.cache_read_tokens or 0) + (usage.cache_write_tokens or 0)
    if not tokens:
        return None
    target = f"{record.provider}/{record.model or ''}"
    writes = _writes(usage)
    if not writes and before is not None and before.target == target:
        writes = before.writes
    at_us = record.first_byte_us or record.started_us
    return Cached(
        target=target,
        tokens=tokens,
        rest=max(0, (usage.input_tokens or 0) - tokens),
        size=size,
        writes=writes,
        until_us=at_us + lifetime_us(writes, dialect, retention),
    )


def _writes(usage: Usage) -> tuple[str, ...]:
    """The longest of what was written counts for all."""
    if usage.cache_write_12h_tokens:
        return WRITTEN_12H
    if usage.cache_write_1h_tokens:
        return WRITTEN_1H
    return WRITTEN if usage.cache_write_tokens else NOT_WRITTEN


def lifetime_us(writes: tuple[str, ...], dialect: str, retention: object) -> int:
    """How long a cache lives once it was read or written, in microseconds: the least that is promised."""
    if retention == "24h":
        return DAY_US
    if writes == WRITTEN_12H:
        return 12 * HOUR_US
    if writes == WRITTEN_1H:
        return HOUR_US
    return HALF_HOUR_US if writes and dialect.startswith("openai_") else FIVE_MINUTES_US
