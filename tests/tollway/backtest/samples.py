"""Calls of made-up ledgers, and what policies make of them: pure, without a ledger."""

import json
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from tests.tollway.ledger.samples import NOON_US
from tests.tollway.policy.written import policy
from tollway.backtest.attempt import COLUMNS, Attempt
from tollway.backtest.fate import Fate
from tollway.backtest.replay import Replay
from tollway.backtest.result import Backtest, Entry, backtest
from tollway.budget.attributes import attributes
from tollway.budget.charges import charged
from tollway.model import USAGE_FIELDS, CallRecord, Cost, Source, Usage
from tollway.policy.schema import Policy
from tollway.prices.book import PriceBook

BOOK = PriceBook()
SECOND_US, MINUTE_US, HOUR_US, DAY_US = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
COST = 1_000
"""Of a call of `call`, in nano-dollars: 400 of input, 600 of output."""


def call(id: str, after: float = 0, seconds: float = 1, nano: int = COST, **fields: Any) -> CallRecord:
    """A call that began so many seconds after noon and took so long: of 40 tokens of input and 60 of
    output."""
    started_us = NOON_US + round(after * SECOND_US)
    plain: dict[str, Any] = {
        "state": "done",
        "started_us": started_us,
        "ended_us": started_us + round(seconds * SECOND_US),
        "provider": "openai",
        "host": "api.openai.com",
        "operation": "chat",
        "model": "gpt-4o",
        "model_asked": "gpt-4o",
        "status": 200,
        "usage": Usage(input_tokens=40, output_tokens=60),
        "cost": Cost(input_nano=nano - nano * 6 // 10, output_nano=nano * 6 // 10, source=Source.COMPUTED),
    }
    return CallRecord(id=id, **{**plain, **fields})


def refused(id: str, after: float = 0, error: str = "over_limit", **fields: Any) -> CallRecord:
    """A call that was refused."""
    plain: dict[str, Any] = {
        "status": None, "error": error, "usage": Usage(), "cost": Cost(), "action": "block", "seconds": 0,
    }  # fmt: skip
    return call(id, after, **{**plain, **fields})


def attempt(call: CallRecord, names: Sequence[str] = ("model", "provider")) -> Attempt:
    """As `ledger.attempts` reads its row."""
    known = attributes(call)
    values = [_column(name, known.get(name)) for name in names]
    named = {name: _FIELDS.get(name, attrgetter(name))(call) for name in COLUMNS}
    return Attempt(
        **named,
        counts=charged(call).requests if call.state != "open" else _counts(call),
        used=tuple(getattr(call.usage, name) for name in USAGE_FIELDS),
        who=(call.billing.value, int(call.verified), call.operation, *values),
    )


def _counts(call: CallRecord) -> int:
    from msgspec.structs import replace

    return charged(replace(call, state="done")).requests


def _column(name: str, value: Any) -> Any:
    if name == "group":
        return json.dumps(value) if value else None
    return value if value is not None or name not in ("provider", "operation") else ""


_FIELDS: dict[str, Callable[[CallRecord], Any]] = {
    "billing": lambda call: call.billing.value,
    "stream": lambda call: int(call.stream),
    "cost_nano": lambda call: call.cost.nano,
    "output_nano": lambda call: call.cost.output_nano,
    "flags": lambda call: ",".join(call.cost.flags),
    "bound_nano": lambda call: call.bound and call.bound.nano,
    "bound_input_tokens": lambda call: call.bound and call.bound.input_tokens,
    "bound_output_tokens": lambda call: call.bound and call.bound.output_tokens,
}


class Seen(Replay):
    """A replay that remembers what became of each call."""

    def __init__(self, policy: Policy, book: PriceBook = BOOK, since_us: int = 0) -> None:
        super().__init__(policy, book, since_us)
        self.fates: dict[str, Fate] = {}
        add = self.tally.add

        def noted(attempt: Attempt, fate: Fate, now_us: int) -> None:
            self.fates[attempt.id] = fate
            add(attempt, fate, now_us)

        # Nothing but a test wants to hear of each call.
        self.tally.add = noted  # type: ignore[method-assign]

    @property
    def refused(self) -> list[str]:
        """The ids of calls that it refuses."""
        return [id for id, fate in self.fates.items() if fate.refused is not None]

    def did(self, what: str) -> list[str]:
        """The ids of calls to which this was done."""
        return [id for id, fate in self.fates.items() if any(deed.what == what for deed in fate.deeds)]


def replay(text: str, calls: Iterable[CallRecord], since_us: int = 0) -> Seen:
    """What a policy makes of calls."""
    seen = Seen(policy(text), since_us=since_us)
    seen.run(attempts(seen, calls))
    return seen


def attempts(replay: Replay, calls: Iterable[CallRecord]) -> list[Attempt]:
    """As a replay wants them: in the order of their start."""
    return [attempt(each, replay.kinds.names) for each in sorted(calls, key=lambda each: each.started_us)]


def backtested(
    text: str, calls: Iterable[CallRecord], since_us: int | None = None, until_us: int | None = None
) -> Backtest:
    """What a backtest of a policy finds."""
    chosen = policy(text)
    run = Replay(chosen, BOOK, since_us or 0)
    return backtest(chosen, run, attempts(run, calls), since_us, until_us)


def entry(found: Backtest, name: str) -> Entry:
    """What the entry of this name did."""
    (one,) = [each for each in found.entries if each.by.name == name]
    return one
