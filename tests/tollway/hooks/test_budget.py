"""Step 8; tests/tollway/test_limits.py has it over the whole road."""

import asyncio
from pathlib import Path

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from tests.tollway.admitting import BODY, HOLD, NOW_US, asked, governing, keeping
from tollway import exchange
from tollway.budget.bucket import Balance
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.holds import Holds
from tollway.hooks.budget import Budget
from tollway.ledger.sqlite import SqliteLedger
from tollway.waiting import Line

LIMIT = "limits: [{name: day, amount: 1 USD, window: day}]\n"


def flow_of(known: Exchange) -> HTTPFlow:
    """A flow of the call."""
    flow = tflow.tflow()
    exchange.begin(flow, known)
    return flow


def step(ledger: SqliteLedger, policy: Governing) -> Budget:
    """The step, under a policy."""
    line = Line()
    return Budget(policy, ledger, Holds(ledger, line), line, lambda: NOW_US / 1_000_000)


async def test_a_call_that_is_admitted_is_recorded_and_says_what_is_held(tmp_path: Path) -> None:
    policy = governing(LIMIT)
    async with keeping(tmp_path / "l.db", policy) as ledger:
        known = asked()
        waits = step(ledger, policy).request(flow_of(known))
        assert waits is not None
        await waits

    assert (known.recorded, known.admitted, known.remaining) == (
        True,
        True,
        "day; left=1 USD; reset=2026-11-25T00:00:00Z",
    )
    assert known.ruling.bound is not None
    assert (known.ruling.limits, known.ruling.bound.nano) == (("day",), HOLD)


async def test_where_no_limit_applies_it_does_nothing(tmp_path: Path) -> None:
    policy = governing("")
    async with keeping(tmp_path / "l.db", policy) as ledger:
        known = asked()

        assert step(ledger, policy).request(flow_of(known)) is None
        assert not known.recorded


@pytest.mark.parametrize(
    ("limits", "faults", "admitted"),
    [
        ("", "closed", False),
        ("", "open", True),
        ("", "local", False),
        ("store_down: open", "closed", True),
        ("store_down: closed", "open", False),
        ("store_down: open; enforce: soft", "closed", False),
    ],
    ids=[
        "the default",
        "open",
        "local: nothing is set aside",
        "this limit is open",
        "this limit is closed",
        "one of two limits is closed",
    ],
)
async def test_a_ledger_that_can_not_be_written_refuses_unless_the_policy_says_otherwise(
    tmp_path: Path, limits: str, faults: str, admitted: bool
) -> None:
    """What `faults` says holds for limits that say nothing; all of a call's limits have to let it pass."""
    one, _, other = limits.partition("; ")
    entries = [f"{{name: day, amount: 1 USD, window: day{', ' if one else ''}{one}}}"]
    entries += [f"{{name: other, amount: 1 USD, window: day, {other}}}"] if other else []
    async with keeping(tmp_path / "l.db", governing(LIMIT)) as ledger:
        closed = ledger
    known = asked()
    flow = flow_of(known)

    policy = governing(f"limits: [{', '.join(entries)}]\nfaults: {{store_down: {faults}}}")
    waits = step(closed, policy).request(flow)
    assert waits is not None
    await asyncio.ensure_future(waits)

    assert (known.admitted, known.recorded) == (admitted, False)
    assert (flow.response is not None and flow.response.status_code == 503) is not admitted


@pytest.mark.parametrize(
    ("amount", "heard"), [("0.01 USD", [("day", 10_000_000)]), ("1 USD", [])], ids=["full", "room"]
)
async def test_who_listens_hears_of_the_bucket_that_had_no_room(
    tmp_path: Path, amount: str, heard: list[tuple[str, int]]
) -> None:
    policy = governing(f"limits: [{{name: day, amount: {amount}, window: day}}]")
    found: list[Balance] = []
    line = Line()
    async with keeping(tmp_path / "l.db", policy) as ledger:
        budget = Budget(policy, ledger, Holds(ledger, line), line, lambda: NOW_US / 1_000_000, found.append)
        waits = budget.request(flow_of(asked()))
        assert waits is not None
        await waits

    assert [(balance.bucket.limit, balance.amount) for balance in found] == heard


async def test_of_what_no_amount_would_admit_nobody_hears(tmp_path: Path) -> None:
    """It says nothing about what is spent."""
    found: list[Balance] = []
    policy, line = governing(LIMIT), Line()
    unheard = asked({**BODY, "model": "a-model-nobody-knows"})
    async with keeping(tmp_path / "l.db", policy) as ledger:
        budget = Budget(policy, ledger, Holds(ledger, line), line, lambda: NOW_US / 1_000_000, found.append)
        flow = flow_of(unheard)
        waits = budget.request(flow)
        assert waits is not None
        await waits

    assert flow.response is not None
    assert found == []
