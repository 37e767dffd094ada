"""HTTP/2 towards both sides, and HTTP/2 clients of providers that speak HTTP/1.1 only."""

import asyncio
from dataclasses import replace

import h2.errors
import pytest

from tests.simulator import Cut, Scenario
from tests.tollway.calls import CHAT, CLAUDE, MISTRAL, PASSING, UNKNOWN, Call, refusal
from tests.tollway.direct import asked, both_http2, told
from tests.tollway.engine.streams import EACH, JSON, REQUESTS, USAGE, many
from tests.tollway.leftovers import connections, nothing_left
from tests.tollway.road import Road
from tollway.model import Source

BODY = str(len(CHAT.content))


@pytest.mark.parametrize("form", REQUESTS)
@EACH
async def test_a_request_reaches_the_provider_as_it_was_sent(road: Road, call: Call, form: str) -> None:
    headers, trailers = REQUESTS[form]

    pair = await both_http2(road, Scenario(usage=USAGE, number=7), call, headers, trailers)

    assert pair.proxied.status in (200, 404)
    assert told(pair.proxied) == told(pair.direct)
    assert asked(pair.seen_proxied[0]) == asked(pair.seen_direct[0])
    assert pair.seen_proxied[0].fault == pair.seen_proxied[0].connection.fault == ""


RESPONSES = {
    "plain": Scenario(),
    "of unknown length": Scenario(framing="chunked"),
    "trailers": Scenario(trailers=(("x-sum", "1"), ("server-timing", "a;dur=1"))),
    "informational": Scenario(informational=(103, 103)),
    "in slices": Scenario(slices=7),
    "of another type": Scenario(content_type="text/plain"),
    "no JSON": Scenario(body=b"<html>it is \xff not"),
    "empty": Scenario(body=b""),
    "no coding that it claims": Scenario(content_encoding="gzip"),
    "an error": Scenario(
        status=429, headers=(("retry-after", "3"), ("set-cookie", "a=b"), ("set-cookie", "c"))
    ),
    "no content": Scenario(status=204, body=b"", framing="chunked"),
    "whole in its framing, and half": Scenario(cut=Cut(how="end", after_bytes=50), framing="chunked"),
}


@pytest.mark.parametrize("form", RESPONSES)
@EACH
async def test_an_answer_reaches_the_client_as_it_was_sent(road: Road, call: Call, form: str) -> None:
    pair = await both_http2(road, replace(RESPONSES[form], number=7, usage=USAGE), call)

    assert told(pair.proxied) == told(pair.direct)
    assert await road.proxy.steps.drain.stop(10)
    assert [row.state for row in await road.rows()] == ["done"] * (call is not PASSING)
    assert nothing_left(road)


@pytest.mark.parametrize("cut", [Cut(how="goaway"), Cut(how="goaway", after_events=1)], ids=["head", "body"])
@EACH
async def test_a_goaway_that_lets_a_stream_finish_changes_nothing(road: Road, call: Call, cut: Cut) -> None:
    whole = Scenario(number=7, usage=USAGE)
    plain = await both_http2(road, whole, call)
    road.sim.scenario = replace(whole, cut=cut)

    client = await road.raw2(call.host)
    for _ in range(2):
        stream = await client.request(call.host, call.path, JSON, call.content)
        assert told(await client.answer(stream)) == told(plain.direct)
    client.raw.close()

    assert await road.proxy.steps.drain.stop(10)
    assert nothing_left(road)


CUTS = ["rst_stream", "close", "abrupt", "reset", "goaway_lost"]


@pytest.mark.parametrize("how", CUTS)
@EACH
async def test_an_answer_that_breaks_off_does_so_for_the_client(road: Road, call: Call, how: str) -> None:
    """At the same byte; its stream is reset, the client's connection stays."""
    scenario = Scenario(cut=Cut(how=how, after_bytes=50), usage=USAGE, number=7, framing="chunked")  # type: ignore[arg-type]

    pair = await both_http2(road, scenario, call)
    answer = pair.proxied

    assert not answer.whole
    assert answer.reset is not None
    assert pair.direct.body.startswith(answer.body)
    if how == "rst_stream":
        assert told(answer) == told(pair.direct)
    if call is not PASSING:
        record = await road.call()
        assert (record.error, record.status) == ("cut", answer.status)
    assert await road.proxy.steps.drain.stop(10)
    assert nothing_left(road)


