"""The engine made to fail where it can: each flow ends, is settled, and takes nothing else along."""

import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from mitmproxy.proxy.layers import tls
from mitmproxy.proxy.layers.http import Http2Client, Http2Server

from tests.simulator import Scenario, Usage
from tests.tollway.calls import CHAT, MISTRAL, PASSING, Call, refusal
from tests.tollway.leftovers import connections, nothing_left
from tests.tollway.road import Road
from tollway.engine.connection import ConnectionHandler
from tollway.engine.failure import log_failure
from tollway.engine.http1 import Http1Client, Http1Server
from tollway.engine.http_layer import HttpLayer
from tollway.engine.http_stream import HttpStream
from tollway.model import Source

SECRET = "sk-" + "made-up-and-never-logged"
MARK = "boom"
HTTP = pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
SCENARIO = Scenario(usage=Usage(input_tokens=70, output_tokens=33), events=6, interval=0.01)


class Boom(Exception):
    """What fails."""


class Bomb:
    """Makes one method of a layer fail once, before or after what it does."""

    def __init__(self, owner: type, name: str, when: Callable[..., bool], after: bool = False) -> None:
        self.exploded = False
        original = getattr(owner, name)

        def method(layer: Any, *args: Any, **named: Any) -> Any:
            now = not self.exploded and when(layer, *args)
            self.exploded = self.exploded or now
            if now and not after:
                raise Boom(f"Bearer {SECRET}: {args}")
            reply = yield from original(layer, *args, **named)
            if now:
                raise Boom(f"Bearer {SECRET}: {args}")
            return reply

        self.method = method


def plant(
    monkeypatch: pytest.MonkeyPatch, owner: type, name: str, when: Callable[..., bool], *, after: bool = False
) -> Bomb:
    """Put a bomb in the place of a method."""
    bomb = Bomb(owner, name, when, after)
    monkeypatch.setattr(owner, name, bomb.method)
    return bomb


def nth(number: int) -> Callable[..., bool]:
    """True the nth time that it is asked."""
    count = iter(range(1, 100_000))
    return lambda *_: next(count) == number


def is_marked(layer: Any, *_: Any) -> bool:
    """Whether a stream is that of the request which is to fail."""
    return MARK in layer.flow.request.headers.get("user-agent", "")


def marked(call: Call) -> dict[str, str]:
    return {"user-agent": MARK, "authorization": f"Bearer {SECRET}"}


STREAM_POINTS = [
    "check_invalid",
    "state_consume_request_body",
    "make_server_connection",
    "state_wait_for_response_headers",
    "send_response",
    "flow_done",
]
BODY_POINTS = ["state_consume_response_body", "start_response_stream", "state_stream_response_body"]


async def ask(client: httpx.AsyncClient, call: Call) -> int:
    """The status of the marked call's answer; 0: it was broken off."""
    try:
        return (await client.post(call.url, json=call.body, headers=marked(call))).status_code
    except httpx.TransportError:
        return 0


def said(caplog: pytest.LogCaptureFixture) -> str:
    """What the proxy's own side logged (the client of this test logs its headers)."""
    ours = ("tollway", "mitmproxy", "asyncio")
    return "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(ours))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("point", [*STREAM_POINTS, *BODY_POINTS])
