"""Clients that leave: before the head, within a stream, within JSON, over either protocol."""

from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Cut, Scenario, Simulator
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, GEMINI_SSE, MISTRAL, RESPONSES, UNKNOWN, Call
from tests.tollway.engine.leaving import BY, JSON, SLOW, USAGE, WAYS, Ask, ask
from tests.tollway.leftovers import nothing_left
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway.model import Source

__all__ = ["ask"]

SLOW_JSON = Scenario(usage=USAGE, slices=40, interval=0.02)
LATE = Scenario(usage=USAGE, ttfb=0.2)


@BY
@pytest.mark.parametrize("call", [MISTRAL.streamed(), GEMINI_SSE], ids=["mistral", "gemini"])
async def test_a_provider_that_bills_on_is_read_to_its_usage(
    road: Road, ask: Ask, call: Call, how: str
) -> None:
    road.sim.scenario = SLOW

    client = await ask(road, call, how)
    await client.first_bytes()
    await client.leave()
    record = await road.call()

    assert road.sim.seen[0].complete
    assert not road.sim.seen[0].client_left
    assert (record.usage.input_tokens, record.usage.output_tokens) == (70, 33)
    assert (record.error, record.status, record.cost.source) == ("abandoned", 200, Source.COMPUTED)
    assert nothing_left(road)


@BY
@pytest.mark.parametrize(
    "call", [CHAT.streamed(), CLAUDE.streamed(), RESPONSES.streamed()], ids=lambda c: c.path
)
async def test_a_provider_that_stops_billing_is_closed_at_once(
    road: Road, ask: Ask, call: Call, how: str
) -> None:
    """What it delivered until then is estimated from its texts."""
    road.sim.scenario = Scenario(usage=USAGE, events=10_000, interval=0.02, text="many words come by ")

    client = await ask(road, call, how)
    await client.first_bytes()
    await client.leave()
    record = await road.call()

    seen = await road.sim.wait_for(lambda seen: seen.client_left)
    assert seen.events_written < 5_000
    assert (record.error, record.status, record.cost.source) == ("abandoned", 200, Source.ESTIMATED)
    assert record.usage.input_tokens
    assert record.cost.nano > 0
    if call.host == CLAUDE.host:
        assert record.usage.input_tokens == 70  # its first event said so
    assert nothing_left(road)


async def test_the_estimate_of_a_closed_stream_is_of_what_was_delivered(road: Road, ask: Ask) -> None:
    """More output was delivered: more is charged."""
    road.sim.scenario = Scenario(usage=None, events=10_000, interval=0.005, text="many words come by ")

    for number in (5, 60):
        client = await ask(road, CHAT.streamed(), "http1 close")
        await client.raw.receive_until(lambda data, number=number: data.count(b"data:") > number)  # type: ignore[misc]
        await client.leave()
    few, many = sorted(await road.calls(2), key=lambda record: record.started_us)

    assert few.usage.input_tokens == many.usage.input_tokens
    assert many.usage.output_tokens > 5 * few.usage.output_tokens > 0  # type: ignore[operator]
    assert many.cost.output_nano > few.cost.output_nano > 0


@BY
@pytest.mark.parametrize("call", [CHAT, CLAUDE, GEMINI, MISTRAL], ids=lambda call: call.host)
async def test_an_answer_that_is_no_stream_is_read_to_its_end_by_whomever_it_is(
    road: Road, ask: Ask, call: Call, how: str
) -> None:
    """All providers bill it whole. The client leaves while it is held back, so the simulator says when."""
    road.sim.scenario = SLOW_JSON

    client = await ask(road, call, how)
    await road.sim.wait_for(lambda seen: seen.events_written > 2)
    await client.leave()
    record = await road.call()

    assert road.sim.seen[0].complete
    assert (record.usage.input_tokens, record.usage.output_tokens) == (70, 33)
    assert (record.error, record.cost.source) == ("abandoned", Source.COMPUTED)
    assert nothing_left(road)