@pytest.mark.parametrize("how", CUTS[:-1])
@EACH
async def test_a_stream_that_ends_before_its_head_is_answered_for(road: Road, call: Call, how: str) -> None:
    road.sim.scenario = Scenario(cut=Cut(how=how, code=2))  # type: ignore[arg-type]

    client = await road.raw2(call.host)
    stream = await client.request(call.host, call.path, JSON, call.content)
    answer = await client.answer(stream)
    road.sim.scenario = Scenario()
    again = await client.answer(await client.request(call.host, call.path, JSON, call.content))
    client.raw.close()

    assert (answer.status, answer.whole, again.status) == (
        502,
        True,
        404 if call in (UNKNOWN, PASSING) else 200,
    )
    assert "gave no answer" in refusal(call, answer.body)[1]
    if call is not PASSING:
        first, _ = await road.calls(2)
        assert (first.error, first.status) == ("cut", None)
        if call is not UNKNOWN:
            assert first.cost.source is Source.ESTIMATED
            assert first.cost.nano == first.cost.input_nano > 0
    assert await road.proxy.steps.drain.stop(10)
    assert nothing_left(road)


REFUSED = 7
"""HTTP/2's error code of a stream that was not processed in any way (RFC 9113, section 8.7)."""


@pytest.mark.parametrize(
    "cut", [Cut(how="goaway_lost"), Cut(how="rst_stream", code=REFUSED)], ids=lambda cut: cut.how
)
@EACH
async def test_a_stream_that_the_provider_did_not_take_costs_nothing(
    road: Road, call: Call, cut: Cut
) -> None:
    """It says so, and so do we: to try again is safe."""
    road.sim.scenario = Scenario(cut=cut)

    client = await road.raw2(call.host)
    answer = await client.answer(await client.request(call.host, call.path, JSON, call.content))
    road.sim.scenario = Scenario()
    again = await client.answer(await client.request(call.host, call.path, JSON, call.content))
    client.raw.close()

    assert (answer.status, answer.whole) == (502, True)
    assert again.status == (404 if call in (UNKNOWN, PASSING) else 200)
    assert "did not take the request" in refusal(call, answer.body)[1]
    assert "x-should-retry" not in dict(answer.headers)
    if call is not PASSING:
        first, _ = await road.calls(2)
        assert (first.error, first.status, first.cost.nano, first.cost.flags) == ("not_taken", None, 0, ())
    assert await road.proxy.steps.drain.stop(10)
    assert nothing_left(road)


@EACH
async def test_a_request_that_is_taken_back_with_its_last_frame_is_not_made(road: Road, call: Call) -> None:
    """RST_STREAM may come in one read with END_STREAM: nobody waits for an answer, and none is asked for."""
    client = await road.raw2(call.host)
    stream = client.h2.get_next_available_stream_id()
    pseudo = [(":method", "POST"), (":scheme", "https"), (":authority", call.host), (":path", call.path)]
    client.h2.send_headers(stream, pseudo + JSON)
    client.h2.send_data(stream, call.content, end_stream=True)
    client.h2.reset_stream(stream, h2.errors.ErrorCodes.CANCEL)
    await client.flush()
    again = await client.answer(await client.request(call.host, call.path, JSON, call.content))
    client.raw.close()

    assert again.status == (404 if call in (UNKNOWN, PASSING) else 200)
    assert len(road.sim.seen) == 1
    assert {record.cost.nano for record in await road.rows() if record.status is None} <= {0}
    assert await road.proxy.steps.drain.stop(10)
    assert nothing_left(road)


async def test_many_streams_share_a_connection(road: Road) -> None:
    road.sim.scenario = Scenario(usage=USAGE, events=10, interval=0.005)

    client = await road.raw2(MISTRAL.host)
    streams = await many(client, MISTRAL.streamed(), 40)
    answers = [await client.answer(stream) for stream in streams]
    records = await road.calls(40)

    assert all(answer.whole and answer.body.endswith(b"[DONE]\n\n") for answer in answers)
    assert all(record.usage.output_tokens == 33 for record in records)
    assert len(road.sim.connections) == 1
    assert nothing_left(road)
    client.raw.close()


async def test_a_stream_that_the_provider_resets_takes_no_other_along(road: Road) -> None:
    slow = Scenario(usage=USAGE, events=10, interval=0.02)
    road.sim.scenario = slow
    call = MISTRAL.streamed()

    client = await road.raw2(call.host)
    streams = await many(client, call, 2)
    for stream in streams:
        await client.until(stream, lambda answer: bool(answer.body))
    road.sim.scenario = replace(slow, cut=Cut(how="rst_stream", after_events=2))
    (broken,) = await many(client, call, 1)
    assert (await client.answer(broken)).reset is not None
    answers = [await client.answer(stream) for stream in streams]

    assert all(answer.whole for answer in answers)
    assert sorted(str(record.error) for record in await road.calls(3)) == ["None", "None", "cut"]
    client.raw.close()