@pytest.mark.parametrize("call", [CHAT, MISTRAL.streamed()], ids=["json", "stream"])
@HTTP
async def test_a_stream_that_fails_is_settled_and_the_others_go_on(
    road: Road,
    call: Call,
    point: str,
    after: bool,
    http2: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    road.sim.scenario = SCENARIO
    bomb = plant(monkeypatch, HttpStream, point, is_marked, after=after)

    with caplog.at_level(logging.DEBUG):
        async with road.client(http2) as client:
            assert (await client.post(call.url, json=call.body)).status_code == 200
            status = await ask(client, call)
            assert (await client.post(call.url, json=call.body)).status_code == 200
            standing = connections()
    assert await road.proxy.steps.drain.stop(10)

    if not bomb.exploded:  # this call does not come by there
        assert point in BODY_POINTS
        return
    assert status in (0, 200, 502)
    assert [row.state for row in await road.rows()] in (["done"] * 2, ["done"] * 3)
    assert "the engine failed in an HTTP stream; its call is ended: Boom in method" in said(caplog)
    assert SECRET not in said(caplog)
    assert "say hi" not in said(caplog)
    if http2:
        assert len(standing) == 1  # all went over one connection
    assert nothing_left(road)


@pytest.mark.parametrize(
    "point", ["state_consume_request_body", "make_server_connection", "state_wait_for_response_headers"]
)
@pytest.mark.parametrize("call", [CHAT, MISTRAL.streamed()], ids=["json", "stream"])
@HTTP
async def test_what_fails_before_the_answer_is_told_in_the_providers_shape(
    road: Road, call: Call, point: str, http2: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, HttpStream, point, nth(1))

    async with road.client(http2) as client:
        answer = await client.post(call.url, json=call.body)

    assert answer.status_code == 502
    assert "Tollway's engine failed" in refusal(call, answer.content)[1]
    for row in await road.rows():
        charged = row.cost.source is Source.ESTIMATED and row.cost.nano == row.cost.input_nano > 0
        assert charged if point == "state_wait_for_response_headers" else row.cost.nano == 0


async def test_a_failure_within_a_stream_breaks_it_off_and_closes_the_provider(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is charged by what was delivered until then."""
    road.sim.scenario = Scenario(events=1000, interval=0.01)
    plant(monkeypatch, HttpStream, "state_stream_response_body", nth(5))
    call = MISTRAL.streamed()

    async with road.client() as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(call.url, json=call.body)
    record = await road.call()

    await road.sim.wait_for(lambda seen: seen.client_left)
    assert (record.error, record.cost.source, record.status) == ("cut", Source.ESTIMATED, 200)
    assert record.cost.output_nano > 0


BOTH: list[tuple[type, str]] = [
    (HttpLayer, "make_stream"),
    (HttpLayer, "get_connection"),
    (HttpLayer, "register_connection"),
    (tls.ClientTLSLayer, "receive_handshake_data"),
    (tls.ClientTLSLayer, "receive_data"),
    (tls.ClientTLSLayer, "send_data"),
    (tls.ServerTLSLayer, "start_tls"),
    (tls.ServerTLSLayer, "receive_data"),
    (tls.ServerTLSLayer, "send_data"),
]
HTTP1_ONLY: list[tuple[type, str]] = [
    (Http1Server, "send"),
    (Http1Server, "read_headers"),
    (Http1Server, "read_body"),
    (Http1Client, "send"),
    (Http1Client, "read_headers"),
    (Http1Client, "read_body"),
]
HTTP2_ONLY: list[tuple[type, str]] = [
    (Http2Server, "_handle_event"),
    (Http2Server, "handle_h2_event"),
    (Http2Client, "_handle_event2"),
    (Http2Client, "handle_h2_event"),
]
LAYERS = [(*point, False) for point in HTTP1_ONLY + BOTH] + [(*point, True) for point in HTTP2_ONLY + BOTH]


def named(value: object) -> str:
    """The id of a parameter."""
    return {False: "http1", True: "http2"}.get(value) or getattr(value, "__name__", None) or str(value)  # type: ignore[call-overload]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("layer", "point", "http2"), LAYERS, ids=named)
@pytest.mark.parametrize("call", [CHAT, MISTRAL.streamed(), PASSING], ids=["json", "stream", "passing"])
async def test_a_connection_that_fails_is_closed_and_its_calls_are_settled(
    road: Road,
    layer: type,
    point: str,
    number: int,
    call: Call,
    http2: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And the next one is as good as ever."""
    road.sim.scenario = SCENARIO
    bomb = plant(monkeypatch, layer, point, nth(number))

    with caplog.at_level(logging.DEBUG):
        statuses = []
        while not bomb.exploded:
            async with road.client(http2) as client:
                statuses.append(await ask(client, call))
        async with road.client(http2) as client:
            again = await ask(client, call)

    assert again == (404 if call is PASSING else 200)
    assert [status for status in statuses if status != again] in ([], [0], [502])
    assert await road.proxy.steps.drain.stop(10)
    rows = await road.rows()
    assert all(row.state == "done" for row in rows)
    assert all(row.cost.nano > 0 or row.error == "not_connected" for row in rows)
    assert "Boom in method" in said(caplog)
    assert SECRET not in said(caplog)
    assert "say hi" not in said(caplog)
    assert nothing_left(road)


async def test_a_connection_that_fails_at_its_start_is_closed(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything was read from it."""
    monkeypatch.setattr(ConnectionHandler, "feed", Failing(ConnectionHandler.feed), raising=True)

    raw = await road.plain()

    assert await raw.receive() == b""
    raw.close()


class Failing:
    """`feed`, whose layers fail at once."""

    def __init__(self, feed: Callable[..., None]) -> None:
        self._feed = feed

    def __get__(self, handler: Any, owner: type) -> Callable[..., None]:
        def feed(event: Any) -> None:
            handler.layer = None  # has no `handle_event`
            self._feed(handler, event)

        return feed


def test_a_failure_is_logged_by_its_type_and_place_alone(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("test")

    try:
        raise ValueError(SECRET)
    except ValueError:
        log_failure(logger, "something failed")

    assert caplog.messages[0].startswith("something failed: ValueError in test_a_failure_is_logged_by")
    assert "test_failure.py:" in caplog.messages[0]
    assert SECRET not in caplog.text


def test_a_failure_that_is_none_is_said_to_be_none(caplog: pytest.LogCaptureFixture) -> None:
    log_failure(logging.getLogger("test"), "nothing failed")

    assert caplog.messages == ["nothing failed: nothing in "]
