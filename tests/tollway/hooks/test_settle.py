"""A row is closed once, whoever fails at it, and the cost is where it belongs."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from tests.simulator import Scenario, Usage
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, GEMINI_SSE, PASSING, UNKNOWN, Call
from tests.tollway.road import Road
from tollway import exchange
from tollway.accounting import Accounting
from tollway.exchange import Exchange
from tollway.hooks.settle import Settle
from tollway.model import CallRecord, Cost, Endpoint, Kind, Source
from tollway.money import usd
from tollway.prices import PriceBook

ENDPOINT = Endpoint(kind=Kind.INFERENCE, provider="openai", host="h", operation="chat", errors="openai_chat")


class Kept:
    """A ledger that keeps its rows in a list."""

    def __init__(self, error: Exception | None = None) -> None:
        self.rows: list[CallRecord] = []
        self._error = error

    def record(self, call: CallRecord, soon: bool = False) -> "asyncio.Future[None]":
        self.rows.append(call)
        written = asyncio.get_running_loop().create_future()
        written.set_exception(self._error) if self._error else written.set_result(None)
        return written

    def close(self) -> None:
        """Nothing to let go."""


class Failing(Accounting):
    """Accounts that can't be made up."""

    def closed(self, *_: Any) -> CallRecord | None:
        raise ValueError("a prompt")


def settle(
    ledger: Kept, kind: type[Accounting] = Accounting, observe: Callable[..., None] | None = None
) -> Settle:
    return Settle(ledger.record, kind(PriceBook(), lambda: 2.0), observe or (lambda record: None))


def flow_of(**known: Any) -> HTTPFlow:
    flow = tflow.tflow(resp=True)
    made = exchange.begin(flow, Exchange(id="c", started_us=1_000_000, endpoint=ENDPOINT, recorded=True))
    for name, value in known.items():
        setattr(made, name, value)
    return flow


async def test_a_call_is_settled_once_however_often_it_ends() -> None:
    ledger, flow = Kept(), flow_of(status=500, left=True)
    step = settle(ledger)

    step.response(flow)
    step.error(flow)
    step.response(flow)

    assert [(row.state, row.status, row.cost) for row in ledger.rows] == [("done", 500, Cost())]


async def test_it_is_idle_once_the_ends_are_written() -> None:
    """Whoever stops the proxy closes the ledger then."""
    written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    step = Settle(lambda record: written, Accounting(PriceBook(), lambda: 2.0), lambda record: None)
    step.response(flow_of(status=500, left=True))

    idle = asyncio.ensure_future(step.idle())
    done, _ = await asyncio.wait([idle], timeout=0)
    assert not done
    written.set_result(None)

    await idle


async def test_what_was_never_recorded_leaves_no_row() -> None:
    ledger = Kept()

    settle(ledger).response(flow_of(recorded=False))
    settle(ledger).error(tflow.tflow())

    assert ledger.rows == []


async def test_accounts_that_fail_still_close_the_row(caplog: pytest.LogCaptureFixture) -> None:
    """Charged by its bytes; the log has no word of the data."""
    ledger = Kept()

    settle(ledger, Failing).response(flow_of(status=200, left=True, body=b"x" * 4000))

    assert [row.state for row in ledger.rows] == ["done"]
    assert ledger.rows[0].cost.source is Source.ESTIMATED
    assert "a prompt" not in caplog.text


async def test_an_observer_that_fails_hurts_nobody() -> None:
    ledger = Kept()

    def fails(record: CallRecord) -> None:
        raise ValueError

    settle(ledger, observe=fails).response(flow_of(status=500, left=True))

    assert len(ledger.rows) == 1


async def test_a_row_that_the_ledger_does_not_take_is_said(caplog: pytest.LogCaptureFixture) -> None:
    settle(Kept(OSError("no space"))).response(flow_of(status=500, left=True))
    await asyncio.sleep(0)

    assert "no space" in caplog.text


async def test_a_buffered_answer_carries_its_cost() -> None:
    flow = flow_of(status=500, left=True, buffered=True)

    settle(Kept()).response(flow)

    assert flow.response is not None
    assert flow.response.headers["x-tollway-cost"] == "0"


