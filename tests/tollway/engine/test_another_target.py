"""A target that fails gives way to another before anything of its answer has gone to the client."""

import asyncio
import socket

import httpx
import pytest

from tests.simulator import Cut, Scenario
from tests.tollway.calls import Call
from tests.tollway.failing_targets import (
    ASK,
    ASKED,
    CHAIN,
    GROQ,
    GROQ_KEY,
    KEY,
    OPENAI,
    SERVED,
    STREAM,
    TIMED,
    ask,
    fails,
    keys,
)
from tests.tollway.identified import Roads


@pytest.fixture(autouse=True)
def groq_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's key of the second target."""
    monkeypatch.setenv("GROQ_KEY", GROQ_KEY)


FAILURES = {
    "429": (Scenario(status=429), "429"),
    "500": (Scenario(status=500), "500"),
    "529": (Scenario(status=529), "529"),
    "reset": (Scenario(cut=Cut(how="reset")), "connect"),
    "closed": (Scenario(cut=Cut(how="close")), "connect"),
    "hangs": (Scenario(cut=Cut(how="hang")), "timeout"),
    "hangs after its head": (Scenario(cut=Cut(how="hang", after_bytes=0)), "timeout"),
    "ends after its head": (Scenario(cut=Cut(how="reset", after_bytes=0)), "connect"),
}


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize("call", [ASK, STREAM], ids=["json", "stream"])
@pytest.mark.parametrize("failure", FAILURES)
async def test_the_next_target_answers_in_the_place_of_one_that_fails(
    roads: Roads, failure: str, call: Call, http2: bool
) -> None:
    """The client notices nothing but a header; each attempt is a row; no key goes to the wrong one."""
    how, said = FAILURES[failure]

    async with roads(TIMED if said == "timeout" else CHAIN) as road:
        fails(road, how)
        async with road.client(http2) as client:
            answer = await ask(client, call)
            again = await ask(client, call)
        first, second, *_ = await road.calls(4)
        seen = road.sim.seen

    assert (answer.status_code, again.status_code) == (200, 200)
    assert answer.headers["x-tollway-route"] == f"{ASKED} ({said}) -> {SERVED}"
    assert answer.headers["x-tollway-call"] == second.id
    assert (first.provider, second.provider) == ("openai", "groq")
    assert first.status == how.status if said.isdigit() else first.error is not None
    assert second.cost.nano > 0
    assert second.action == f"route resilient, after {ASKED} ({said})"
    assert keys(seen, GROQ) == {f"Bearer {GROQ_KEY}"}
    assert keys(seen, OPENAI) == {KEY["authorization"]}


async def test_what_has_begun_is_never_asked_for_again(roads: Roads) -> None:
    async with roads(CHAIN) as road:
        fails(road, Scenario(cut=Cut(how="reset", after_events=2)))
        async with road.client() as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await ask(client, STREAM)
        record = await road.call()

    assert (record.provider, record.error) == ("openai", "cut")
    assert [one.host for one in road.sim.seen] == [OPENAI]


async def test_a_time_that_ends_while_the_next_target_is_awaited_ends_nothing_else(roads: Roads) -> None:
    """The next target's limit has room for one call at a time, so the second waits for longer than the first
    target had."""
    limit = "{name: one, match: {provider: groq}, amount: 0.0012 USD, window: day, then: [wait 60s, block]}"
    async with roads(TIMED + f"limits: [{limit}]\n") as road:
        fails(road, Scenario(status=429))
        road.sim.on(GROQ, "*", Scenario(ttfb=1.0))
        async with road.client() as client:
            answers = await asyncio.gather(ask(client, STREAM), ask(client, STREAM))

    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("[DONE]" in answer.text for answer in answers)


async def test_a_target_that_never_takes_a_connection_is_given_up_in_time(roads: Roads) -> None:
    """Neither one that says nothing when it is greeted, nor one whose port nobody listens at."""
    silent = socket.create_server(("127.0.0.1", 0))  # the system takes connections that nobody accepts
    async with roads(TIMED, elsewhere={OPENAI: silent.getsockname()[1]}) as road:
        async with road.client() as client, road.client(http2=True) as other:
            answers = [await ask(client), *await asyncio.gather(*[ask(other, STREAM) for _ in range(3)])]
        silent.close()
        async with road.client() as client:
            answers.append(await ask(client))

    assert [answer.status_code for answer in answers] == [200] * 5
    said = [answer.headers["x-tollway-route"] for answer in answers]
    assert said[:4] == [f"{ASKED} (timeout) -> {SERVED}"] * 4
    assert said[4] == f"{ASKED} (connect) -> {SERVED}"


@pytest.mark.parametrize("http2", [False, True])
async def test_many_at_once_get_each_its_own_answer(roads: Roads, http2: bool) -> None:
    """On one connection some targets fail, and the others' answers go on."""
    async with roads(CHAIN) as road:
        for status in (429, 500, 503) * 5:
            road.sim.on(OPENAI, "*", Scenario(status=status), times=1)
        road.sim.scenario = Scenario(events=20, interval=0.01)
        async with road.client(http2) as client:
            answers = await asyncio.gather(*[ask(client, STREAM) for _ in range(30)])
        await road.calls(45)

    assert all(answer.status_code == 200 and answer.text.count("[DONE]") == 1 for answer in answers)
    assert len({answer.headers["x-tollway-call"] for answer in answers}) == 30
    assert sum("x-tollway-route" in answer.headers for answer in answers) == 15
    assert road.proxy.steps.drain.in_flight() == 0
