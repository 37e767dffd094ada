"""Each step of the chain made to fail, at each of its events, on real sockets."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from mitmproxy import ctx
from mitmproxy.hooks import all_hooks

from tests.simulator import Cut, Scenario
from tests.simulator.client import Refused
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, MISTRAL, PASSING, UNKNOWN, Call, refusal
from tests.tollway.road import Road
from tollway.engine.hooking import Hooking
from tollway.hooks.access import Access
from tollway.hooks.aim import Aim
from tollway.hooks.batch import Batch
from tollway.hooks.budget import Budget
from tollway.hooks.conceal import Conceal
from tollway.hooks.deny import DenyByDefault
from tollway.hooks.discover import Discover
from tollway.hooks.drain import Drain
from tollway.hooks.explain import Explain
from tollway.hooks.failover import Failover
from tollway.hooks.guard import Guard
from tollway.hooks.identify import Identify
from tollway.hooks.inject import Inject
from tollway.hooks.keep import Keep
from tollway.hooks.later import Later
from tollway.hooks.lead import Lead
from tollway.hooks.log_ins import LogIns
from tollway.hooks.look_up import LookUp
from tollway.hooks.meter import Meter
from tollway.hooks.pages import Pages
from tollway.hooks.plan import Plan
from tollway.hooks.read import Read
from tollway.hooks.recognise import Recognise
from tollway.hooks.record import Record
from tollway.hooks.rewrite import Rewrite
from tollway.hooks.screen import Screen
from tollway.hooks.settle import Settle
from tollway.hooks.share import Share
from tollway.hooks.sockets import Sockets
from tollway.model import Source

EVENTS = ("requestheaders", "request", "responseheaders", "response", "error")
STEPS = (
    Recognise, Conceal, Identify, Discover, Pages, Inject, LogIns, Drain, Aim, Sockets, Read, Guard, Batch,
    Access, LookUp, Budget, Lead, Rewrite, Record, DenyByDefault, Failover, Plan, Meter, Later, Settle, Share,
    Keep, Screen, Explain,
)  # fmt: skip
SECRET = "sk-" + "made-up-and-never-logged"


def having(event: str) -> list[type]:
    """The steps that an event passes."""
    return [step for step in STEPS if hasattr(step, event)]


BEFORE = [(step, event) for event in ("requestheaders", "request") for step in having(event)]
HTTP = pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])


def named(value: object) -> str | None:
    """The id of a parameter."""
    return value.__name__ if isinstance(value, type) else None


def fails(*_: object) -> None:
    raise RuntimeError(f"Authorization: Bearer {SECRET}")


async def fails_later(*_: object) -> None:
    await asyncio.sleep(0)
    fails()


async def fails_at_once(*_: object) -> None:
    fails()


WAYS = {"sync": fails, "async": fails_later, "eager": fails_at_once}


def break_step(road: Road, step: type, event: str, how: Callable[..., Any] = fails) -> None:
    """From now on this step fails at this event; before any traffic, since functions are remembered."""
    setattr(road.step(step), event, how)


def test_these_are_all_steps_and_all_their_events(road: Road) -> None:
    """So that none is left out below."""
    hooks = {name for step in STEPS for name in all_hooks if hasattr(step, name)}

    assert tuple(type(step) for step in road.proxy.steps.steps) == STEPS
    others = {"http_connect", "http_connect_error", "http_failover", "http_more", "client_disconnected"}
    assert hooks == {*EVENTS, *others}


@pytest.mark.parametrize("call", [CHAT, CLAUDE, GEMINI], ids=lambda call: call.host)
@pytest.mark.parametrize(("step", "event"), BEFORE, ids=named)
@HTTP
async def test_a_step_that_fails_before_the_answer_refuses_the_call(
    road: Road, step: type, event: str, http2: bool, call: Call
) -> None:
    break_step(road, step, event)

    async with road.client(http2) as client:
        answer = await client.post(call.url, json=call.body, headers={"authorization": f"Bearer {SECRET}"})

    assert answer.status_code == 503
    assert answer.headers["x-should-retry"] == "false"
    assert "retry-after" not in answer.headers
    assert answer.headers["content-type"] == "application/json"
    assert "did not let it pass" in refusal(call, answer.content)[1]
    assert road.sim.seen == []
    assert [(row.state, row.cost.nano, row.status) for row in await road.rows()] in ([], [("done", 0, None)])
    assert road.proxy.steps.drain.in_flight() == 0


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("step", "event"), BEFORE, ids=named)
async def test_it_is_the_same_however_the_step_fails_and_no_secret_is_logged(
    road: Road, step: type, event: str, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    break_step(road, step, event, WAYS[way])

    with caplog.at_level(logging.DEBUG):
        async with road.client() as client:
            answer = await client.post(CHAT.url, json=CHAT.body)

    assert answer.status_code == 503
    assert road.sim.seen == []
    assert f"a step of the chain failed in {event}: RuntimeError in fails (" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize(("step", "event"), BEFORE, ids=named)
@pytest.mark.parametrize("call", [UNKNOWN, PASSING], ids=["unknown", "passing"])
@HTTP
async def test_what_is_not_metered_does_not_leave_either(
    road: Road, step: type, event: str, http2: bool, call: Call
) -> None:
    """What passes is streamed: its head has left when `request` comes, as all of its body has."""
    break_step(road, step, event)

    async with road.client(http2) as client:
        answer = await client.post(call.url, json=call.body)

    assert answer.status_code == 503
    if event == "requestheaders":
        assert road.sim.seen == []
    elif http2:
        assert not any(seen.complete for seen in road.sim.seen)  # its stream was never ended
    assert [row.state for row in await road.rows()] in ([], ["done"])
    assert road.proxy.steps.drain.in_flight() == 0


@pytest.mark.parametrize("step", having("responseheaders"), ids=named)
@pytest.mark.parametrize("streams", [False, True], ids=["json", "stream"])
@HTTP
async def test_a_step_that_fails_at_the_answers_head_refuses_it_and_the_input_is_charged(
    road: Road, step: type, http2: bool, streams: bool
) -> None:
    """The provider has been reached; what it says is not relayed, since it would not be metered."""
    road.sim.scenario = Scenario(events=500, interval=0.01) if streams else Scenario()
    break_step(road, step, "responseheaders")
    call = CHAT.streamed() if streams else CHAT

    async with road.client(http2) as client:
        answer = await client.post(call.url, json=call.body)
        again = await client.post(call.url, json=call.body)

    assert (answer.status_code, again.status_code) == (503, 503)
    assert answer.headers["x-should-retry"] == "false"
    refusal(call, answer.content)
    rows = await road.rows()
    assert [(row.state, row.cost.source, row.error) for row in rows] == [
        ("done", Source.ESTIMATED, "tollway_failed")
    ] * 2
    assert all(row.cost.input_nano > 0 and row.cost.nano == row.cost.input_nano for row in rows)
    assert road.proxy.steps.drain.in_flight() == 0
    if streams:
        await road.sim.wait_for(lambda seen: seen.client_left)


@pytest.mark.parametrize("call", [UNKNOWN, PASSING], ids=["unknown", "passing"])
@pytest.mark.parametrize("step", having("responseheaders"), ids=named)
@HTTP
async def test_a_failure_at_the_head_of_what_is_streamed_both_ways_ends_it(
    road: Road, step: type, http2: bool, call: Call
) -> None:
    """Also where the provider answers while the client still sends."""
    road.sim.scenario = Scenario(early=True)
    break_step(road, step, "responseheaders")

    async def slowly() -> Any:
        yield b"x" * 1000
        await road.sim.wait_for(lambda seen: seen.answered is not None)
        yield b"y" * 1000

    async with road.client(http2) as client:
        answer = await client.post(call.url, content=slowly())

    assert answer.status_code == 503
    assert [row.state for row in await road.rows()] in ([], ["done"])
    assert road.proxy.steps.drain.in_flight() == 0


@pytest.mark.parametrize("way", WAYS)
@HTTP
async def test_a_settling_that_fails_refuses_the_answer_and_leaves_nothing_in_flight(
    road: Road, http2: bool, way: str
) -> None:
    """The row stays as it was opened; the next opening of the ledger takes it for lost."""
    break_step(road, Settle, "response", WAYS[way])

    async with road.client(http2) as client:
        answer = await client.post(CHAT.url, json=CHAT.body)

    assert answer.status_code == 503
    assert [(row.state, row.cost.source) for row in await road.rows()] == [("open", Source.ESTIMATED)]
    assert road.proxy.steps.drain.in_flight() == 0


@pytest.mark.parametrize("step", having("response"), ids=named)
@HTTP
async def test_a_stream_whose_end_fails_has_been_relayed_whole(road: Road, step: type, http2: bool) -> None:
    break_step(road, step, "response")
    call = CLAUDE.streamed()

    async with road.client(http2) as client:
        answer = await client.post(call.url, json=call.body)
        again = await client.post(PASSING.url, json=PASSING.body)

    assert answer.status_code == 200
    assert answer.content.endswith(b'"message_stop"}\n\n')
    assert again.status_code in (404, 503)


@pytest.mark.parametrize("step", having("error"), ids=named)
@HTTP
async def test_a_step_that_fails_at_the_error_of_a_call_does_not_keep_the_others_from_it(
    road: Road, step: type, http2: bool
) -> None:
    road.sim.on("*", "*", Scenario(cut=Cut(how="reset")), times=1)
    break_step(road, step, "error")

    async with road.client(http2) as client:
        answer = await client.post(CHAT.url, json=CHAT.body)
        again = await client.post(CHAT.url, json=CHAT.body)

    assert answer.status_code == 502
    assert again.status_code == 200
    assert await road.proxy.steps.drain.stop(10)  # a connection that closed takes along what is left
    assert [row.state for row in await road.rows()] == ["open" if step is Settle else "done", "done"]


async def test_a_step_that_fails_when_a_client_left_hangs_nothing(road: Road) -> None:
    road.sim.scenario = Scenario(events=100, interval=0.01)
    break_step(road, Drain, "client_disconnected")

    raw = await road.raw(MISTRAL.host)
    await raw.send(MISTRAL.streamed().http1())
    await raw.receive_until(lambda data: b"data:" in data)
    raw.reset()

    record = await road.call()
    assert record.error == "abandoned"
    seen = await road.sim.wait_for(lambda seen: seen.ended is not None)
    assert seen.client_left


@pytest.mark.parametrize("way", ["sync", "async"])
@HTTP
async def test_a_connect_that_a_step_fails_on_is_refused(road: Road, http2: bool, way: str) -> None:
    break_step(road, Identify, "http_connect", WAYS[way])

    async with road.client(http2) as client:
        with pytest.raises(httpx.ProxyError, match="503"):
            await client.post(CHAT.url, json=CHAT.body)

    assert road.sim.connections == []


@pytest.mark.parametrize("target", [CHAT.host, "example.com"], ids=["provider", "tunnel"])
@pytest.mark.parametrize(
    ("addon", "event"),
    [("block", "client_connected"), ("nextlayer", "next_layer"), ("tlsconfig", "tls_start_client")],
)
async def test_a_connection_that_a_step_fails_on_is_closed(
    road: Road, addon: str, event: str, target: str
) -> None:
    """Nothing passes, and nobody waits."""
    setattr(ctx.master.addons.get(addon), event, fails)
    if event == "tls_start_client" and target == "example.com":
        pytest.skip("a tunnel has no TLS of ours")

    with pytest.raises((ConnectionResetError, ssl.SSLError, Refused)):
        await road.raw(target)

    assert road.sim.seen == []


@pytest.mark.parametrize(
    ("addon", "event"), [("proxyserver", "server_connect"), ("tlsconfig", "tls_start_server")]
)
@HTTP
async def test_a_provider_that_a_step_fails_on_is_not_reached(
    road: Road, addon: str, event: str, http2: bool
) -> None:
    setattr(ctx.master.addons.get(addon), event, fails)

    async with road.client(http2) as client:
        answer = await client.post(CHAT.url, json=CHAT.body)
    record = await road.call()

    assert answer.status_code == 502
    assert "can't reach" in refusal(CHAT, answer.content)[1]
    assert (record.error, record.cost.nano) == ("not_connected", 0)
    assert road.sim.seen == []


@pytest.mark.parametrize(
    "event", ["server_connected", "server_disconnected", "tls_established_client", "tls_established_server"]
)
@HTTP
async def test_a_step_that_fails_at_what_has_happened_changes_nothing(
    road: Road, event: str, http2: bool, caplog: pytest.LogCaptureFixture
) -> None:
    setattr(road.step(Recognise), event, fails)

    async with road.client(http2) as client:
        answers = [await client.post(CHAT.url, json=CHAT.body) for _ in range(2)]
    await road.calls(2)
    assert await road.proxy.steps.drain.stop(10)

    assert [answer.status_code for answer in answers] == [200, 200]
    if event != "server_disconnected":
        assert f"failed in {event}" in caplog.text


class Steps:
    """Steps that note what they do: one that waits for nothing, and one that is told to go on."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.told = asyncio.Event()

    async def request(self, flow: object) -> None:
        self.done.append("begun")

    async def response(self, flow: object) -> None:
        self.done.append("begun")
        await self.told.wait()
        self.done.append("told")


async def test_a_step_begins_at_once_and_one_that_waits_for_nothing_ends_at_once() -> None:
    """No turn of the event loop goes by; another one is waited for, and then the walk goes on."""
    steps, ended = Steps(), asyncio.Event()
    hooking = Hooking([steps], lambda flow: None)

    assert hooking.run("request", None, ended.set)
    assert steps.done == ["begun"]
    assert not hooking.run("response", None, ended.set)
    assert steps.done == ["begun", "begun"]
    steps.told.set()
    await ended.wait()
    assert steps.done == ["begun", "begun", "told"]
