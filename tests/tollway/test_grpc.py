"""gRPC on a provider's host, which nothing here reads: counted and flagged, or refused, never passed over."""

from pathlib import Path

import pytest

from tests.simulator import Scenario, Simulator
from tests.simulator.client_http2 import Answer
from tests.tollway.road import HOSTS, Road
from tests.tollway.road import road as running_road
from tollway.model import Source
from tollway.observe.measuring import Measuring

HOST, PATH = "api.x.ai", "/xai_api.Chat/GetCompletion"
HEADERS = [("content-type", "application/grpc"), ("te", "trailers"), ("authorization", "Bearer made-up")]
MESSAGE = b"\x00\x00\x00\x00\x05\x0a\x03abc"
SAID = Scenario(
    status=202,
    body=MESSAGE,
    content_type="application/grpc",
    trailers=(("grpc-status", "0"),),
    framing="chunked",
)
HARD = "version: 1\nlimits: [{name: day, amount: 1000000 tokens, window: day}]"
EVERY = (*HOSTS, HOST)


async def ask(road: Road, host: str = HOST, path: str = PATH) -> Answer:
    """A call of gRPC, as its libraries make it."""
    client = await road.raw2(host)
    try:
        return await client.answer(await client.request(host, path, HEADERS, MESSAGE))
    finally:
        client.raw.close()


async def test_it_passes_as_it_came_and_is_counted_and_flagged(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    sim.scenario = SAID
    measuring = Measuring()
    async with running_road(tmp_path, sim, hosts=EVERY, measuring=measuring) as road:
        answer = await ask(road)
        record = await road.call()
        rows = await road.rows()
    (seen,) = sim.seen

    assert (answer.status, answer.body) == (202, MESSAGE)
    assert dict(answer.trailers)["grpc-status"] == "0"
    assert (seen.path, seen.raw, seen.header("te")) == (PATH, MESSAGE, "trailers")
    assert (record.provider, record.operation, record.status) == ("xai", "unknown", 202)
    assert (record.cost.source, record.cost.flags) == (Source.NONE, ("unknown_call",))
    assert rows == [record]
    counted = {series.labels for series in measuring.counting.snapshot() if "calls" in series.family.name}
    assert ("xai", "none", "unknown", "answered") in counted


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (HOST, PATH),
        (
            "generativelanguage.googleapis.com",
            "/google.ai.generativelanguage.v1beta.GenerativeService/StreamGenerateContent",
        ),
        ("api.openai.com", "/v1/chat/completions"),
        ("chatgpt.com", "/anything.Service/Do"),
    ],
)
async def test_a_hard_limit_refuses_it_as_grpc_is_refused(
    tmp_path: Path, home: Path, sim: Simulator, host: str, path: str
) -> None:
    """Before any of it leaves; on a path that is free, or that a dialect reads, too."""
    async with running_road(tmp_path, sim, policy=HARD, hosts=EVERY) as road:
        answer = await ask(road, host, path)
        record = await road.call()

    head = dict(answer.headers)
    assert (answer.status, answer.body, answer.whole) == (200, b"", True)
    assert (head["content-type"], head["grpc-status"]) == ("application/grpc", "7")
    assert "the limit day can't hold it" in head["grpc-message"]
    assert head["x-tollway-call"] == record.id
    assert sim.seen == []
    assert (record.error, record.action, record.cost.nano) == ("unknown_call", "block by day", 0)


async def test_a_soft_limit_lets_it_pass(tmp_path: Path, home: Path, sim: Simulator) -> None:
    sim.scenario = SAID
    soft = HARD.replace("day}", "day, enforce: soft}")
    async with running_road(tmp_path, sim, policy=soft, hosts=EVERY) as road:
        assert (await ask(road)).body == MESSAGE


async def test_who_may_not_call_is_told_so_in_its_format(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """16: UNAUTHENTICATED."""
    nobody = "version: 1\nidentity: [{networks: {10.0.0.0/8: {team: a}}}]\nanonymous: refuse"
    async with running_road(tmp_path, sim, policy=nobody, hosts=EVERY) as road:
        assert dict((await ask(road)).headers)["grpc-status"] == "16"


async def test_where_something_is_to_be_kept_back_it_does_not_leave(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """Nothing looks through it."""
    keys = "version: 1\nguardrails: [{name: no-keys, find: secrets, do: block}]"
    async with running_road(tmp_path, sim, policy=keys, hosts=EVERY) as road:
        head = dict((await ask(road)).headers)

    assert head["grpc-status"] == "7"
    assert sim.seen == []


async def test_no_route_takes_it_elsewhere(tmp_path: Path, home: Path, sim: Simulator) -> None:
    sim.scenario = SAID
    always = 'version: 1\nroutes: {r: [{from: "*", to: openai/gpt-5}]}\nalways: [{match: {}, route: r}]'
    async with running_road(tmp_path, sim, policy=always, hosts=EVERY) as road:
        assert (await ask(road)).body == MESSAGE

    assert [(seen.host, seen.path) for seen in sim.seen] == [(HOST, PATH)]