async def test_a_goaway_lets_streams_finish_and_new_ones_go_elsewhere(road: Road) -> None:
    """As a provider says it that is about to restart, or that has served a connection for long enough."""
    slow = Scenario(usage=USAGE, events=10, interval=0.02)
    road.sim.scenario = slow
    call = MISTRAL.streamed()

    client = await road.raw2(call.host)
    before = await many(client, call, 2)
    for stream in before:
        await client.until(stream, lambda answer: bool(answer.body))
    road.sim.scenario = replace(slow, cut=Cut(how="goaway", after_events=1))
    (last,) = await many(client, call, 1)
    await client.until(last, lambda answer: answer.body.count(b"data:") > 2)
    road.sim.scenario = slow
    (after,) = await many(client, call, 1)
    answers = [await client.answer(stream) for stream in (*before, last, after)]

    assert all(answer.whole and answer.body.endswith(b"[DONE]\n\n") for answer in answers)
    assert [record.usage.output_tokens for record in await road.calls(4)] == [33] * 4
    assert [record.error for record in road.ended] == [None] * 4
    assert [seen.connection.number for seen in road.sim.seen] == [1, 1, 1, 2]
    await until_closed(road, 1)
    assert await road.proxy.steps.drain.stop(10)
    assert nothing_left(road)
    client.raw.close()


async def until_closed(road: Road, number: int) -> None:
    """Wait until the simulator's connection of this number is closed."""
    async with asyncio.timeout(120):
        while any(one.open for one in road.sim.connections if one.number == number):
            await asyncio.sleep(0)


async def test_a_goaway_that_disowns_a_stream_says_that_it_cost_nothing(road: Road) -> None:
    """The provider says that it has not touched it, so SDKs may try again, and nothing is charged."""
    slow = Scenario(usage=USAGE, events=10, interval=0.02)
    road.sim.scenario = slow
    call = MISTRAL.streamed()

    client = await road.raw2(call.host)
    (first,) = await many(client, call, 1)
    await client.until(first, lambda answer: bool(answer.body))
    road.sim.scenario = Scenario(raw=goaway(last=1))
    (lost,) = await many(client, call, 1)
    answer = await client.answer(lost)
    client.raw.close()

    assert answer.status == 502
    assert "did not take the request" in refusal(call, answer.body)[1]
    record = next(record for record in await road.calls(1) if record.status is None)
    assert (record.error, record.cost.nano) == ("not_taken", 0)


@pytest.mark.parametrize(
    "cut",
    [Cut(how="goaway_lost", after_events=2), Cut(how="rst_stream", code=REFUSED, after_events=2)],
    ids=lambda cut: cut.how,
)
async def test_a_stream_that_was_answered_is_not_disowned_any_more(road: Road, cut: Cut) -> None:
    """The provider wrote some of an answer: whatever it says then, it touched the request."""
    road.sim.scenario = Scenario(usage=USAGE, events=10, interval=0.02, cut=cut)
    call = MISTRAL.streamed()

    client = await road.raw2(call.host)
    (stream,) = await many(client, call, 1)
    answer = await client.answer(stream)
    client.raw.close()

    assert (answer.status, answer.whole) == (200, False)
    (record,) = await road.calls(1)
    assert (record.error, record.status) == ("cut", 200)
    assert record.cost.nano > 0


def goaway(last: int) -> bytes:
    """A GOAWAY frame that disowns all streams after `last`."""
    return b"\0\0\x08\x07\0\0\0\0\0" + last.to_bytes(4) + b"\0\0\0\0"


async def test_a_client_that_says_goaway_still_gets_its_answers(road: Road) -> None:
    """It only says that it will ask no more."""
    road.sim.scenario = Scenario(usage=USAGE, events=10, interval=0.02)
    call = CLAUDE.streamed()

    client = await road.raw2(call.host)
    streams = await many(client, call, 2)
    for stream in streams:
        await client.until(stream, lambda answer: bool(answer.body))
    await client.raw.send(goaway(last=0))
    answers = [await client.answer(stream) for stream in streams]
    records = await road.calls(2)

    assert all(answer.whole for answer in answers)
    assert [record.error for record in records] == [None, None]
    client.raw.close()
    assert await road.proxy.steps.drain.stop(10)
    assert nothing_left(road)


async def test_a_client_without_alpn_is_one_of_http1(road: Road) -> None:
    """And so is the provider's side of it."""
    raw = await road.raw(alpn=())
    await raw.send(CHAT.http1())
    answer = await raw.response()
    raw.close()

    assert answer.status == 200
    assert road.sim.connections[0].alpn in (None, "http/1.1")
    assert road.sim.seen[0].protocol == "HTTP/1.1"


async def test_connections_are_reused(road: Road) -> None:
    client = await road.raw2()
    for _ in range(3):
        (stream,) = await many(client, CHAT, 1)
        assert (await client.answer(stream)).status == 200

    assert len(road.sim.connections) == 1
    assert len(connections()) == 1
    client.raw.close()
