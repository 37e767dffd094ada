"""What each attempt at a call is: a row, held by its own limits, where its route and the rules let it go."""

import asyncio
import json

import pytest

from tests.simulator import Cut, Scenario
from tests.tollway.calls import Call
from tests.tollway.failing_targets import (
    AGAIN,
    ASK,
    ASKED,
    CHAIN,
    GROQ,
    GROQ_KEY,
    OPENAI,
    POLICY,
    SERVED,
    STREAM,
    ask,
    fails,
    held,
)
from tests.tollway.identified import Roads
from tollway.rows import VIOLATED


@pytest.fixture(autouse=True)
def groq_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's key of the second target."""
    monkeypatch.setenv("GROQ_KEY", GROQ_KEY)


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
    async with roads(AGAIN) as road:
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
    async with roads(AGAIN) as road:
        fails(road, Scenario(status=429, headers=(("retry-after", "29"),)))
        async with road.client() as client:
            asked = asyncio.ensure_future(ask(client))
            await road.sim.wait_for(lambda one: one.answered is not None)
            asked.cancel()
        record = await road.call()

    assert (record.status, record.error, record.cost.nano) == (429, "abandoned", 0)
    assert len(road.sim.seen) == 1
    assert road.proxy.steps.drain.in_flight() == 0


NARROW = """
limits: [{name: day, amount: 0.0264 USD, window: day, then: [block]}]
"""
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
        assert second.bound.nano > second.cost.nano > first.cost.nano == first.bound.nano == 0
        assert held(road) == 0


async def test_what_failed_for_free_holds_nothing_while_the_next_is_tried(roads: Roads) -> None:
    """The limit has room for the first target's bound, and for nothing beside it."""
    async with roads(CHAIN + NARROW) as road:
        fails(road, Scenario(status=529))
        async with road.client() as client:
            answer = await ask(client)
        await road.rows()

        assert answer.status_code == 200
        assert held(road) == 0


async def test_an_error_that_reports_a_usage_is_more_than_was_held_for_it(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was held any more while another target was looked for: it is charged, and flagged."""
    monkeypatch.delenv("GROQ_KEY")
    usage = {"prompt_tokens": 20, "completion_tokens": 12, "total_tokens": 32}
    body = json.dumps({"id": "c", "model": "gpt-4o", "choices": [], "usage": usage}).encode()
    async with roads(CHAIN + NARROW) as road:
        fails(road, Scenario(status=500, body=body))
        async with road.client() as client:
            answer = await ask(client)
        (record,) = await road.calls(1)
        await road.rows()

        assert answer.status_code == 500
        assert record.cost.nano == 170_000
        assert VIOLATED in record.cost.flags
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


@pytest.mark.parametrize("headers", [{"authorization": "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host"}])
async def test_a_signed_call_goes_nowhere_else(roads: Roads, headers: dict[str, str]) -> None:
    async with roads(CHAIN) as road:
        fails(road, Scenario(status=500))
        async with road.client() as client:
            answer = await client.post(ASK.url, content=ASK.content, headers=headers)

    assert answer.status_code == 500
    assert [one.host for one in road.sim.seen] == [OPENAI]
