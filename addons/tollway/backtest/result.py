"""What a backtest found, as a value: in the policy's order, and by caller."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tollway.backtest import by
from tollway.backtest.attempt import Attempt
from tollway.backtest.by import By
from tollway.backtest.effects import Effects, LetIn, Share
from tollway.backtest.replay import Replay
from tollway.backtest.tally import Caller
from tollway.backtest.unknown import unknown
from tollway.policy.schema import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one entry of the policy did."""

    by: By
    amount: str | None = None
    """As the policy has it: `3000 USD`, or what a rate allows; None: it has none."""
    window: str | None = None
    per: tuple[str, ...] = ()
    enforce: str | None = None
    buckets: int = 0
    """How many there were, by the values of `per`."""
    effects: Effects
    refused_then: int = 0
    """Calls that the limit or rate of this name refused when they were made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What a policy would have done to the calls that started in [since, until)."""

    since_us: int | None
    until_us: int | None
    first_us: int | None
    """When the first of them started; None: there were none."""
    last_us: int | None
    total: Share
    entries: tuple[Entry, ...]
    """Each limit and rate, and what else did something, in the order in which calls come to them."""
    callers: tuple[tuple[Caller, Share], ...]
    """Who was refused most comes first, then who saves most."""
    undone_nano: int
    """In what is saved: what routes and the cache saved then, and do not under this policy; zero or less,
    unless what they did then cost more."""
    gone: tuple[tuple[str, int], ...]
    """Limits and rates of then that the policy has no more, and how many calls they refused, by name."""
    let_in: LetIn
    """Calls that were refused then, and would not be."""
    unknown: tuple[str, ...]
    """What can't be known, in sentences."""


class _Span:
    """Passes calls on, and sees when the first and the last of them came."""

    def __init__(self, attempts: Iterable[Attempt], since_us: int) -> None:
        self._attempts = attempts
        self._since_us = since_us
        self.first_us: int | None = None
        self.last_us: int | None = None

    def __iter__(self) -> Iterator[Attempt]:
        attempt = None
        for attempt in self._attempts:
            if self.first_us is None and attempt.started_us >= self._since_us:
                self.first_us = attempt.started_us
            yield attempt
        if attempt is not None and self.first_us is not None:
            self.last_us = attempt.started_us


def backtest(
    policy: Policy,
    replay: Replay,
    attempts: Iterable[Attempt],
    since_us: int | None,
    until_us: int | None,
) -> Backtest:
    """The outcome. `attempts` have the attributes that `replay.kinds` names, in the order of their start."""
    span = _Span(attempts, since_us or 0)
    tally = replay.run(span)
    entries = tuple(_entries(policy, replay))
    named = {each.by.name for each in entries if each.by.kind in (by.LIMIT, by.RATE)}
    return Backtest(
        since_us=since_us,
        until_us=until_us,
        first_us=span.first_us,
        last_us=span.last_us,
        total=tally.total,
        entries=entries,
        callers=tuple(sorted(tally.shares.items(), key=_order)),
        undone_nano=tally.undone_nano,
        gone=tuple(sorted(each for each in tally.refused_then.items() if each[0] not in named)),
        let_in=tally.let_in,
        unknown=unknown(policy, tally),
    )


def _entries(policy: Policy, replay: Replay) -> Iterator[Entry]:
    effects, then = replay.tally.effects, replay.tally.refused_then
    for kind in (by.FAULT, by.ACCESS, by.ALWAYS):
        for who, found in effects.items():
            if who.kind == kind:
                yield Entry(by=who, effects=found)
    for limit in policy.limits:
        who = By(by.LIMIT, limit.name)
        yield Entry(
            by=who,
            amount=str(limit.amount),
            window=str(limit.window),
            per=limit.per,
            enforce=limit.enforce.value,
            buckets=len(replay.kinds.whose.get(limit.name, ())),
            effects=effects.get(who, Effects()),
            refused_then=then.get(limit.name, 0),
        )
    for rate in policy.rates:
        who = By(by.RATE, rate.name)
        yield Entry(
            by=who,
            amount=str(rate.allow),
            per=rate.per,
            buckets=len(replay.kinds.whose.get(rate.name, ())),
            effects=effects.get(who, Effects()),
            refused_then=then.get(rate.name, 0),
        )


def _order(caller: tuple[Caller, Share]) -> tuple[int, int, int, str]:
    (user, service), share = caller
    return -share.now.refused, -share.saved_nano, -share.then.cost_nano, f"{user or ''} {service or ''}"
