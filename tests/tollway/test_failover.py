"""Another target when one fails, over the whole road: a client, the proxy, the simulator."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator import Cut, Scenario, Simulator
from tests.simulator.seen import Seen
from tests.tollway.calls import TALK, Call
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import clock
from tollway.ledger.open import open_books

Roads = Callable[..., AbstractAsyncContextManager[Road]]

BODY = {"model": "gpt-4o", "max_tokens": 1000, "messages": TALK}
ASK = Call("api.openai.com", "/v1/chat/completions", BODY)
STREAM = Call("api.openai.com", "/v1/chat/completions", {**BODY, "stream": True})
KEY = {"authorization": "Bearer made-up-key"}
POLICY = """
credentials: {groq: {inject: env:GROQ_KEY}, mistral: {inject: env:MISTRAL_KEY}}
routes: {resilient: [{from: gpt-4o, to: [same, groq/openai/gpt-oss-120b], %s}]}
always: [{route: resilient}]
"""
CHAIN = POLICY % "on: [429, 5xx, connect]"
TIMED = POLICY % "on: [429, 5xx, connect, timeout 500ms]"
OPENAI, GROQ = "api.openai.com", "api.groq.com"
ASKED, SERVED = "openai/gpt-4o", "groq/openai/gpt-oss-120b"


@pytest.fixture
def roads(tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> Roads:
    """Makes proxies of a policy."""
    monkeypatch.setenv("GROQ_KEY", "made-up-groq-key")
    monkeypatch.setenv("MISTRAL_KEY", "made-up-mistral-key")

    @asynccontextmanager
    async def made(policy: str, **options: Any) -> AsyncIterator[Road]:
        async with running_road(tmp_path, sim, policy="version: 1\n" + policy, **options) as road:
            yield road

    return made


async def ask(client: httpx.AsyncClient, call: Call = ASK) -> httpx.Response:
    """Make a call."""
    return await client.post(call.url, content=call.content, headers=KEY)


def held(road: Road) -> int:
    """What is still held in any bucket."""
    books = open_books(road.ledger_url)
    try:
        return sum(row.held for row in books.buckets(clock.now_us()))
    finally:
        books.close()


def fails(road: Road, how: Scenario, host: str = OPENAI) -> None:
    """Have a provider fail."""
    road.sim.on(host, "*", how)


def keys(seen: list[Seen], host: str) -> set[str]:
    """The keys that a host was shown."""
    return {
        value for one in seen if one.host == host for name, value in one.headers if name == "authorization"
    }


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
    assert keys(seen, GROQ) == {"Bearer made-up-groq-key"}
    assert keys(seen, OPENAI) == {KEY["authorization"]}


async def test_where_all_fail_the_client_gets_the_last_error_and_hears_of_the_tries(roads: Roads) -> None:
    async with roads(CHAIN) as road:
        fails(road, Scenario(status=529))
        fails(road, Scenario(status=503), GROQ)
        async with road.client() as client:
            answer = await ask(client)
        first, second = await road.calls(2)

    assert (answer.status_code, answer.json()["error"]["message"]) == (503, Scenario().message)
    assert answer.headers["x-tollway-route"] == f"{ASKED} (529) -> {SERVED}"
    assert (first.status, second.status, first.cost.nano, second.cost.nano) == (529, 503, 0, 0)


async def test_where_the_last_gives_no_answer_tollway_says_so_in_the_clients_dialect(roads: Roads) -> None:
    async with roads(CHAIN) as road:
        fails(road, Scenario(status=529))
        fails(road, Scenario(cut=Cut(how="reset")), GROQ)
        async with road.client() as client:
            answer = await ask(client)

    assert answer.status_code == 502
    assert answer.json()["error"]["code"] == "no_answer"
    assert answer.headers["x-tollway-route"] == f"{ASKED} (529) -> {SERVED} (connect)"


async def test_where_no_other_target_can_take_it_the_first_error_passes(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GROQ_KEY")
    async with roads(CHAIN) as road:
        fails(road, Scenario(status=500))
        async with road.client() as client:
            answer = await ask(client)
        (record,) = await road.calls(1)

    assert (answer.status_code, record.status) == (500, 500)
    assert answer.headers["x-tollway-call"] == record.id
    assert answer.headers["x-tollway-route"] == f"{ASKED} (500) -> {SERVED} (no credential is known for groq)"


async def test_what_has_begun_is_never_asked_for_again(roads: Roads) -> None:
    async with roads(CHAIN) as road:
        fails(road, Scenario(cut=Cut(how="reset", after_events=2)))
        async with road.client() as client:
            with pytest.raises(httpx.RemoteProtocolError):
                await ask(client, STREAM)
        record = await road.call()

    assert (record.provider, record.error) == ("openai", "cut")
    assert [one.host for one in road.sim.seen] == [OPENAI]


async def test_an_error_that_the_rule_does_not_name_passes(roads: Roads) -> None:
    async with roads(CHAIN) as road:
        fails(road, Scenario(status=400))
        async with road.client() as client:
            answer = await ask(client)

    assert answer.status_code == 400
    assert "x-tollway-route" not in answer.headers
    assert [one.host for one in road.sim.seen] == [OPENAI]


async def test_a_target_is_tried_again_when_it_wants_to_be(roads: Roads) -> None:
    """The provider's own `retry-after` is kept to."""
    policy = "routes: {again: [{from: gpt-4o, to: same, retries: 2}]}\nalways: [{route: again}]\n"
    async with roads(policy) as road:
        road.sim.on(OPENAI, "*", Scenario(status=429, headers=(("retry-after-ms", "900"),)), times=1)
        road.sim.on(OPENAI, "*", Scenario(status=503), times=1)
        async with road.client() as client:
            answer = await ask(client, STREAM)
        first, second, third = await road.calls(3)

    assert answer.status_code == 200
    assert answer.headers["x-tollway-route"] == f"{ASKED} (429) -> {ASKED} (503) -> {ASKED}"
    assert second.started_us - (first.ended_us or 0) < 900_000 <= second.started_us - first.started_us
    assert [row.status for row in (first, second, third)] == [429, 503, 200]
    assert third.action == f"route again, after {ASKED} (429), {ASKED} (503)"