@pytest.mark.parametrize("call", [CHAT, CLAUDE, GEMINI], ids=lambda call: call.host)
@pytest.mark.parametrize("usage", [Usage(input_tokens=70, output_tokens=33), None], ids=["usage", "none"])
async def test_an_answer_of_json_carries_the_cost_of_its_row(
    road: Road, call: Call, usage: Usage | None
) -> None:
    """Estimated, too, where the provider says nothing of usage: it is written before the answer leaves."""
    road.sim.scenario = Scenario(usage=usage)

    async with road.client() as client:
        answer = await client.post(call.url, json=call.body)
    record = await road.call()

    assert record.cost.nano > 0
    assert record.cost.source is (Source.COMPUTED if usage else Source.ESTIMATED)
    assert answer.headers["x-tollway-cost"] == usd(record.cost.nano)
    assert answer.headers["x-tollway-call"] == record.id


@pytest.mark.parametrize("call", [CHAT.streamed(), CLAUDE.streamed(), GEMINI_SSE, UNKNOWN, PASSING])
@pytest.mark.parametrize("usage", [Usage(input_tokens=70, output_tokens=33), None], ids=["usage", "none"])
async def test_what_is_passed_on_before_it_is_settled_carries_no_cost(
    road: Road, call: Call, usage: Usage | None
) -> None:
    """Streams, and what nothing reads."""
    road.sim.scenario = Scenario(usage=usage)

    async with road.client() as client:
        answer = await client.post(call.url, json=call.body)
    await road.proxy.steps.settle.idle()

    assert "x-tollway-cost" not in answer.headers
    assert ("x-tollway-call" in answer.headers) is (call is not PASSING)


async def test_an_error_of_the_provider_costs_nothing_and_says_so(road: Road) -> None:
    road.sim.scenario = Scenario(status=429)

    async with road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body)

    assert (answer.status_code, answer.headers["x-tollway-cost"]) == (429, "0")


async def test_an_answer_of_ours_carries_no_cost(road: Road) -> None:
    """It is nobody's call."""
    async with road.client() as client:
        answer = await client.post(CHAT.url, json=CHAT.body, headers={"upgrade": "websocket"})

    assert answer.status_code == 426
    assert "x-tollway-cost" not in answer.headers
    assert road.sim.seen == []


async def test_a_stream_that_breaks_off_is_estimated_and_idle_waits_for_it() -> None:
    ledger = Kept()

    class Slow(Accounting):
        def closed(self, *_: Any) -> CallRecord | None:
            return None

        async def estimated(self, known: Exchange, status: int | None, cut: bool) -> CallRecord:
            await asyncio.sleep(0)
            return self.failed(known, status)

    step = settle(ledger, Slow)
    assert step.error(flow_of(status=200, left=True)) is None  # nothing waits for it
    assert ledger.rows == []
    await step.idle()

    assert [row.state for row in ledger.rows] == ["done"]


async def test_an_estimate_that_fails_still_closes_the_row(caplog: pytest.LogCaptureFixture) -> None:
    ledger = Kept()

    class Broken(Accounting):
        def closed(self, *_: Any) -> CallRecord | None:
            return None

        async def estimated(self, *_: Any) -> CallRecord:
            raise ValueError("a prompt")

    step = settle(ledger, Broken)
    step.error(flow_of(status=200, left=True, body=b"x" * 4000))
    await step.idle()

    assert [row.state for row in ledger.rows] == ["done"]
    assert ledger.rows[0].cost.source is Source.ESTIMATED
    assert "could not be settled" in caplog.text
    assert "a prompt" not in caplog.text


async def test_an_answer_made_in_the_background_is_in_the_ledger_once(road: Road) -> None:
    """At first at its estimate; then as reported, in the row of who asked: 100 * 2,500 + 10 * 10,000."""
    answer = {"id": "resp_1", "object": "response", "model": "gpt-4o-2024-08-06", "output": []}
    done = {**answer, "status": "completed", "usage": {"input_tokens": 100, "output_tokens": 10}}
    url = "https://api.openai.com/v1/responses"
    for path, said in (("", {**answer, "status": "queued", "usage": None}), ("/resp_1", done)):
        body = orjson.dumps(said)
        road.sim.on("api.openai.com", f"/v1/responses{path}", Scenario(body=body))
    async with road.client() as client:
        await client.post(url, json={"model": "gpt-4o", "input": "hi", "background": True})
        (asked,) = await road.calls(1)
        await client.get(f"{url}/resp_1")
        await road.calls(3)
        await client.get(f"{url}/resp_1")
        await road.calls(4)

    rows = {row.id: row for row in await road.rows()}
    late = rows.pop(asked.id)
    assert (asked.cost.source, late.cost.source) == (Source.ESTIMATED, Source.COMPUTED)
    assert (late.cost.nano, late.usage.output_tokens, late.operation) == (350_000, 10, "chat")
    assert [(row.operation, row.cost.nano, row.usage.known()) for row in rows.values()] == [
        ("retrieve", 0, {})
    ] * 2
