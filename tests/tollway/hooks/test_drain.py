"""What is in flight is counted, finishes at the end, and is given up when told so."""

import asyncio

from mitmproxy.test import tflow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.hooks.drain import Bounds, Drain
from tollway.model import Asked, Endpoint, Kind, Ruling

ENDPOINT = Endpoint(kind=Kind.INFERENCE, provider="p", host="h", errors="openai_chat")
BILLS_ON = Endpoint(kind=Kind.INFERENCE, provider="p", host="h", errors="openai_chat", bills_on=True)


def call(endpoint: Endpoint = ENDPOINT, stream: bool = True) -> Exchange:
    return Exchange(id="c", started_us=1, endpoint=endpoint, asked=Asked(stream=stream))


def test_only_what_is_billed_on_is_read_on() -> None:
    """A stream of a provider that stops billing is closed; whole answers are billed by all."""
    drain = Drain("drain")

    assert drain.may_drain(call()) is None
    assert drain.may_drain(call(stream=False)) is not None
    assert drain.may_drain(call(BILLS_ON)) is not None


def test_no_more_are_read_on_than_the_bound_says() -> None:
    drain = Drain("drain", Bounds(at_once=1, size=100))
    first = call(BILLS_ON)

    assert drain.may_drain(first) is not None
    assert drain.may_drain(call(BILLS_ON)) is None
    assert drain.may_drain(first) is not None
    first.response_bytes = 101
    assert drain.may_drain(first) is None


async def test_stopping_waits_for_what_is_in_flight_and_takes_nothing_new() -> None:
    drain = Drain("drain")
    running, late = tflow.tflow(), tflow.tflow()
    for flow in (running, late):
        exchange.begin(flow, call())
    drain.requestheaders(running)
    stopping = asyncio.ensure_future(drain.stop(60))
    await asyncio.sleep(0)

    drain.requestheaders(late)
    assert late.response is not None
    assert late.response.headers["retry-after"] == "1"
    assert not stopping.done()
    for flow in (running, late):
        drain.response(flow)

    assert await stopping is True
    assert drain.in_flight() == 0


async def test_giving_up_leaves_what_is_in_flight() -> None:
    drain = Drain("close")
    flow = tflow.tflow()
    known = exchange.begin(flow, call())
    drain.requestheaders(flow)

    drain.give_up()

    assert await drain.stop(60) is False
    assert drain.in_flight() == 1
    assert known.may_drain is not None
    assert known.may_drain(known) is None


async def test_calls_that_are_in_the_ledger_and_have_not_ended_are_flying() -> None:
    """What only passes is not; what limits met, holds something."""
    drain, flows = Drain("drain"), [tflow.tflow() for _ in range(4)]
    passing, free, limited, settled = (exchange.begin(flow, call()) for flow in flows)
    for known in (free, limited, settled):
        known.recorded = True
    for known in (limited, settled):
        known.ruling = Ruling(limits=("day",))
    settled.settled = True

    for flow in flows:
        drain.requestheaders(flow)

    assert {*drain.flying()} == {free, limited}
    assert drain.holding() == [limited.id]
    assert drain.in_flight() == 4
    assert not passing.recorded
