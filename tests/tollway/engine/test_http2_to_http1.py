"""HTTP/2 clients of providers that speak HTTP/1.1 only."""

import pytest

from tests.simulator import Host, Scenario
from tests.tollway.calls import CHAT, CLAUDE, Call
from tests.tollway.engine.streams import EACH, REQUESTS, USAGE, many
from tests.tollway.road import Road

BODY = str(len(CHAT.content))
HTTP1_PROVIDER = Host(alpn=("http/1.1",))


@pytest.mark.parametrize("form", REQUESTS)
@EACH
async def test_a_provider_without_http2_gets_a_framed_body(road: Road, call: Call, form: str) -> None:
    """HTTP/2 needs no length; HTTP/1.1 then needs chunks."""
    road.sim.default_host = HTTP1_PROVIDER
    headers, trailers = REQUESTS[form]
    road.sim.scenario = Scenario(usage=USAGE, trailers=(("x-sum", "2"),))

    client = await road.raw2(call.host)
    stream = await client.request(call.host, call.path, headers, call.content if trailers is None else None)
    if trailers is not None:
        await client.send(stream, call.content)
        client.h2.send_headers(stream, trailers, end_stream=True)
        await client.flush()
    answer = await client.answer(stream)
    client.raw.close()

    seen = road.sim.seen[0]
    assert seen.protocol == "HTTP/1.1"
    assert seen.raw == call.content
    assert seen.trailers == tuple(trailers or ())
    assert seen.fault == seen.connection.fault == ""
    assert seen.header("host") == call.host
    assert answer.status in (200, 404)
    assert answer.whole
    assert answer.trailers == [("x-sum", "2")]


async def test_a_get_to_a_provider_without_http2_has_no_body(road: Road) -> None:
    road.sim.default_host = HTTP1_PROVIDER

    client = await road.raw2()
    answer = await client.answer(await client.request(CHAT.host, "/v1/models", [], b"", method="GET"))
    client.raw.close()

    assert answer.status == 200
    assert road.sim.seen[0].header("transfer-encoding") is None


async def test_many_streams_reach_a_provider_without_http2_at_once(road: Road) -> None:
    """Each on a connection of its own (mitmproxy has 5 at once)."""
    road.sim.default_host = HTTP1_PROVIDER
    road.sim.scenario = Scenario(usage=USAGE, events=1000, interval=0.01)

    client = await road.raw2(CLAUDE.host)
    for stream in await many(client, CLAUDE.streamed(), 12):
        await client.until(stream, lambda answer: bool(answer.body))

    assert len(road.sim.connections) == 12
    client.raw.close()
    assert len(await road.calls(12)) == 12
    assert await road.proxy.steps.drain.stop(10)