async def test_a_client_that_leaves_during_a_pause_ends_its_call(roads: Roads) -> None:
    policy = "routes: {again: [{from: gpt-4o, to: same, retries: 2}]}\nalways: [{route: again}]\n"
    async with roads(policy) as road:
        fails(road, Scenario(status=429, headers=(("retry-after", "29"),)))
        async with road.client() as client:
            asked = asyncio.ensure_future(ask(client))
            await road.sim.wait_for(lambda one: one.answered is not None)
            asked.cancel()
        record = await road.call()

    assert (record.error, record.cost.nano) == ("abandoned", 0)
    assert len(road.sim.seen) == 1
    assert road.proxy.steps.drain.in_flight() == 0


LIMITED = (
    CHAIN
    + """
limits:
  - {name: day, amount: 1 USD, window: day, then: [block]}
  - {name: groq-day, match: {provider: groq}, amount: %s, window: day, then: [block]}
"""
)


@pytest.mark.parametrize("call", [ASK, STREAM], ids=["json", "stream"])
async def test_each_attempt_holds_what_it_may_come_to_and_only_the_answer_is_spent(
    roads: Roads, call: Call
) -> None:
    async with roads(LIMITED % "1 USD") as road:
        fails(road, Scenario(status=529))
        async with road.client() as client:
            answer = await ask(client, call)
        first, second, *_ = await road.rows()

        assert answer.status_code == 200
        assert (first.limits, second.limits) == (("day",), ("day", "groq-day"))
        assert first.bound is not None
        assert second.bound is not None
        assert first.bound.nano > second.bound.nano > second.cost.nano > first.cost.nano == 0
        assert held(road) == 0


async def test_a_target_that_a_limit_has_no_room_for_is_passed_over(roads: Roads) -> None:
    async with roads(LIMITED % "0.000001 USD") as road:
        fails(road, Scenario(status=529))
        async with road.client() as client:
            answer = await ask(client)
        await road.rows()

        assert answer.status_code == 529
        assert answer.headers["x-tollway-route"].endswith(f"{SERVED} (groq-day has no room for it)")
        assert [one.host for one in road.sim.seen] == [OPENAI]
        assert held(road) == 0


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


async def test_access_rules_hold_for_every_target(roads: Roads) -> None:
    async with roads(CHAIN + "access: [{name: no-groq, deny: {provider: groq}}]\n") as road:
        fails(road, Scenario(status=529))
        async with road.client() as client:
            answer = await ask(client)

    assert answer.status_code == 529
    assert [one.host for one in road.sim.seen] == [OPENAI]


async def test_a_target_that_keeps_failing_is_left_alone(roads: Roads) -> None:
    """Its breaker is that of the rule: after two failures in a row."""
    async with roads(POLICY % "breaker: {failures: 2, rest: 1m}") as road:
        fails(road, Scenario(status=503))
        async with road.client() as client:
            answers = [await ask(client) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert [one.host for one in road.sim.seen] == [OPENAI, GROQ, OPENAI, GROQ, GROQ, GROQ]
    assert answers[-1].headers["x-tollway-route"] == f"{ASKED} -> {SERVED}"


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


@pytest.mark.parametrize("headers", [{"authorization": "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host"}])
async def test_a_signed_call_goes_nowhere_else(roads: Roads, headers: dict[str, str]) -> None:
    async with roads(CHAIN) as road:
        fails(road, Scenario(status=500))
        async with road.client() as client:
            answer = await client.post(ASK.url, content=ASK.content, headers=headers)

    assert answer.status_code == 500
    assert [one.host for one in road.sim.seen] == [OPENAI]
