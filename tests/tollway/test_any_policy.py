"""Whatever a policy says, and whatever is called: hard limits and rates hold, nothing stays held, and no
call is refused for nothing, or led about for ever."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tollway.admitting import NOW_US, REQUEST, asked, governing, keeping
from tollway.admission import Admission, Admitted, TurnedAway
from tollway.budget.bucket import Enforce
from tollway.errors import PolicyError
from tollway.governing import Governing
from tollway.ledger.sqlite import SqliteLedger
from tollway.model import Cost, Usage
from tollway.waiting import Line

MODELS = ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-nano")
ROUTES = ("r0", "r1", "r2")
SETS = ("", ", set: {max_output_tokens: 10}", ", set: {service_tier: flex}")
WHENS = ("", ", when: {budget.left: under 50%}", ", when: {size: over 3 KB}", ", cache: ignore")
AMOUNTS = ("0 USD", "0.01 USD", "0.03 USD", "0.1 USD", "3000 tokens", "1 requests", "4 requests")
ACTIONS = ("clamp", "wait 50ms", *(f"{{route: {name}}}" for name in ROUTES))
MATCHES = ("", ", match: {model: gpt-4o}", ", match: {model: 'gpt-4o*'}")
TARGETS = st.one_of(
    st.sampled_from([f"openai/{model}" for model in MODELS]),
    st.lists(
        st.sampled_from(["same", *(f"openai/{model}" for model in MODELS)]), min_size=2, unique=True
    ).map(lambda names: f"[{', '.join(names)}]"),
)
RULES = st.lists(
    st.builds(
        "{{from: '{}', to: {}{}{}}}".format,
        st.sampled_from(["*", "gpt-4o*", *MODELS]),
        TARGETS,
        st.sampled_from(SETS),
        st.sampled_from(WHENS),
    ),
    min_size=1,
    max_size=3,
)
LEVELS = st.dictionaries(st.integers(1, 100), st.sampled_from(ROUTES), max_size=2).map(
    lambda found: ", ".join(f"{percent}%: {{route: {route}}}" for percent, route in found.items())
)
LIMITS = st.lists(
    st.builds(
        "window: day, amount: {}, enforce: {}{}, at: {{{}}}, then: [{}]".format,
        st.sampled_from(AMOUNTS),
        st.sampled_from(["hard", "hard", "soft"]),
        st.sampled_from(MATCHES),
        LEVELS,
        st.lists(st.sampled_from(ACTIONS), max_size=3, unique=True).map(
            lambda names: ", ".join([*names, "block"])
        ),
    ),
    min_size=1,
    max_size=3,
)
RATES = st.lists(
    st.builds(
        "allow: {}{}, then: [{}]".format,
        st.sampled_from(["1 at once", "3 at once", "4 requests / minute", "6k tokens / minute, burst: 4k"]),
        st.sampled_from(MATCHES),
        st.lists(st.sampled_from(ACTIONS[1:]), max_size=3, unique=True).map(
            lambda names: ", ".join([*names, "block"])
        ),
    ),
    max_size=2,
)


@st.composite
def policies(draw: st.DrawFn) -> str:
    """After its version."""
    limits = [f"  - {{name: l{i}, {text}}}\n" for i, text in enumerate(draw(LIMITS))]
    rates = [f"  - {{name: r{i}, {text}}}\n" for i, text in enumerate(draw(RATES))]
    routes = [f"  {name}: [{', '.join(draw(RULES))}]\n" for name in ROUTES]
    always = [
        f"  - {{route: {name}}}\n"
        for name in draw(st.lists(st.sampled_from(ROUTES), min_size=1, unique=True))
    ]
    told = "on_request: [{routes: [r0]}]\n"
    limits += ["rates:\n", *rates] if rates else []
    return "".join(["limits:\n", *limits, "routes:\n", *routes, "always:\n", *always, told]).replace(
        ", at: {}", ""
    )


CALLS = st.lists(
    st.tuples(
        st.sampled_from(MODELS),
        st.sampled_from([1, 100, 3000]),
        st.sampled_from([None, "r0"]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
)
"""The model, the output maximum, the wish, and how many calls end after it."""


class Traffic:
    """Calls of one conversation under a policy."""

    def __init__(self, policy: Governing, ledger: SqliteLedger, path: Path) -> None:
        self.policy = policy
        self.ledger = ledger
        self.path = path
        self.line = Line(poll_seconds=0.01)
        self.open: list[tuple[Admitted, Any]] = []
        self.said: list[dict[str, str]] = [{"role": "user", "content": "word " * 400}]

    async def call(self, id: str, model: str, most: int, wish: str | None) -> None:
        """Make one, which stays in flight if it is admitted."""
        body = {"model": model, "max_tokens": most, "messages": [*self.said]}
        self.said += [{"role": "assistant", "content": "a"}, {"role": "user", "content": "b" * 100}]
        first = self.policy.candidates.any(asked(body, id, session="s", wish=wish))
        balances = await self.ledger.look(first.wants, NOW_US)
        sent, done = self.policy.sent(first, lambda: REQUEST, balances)
        learner = self.policy.caching(first, sent)
        if not sent.limits:
            return
        ways = self.policy.ways(first, lambda: REQUEST, lambda: NOW_US, balances)
        tried = {first.target} if sent is not first else set[str]()
        way = Admission(self.ledger, self.line, ways, lambda: NOW_US, done=done, tried=tried)
        outcome = await asyncio.wait_for(way.run(sent), 60)
        if isinstance(outcome, Admitted):
            clamp, said = outcome.candidate.clamp, outcome.candidate.call.asked
            assert said is not None
            assert (said.max_output_tokens or 0) <= most
            assert clamp is None or clamp <= most
            self.open.append((outcome, learner))
        else:
            is_refused_for_something(outcome)
        self.hard_limits_hold()

    async def end(self) -> None:
        """The oldest in flight ends: it costs all that it was held for."""
        outcome, learner = self.open.pop(0)
        row, most = outcome.candidate.row, outcome.candidate.most
        usage = Usage(input_tokens=600, cache_read_tokens=500, output_tokens=1)
        cost = Cost(output_nano=most.nano if most is not None else 1_000_000)
        told = replace(row, state="done", status=200, cost=cost, usage=usage)
        self.line.freed([each.bucket.id for each in await self.ledger.settle(told)])
        if learner is not None:
            learner(told)
        self.hard_limits_hold()

    def hard_limits_hold(self) -> None:
        sql = "SELECT enforce, settled + held, amount FROM buckets JOIN balances ON bucket = id"
        assert not [row for row in self.rows(sql) if row[0] == "hard" and row[1] > row[2]]

    def rows(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.path)) as db:
            return db.execute(sql).fetchall()


def is_refused_for_something(turned: TurnedAway) -> None:
    """The limit that it says has no room for it, or can't hold it."""
    assert not turned.gone
    if turned.reason is not None:
        return
    assert turned.balance is not None
    left, is_hard = turned.balance.left, turned.limit.enforce is Enforce.HARD
    assert turned.hold > left if is_hard else left <= 0


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=policies(), calls=CALLS)
def test_hard_limits_hold_and_nothing_is_left_behind(
    text: str, calls: list[tuple[str, int, Any, int]]
) -> None:
    try:
        policy = governing(text)
    except PolicyError:  # a route that leads in a circle
        assume(False)

    async def go(path: Path) -> None:
        async with keeping(path, policy) as ledger:
            traffic = Traffic(policy, ledger, path)
            for number, (model, most, wish, ends) in enumerate(calls):
                await traffic.call(f"c{number}", model, most, wish)
                for _ in range(min(ends, len(traffic.open))):
                    await traffic.end()
            while traffic.open:
                await traffic.end()
            assert traffic.rows("SELECT * FROM balances WHERE held != 0") == []
            assert traffic.rows("SELECT id FROM calls WHERE state = 'open'") == []

    with TemporaryDirectory() as folder:
        asyncio.run(go(Path(folder) / "ledger.db"))
