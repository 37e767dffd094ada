"""OpenAI's Responses on a socket: several calls, their lanes, and every way in which one can end."""

import pytest

from tests.simulator import Scenario, Simulator, Socket, Usage
from tests.simulator_tests.talking import kinds, talk

HOST, PATH = "api.openai.com", "/v1/responses"
CREATE, CREATED, DONE = "response.create", "response.created", "response.completed"


@pytest.mark.parametrize(("host", "path"), [(HOST, PATH), ("chatgpt.com", "/backend-api/codex/responses")])
async def test_a_call_is_answered_as_a_stream_is(sim: Simulator, host: str, path: str) -> None:
    usage = Usage(input_tokens=100, cache_read_tokens=40, output_tokens=7)
    sim.scenario = Scenario(websocket=101, usage=usage, text="Hi.", events=1)

    async with talk(sim, host, path) as client:
        await client.send(CREATE, model="gpt-5", input="Hello?", metadata={"a": "b"})
        came = await client.until(DONE)

    response = came[-1]["response"]
    assert [event["sequence_number"] for event in came] == [*range(len(came))]
    assert (response["model"], response["metadata"]) == ("gpt-5", {"a": "b"})
    assert response["usage"]["input_tokens_details"]["cached_tokens"] == 40
    assert (response["usage"]["input_tokens"], response["usage"]["output_tokens"]) == (100, 7)
    assert response["id"] == came[0]["response"]["id"]
    assert "".join(e["delta"] for e in came if e["type"] == "response.output_text.delta") == "Hi."


async def test_each_call_meets_its_own_scenario(sim: Simulator) -> None:
    calls = tuple(Scenario(usage=Usage(output_tokens=n)) for n in (1, 2))
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=calls), usage=Usage(output_tokens=3))

    async with talk(sim, HOST, PATH) as client:
        ends = []
        for _ in range(3):
            await client.send(CREATE)
            ends.append((await client.until(DONE))[-1]["response"])

    assert [end["usage"]["output_tokens"] for end in ends] == [1, 2, 3]
    assert len({end["id"] for end in ends}) == 3


async def test_a_lane_is_answered_in_its_order_and_lanes_at_once(sim: Simulator) -> None:
    slow = Scenario(gate="slow")
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(slow,)))

    async with talk(sim, HOST, PATH) as client:
        for lane in ("a", "a", "b"):
            await client.send(CREATE, stream_id=lane)
        first = await client.until(DONE)
        sim.open("slow")
        rest = [*await client.until(DONE), *await client.until(DONE)]

    assert {event["stream_id"] for event in first} == {"b"}
    assert {event["stream_id"] for event in rest} == {"a"}
    assert [kinds(rest).count(kind) for kind in (CREATED, DONE)] == [2, 2]
    assert kinds(rest).index(DONE) < len(rest) - 1 - kinds(rest)[::-1].index(CREATED)


@pytest.mark.parametrize(
    ("finish", "kind", "status"),
    [("length", "response.incomplete", "incomplete"), ("failed", "response.failed", "failed")],
)
async def test_a_call_may_end_otherwise(sim: Simulator, finish: str, kind: str, status: str) -> None:
    sim.scenario = Scenario(websocket=101, finish=finish)  # type: ignore[arg-type]

    async with talk(sim, HOST, PATH) as client:
        await client.send(CREATE)
        ended = (await client.until(kind))[-1]["response"]

    assert (ended["status"], ended["usage"]["input_tokens"]) == (status, 20)


@pytest.mark.parametrize(
    ("scenario", "status", "before"), [(Scenario(status=429), 429, 0), (Scenario(finish="error"), 500, 8)]
)
async def test_errors_have_the_status_that_http_would_have(
    sim: Simulator, scenario: Scenario, status: int, before: int
) -> None:
    """At once, or half-way. The socket stays open."""
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(scenario,)))

    async with talk(sim, HOST, PATH) as client:
        await client.send(CREATE, stream_id="a")
        came = await client.until("error")
        await client.send(CREATE)
        await client.until(DONE)

    assert (came[-1]["status"], came[-1]["stream_id"], len(came) - 1) == (status, "a", before)


async def test_a_steered_call_ends_early_and_another_goes_on_unasked(sim: Simulator) -> None:
    first = Scenario(events=1000, interval=0.01, usage=Usage(output_tokens=5))
    sim.scenario = Scenario(websocket=101, socket=Socket(calls=(first,)))

    async with talk(sim, HOST, PATH) as client:
        await client.send(CREATE, stream_id="a", model="gpt-5")
        id = (await client.until(CREATED))[-1]["response"]["id"]
        await client.send("response.steer", previous_response_id=id, input="Shorter.")
        accepted = (await client.until("response.steer.accepted"))[-1]
        steered = (await client.until("response.incomplete"))[-1]
        came = await client.until(DONE)
        await client.send("response.steer", previous_response_id=id, input="Too late.")
        await client.until("response.steer.failed")

    assert accepted["steer"]["previous_response_id"] == id
    assert steered["response"]["incomplete_details"] == {"reason": "steered"}
    assert steered["response"]["usage"]["output_tokens"] == 5
    assert came[0]["type"] == CREATED
    assert (came[0]["response"]["previous_response_id"], came[0]["stream_id"]) == (id, "a")
    socket = sim.seen[0].socket
    assert socket is not None
    assert (socket.calls, socket.over, socket.cancelled) == (2, 1, 1)


async def test_a_call_may_only_prepare_the_next_one(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101)

    async with talk(sim, HOST, PATH) as client:
        await client.send(CREATE, generate=False)
        ended = (await client.until(DONE))[-1]["response"]

    assert (ended["usage"]["input_tokens"], ended["usage"]["output_tokens"]) == (0, 0)


async def test_a_plans_limits_are_told(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101, socket=Socket(limits=True))

    async with talk(sim, "chatgpt.com", "/backend-api/codex/responses") as client:
        await client.send(CREATE)
        limits = (await client.until("codex.rate_limits"))[-1]

    assert limits["rate_limits"]["primary"]["used_percent"] == 12.5


async def test_unknown_messages_get_an_error(sim: Simulator) -> None:
    sim.scenario = Scenario(websocket=101)

    async with talk(sim, HOST, PATH) as client:
        await client.send("response.destroy")
        error = (await client.until("error"))[-1]

    assert (error["status"], error["error"]["param"]) == (400, "type")