@BY
@pytest.mark.parametrize("call", [CHAT, MISTRAL.streamed()], ids=["json", "stream"])
async def test_leaving_before_the_head_is_the_same(road: Road, ask: Ask, call: Call, how: str) -> None:
    road.sim.scenario = LATE

    client = await ask(road, call, how)
    await road.sim.wait_for(lambda seen: True)
    await client.leave()
    record = await road.call()

    assert road.sim.seen[0].complete
    assert (record.usage.input_tokens, record.usage.output_tokens) == (70, 33)
    assert (record.error, record.status) == ("abandoned", 200)
    assert nothing_left(road)


@BY
async def test_leaving_before_the_head_of_a_stream_that_is_closed_charges_the_input(
    road: Road, ask: Ask, how: str
) -> None:
    road.sim.scenario = Scenario(ttfb=30)

    client = await ask(road, CLAUDE.streamed(), how)
    await road.sim.wait_for(lambda seen: True)
    await client.leave()
    record = await road.call()

    await road.sim.wait_for(lambda seen: seen.client_left)
    assert (record.error, record.status, record.cost.source) == ("abandoned", None, Source.ESTIMATED)
    assert record.cost.nano == record.cost.input_nano > 0
    assert nothing_left(road)


@BY
async def test_the_policy_may_close_them_all(
    tmp_path: Path, home: Path, sim: Simulator, ask: Ask, how: str
) -> None:
    sim.scenario = Scenario(usage=USAGE, events=10_000, interval=0.02)

    async with running_road(tmp_path, sim, policy="version: 1\nfaults: {abandoned: close}") as road:
        client = await ask(road, MISTRAL.streamed(), how)
        await client.first_bytes()
        await client.leave()
        record = await road.call()

        await sim.wait_for(lambda seen: seen.client_left)
        assert (record.error, record.cost.source) == ("abandoned", Source.ESTIMATED)
        assert nothing_left(road)


@BY
@pytest.mark.parametrize("cut", ["close", "reset", "abrupt", "rst_stream", "goaway_lost"])
async def test_a_provider_that_dies_while_it_is_drained_is_estimated(
    road: Road, ask: Ask, how: str, cut: Any
) -> None:
    road.sim.scenario = Scenario(
        usage=USAGE, events=12, interval=0.02, text="some words ", cut=Cut(how=cut, after_events=8)
    )

    client = await ask(road, MISTRAL.streamed(), how)
    await client.first_bytes()
    await client.leave()
    record = await road.call()

    assert (record.error, record.status, record.cost.source) == ("abandoned", 200, Source.ESTIMATED)
    assert record.cost.output_nano > 0
    assert await road.proxy.steps.drain.stop(10)
    assert nothing_left(road)


@pytest.mark.parametrize("how", [how for how in WAYS if "half" not in how])
async def test_what_no_dialect_reads_is_closed(road: Road, ask: Ask, how: str) -> None:
    road.sim.scenario = Scenario(fill=2**30, status=201)

    client = await ask(road, UNKNOWN, how)
    await client.first_bytes()
    await client.leave()
    record = await road.call()

    await road.sim.wait_for(lambda seen: seen.client_left)
    assert (record.error, record.operation) == ("abandoned", "video")
    assert "unknown_call" in record.cost.flags
    assert nothing_left(road)


async def test_the_other_streams_of_a_connection_go_on(road: Road) -> None:
    road.sim.scenario = SLOW
    call = MISTRAL.streamed()

    client = await road.raw2(call.host)
    numbers = [await client.request(call.host, call.path, JSON, call.content) for _ in range(5)]
    for number in numbers:
        await client.until(number, lambda answer: bool(answer.body))
    await client.cancel(numbers[1])
    await client.cancel(numbers[3])
    whole = [await client.answer(number) for number in (numbers[0], numbers[2], numbers[4])]
    records = await road.calls(5)

    assert all(answer.whole and answer.body.endswith(b"data: [DONE]\n\n") for answer in whole)
    assert sorted(record.error or "" for record in records) == ["", "", "", "abandoned", "abandoned"]
    assert all(record.usage.output_tokens == 33 for record in records)
    assert nothing_left(road)
    again = await client.request(call.host, call.path, JSON, call.content)
    assert (await client.answer(again)).whole
    client.raw.close()
