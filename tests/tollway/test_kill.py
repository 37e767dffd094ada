"""A proxy that is killed at any moment has lost no call that reached a provider."""

import asyncio
import json
import os
import random
import signal
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.tollway.calls import CHAT
from tests.tollway.command import Office
from tests.tollway.office import authority, office, providers
from tollway import clock
from tollway.ledger.open import open_books, open_ledger

__all__ = ["authority", "office", "providers"]
AT_ONCE = 8


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The same for the same run of the tests."""
    return random.Random(request.config.getoption("randomly_seed", 0))


async def call_until_dead(client: httpx.AsyncClient, names: Iterator[int]) -> None:
    """One call after another, each with a name that the provider and the ledger see."""
    with suppress(httpx.TransportError):
        for number in names:
            body = {**CHAT.body, "stream": number % 2 == 0, "user": str(number)}
            await client.post(CHAT.url, json=body, headers={"x-tollway-tags": f"n={number}"})


ROUTES = """version: 1
credentials: {groq: {inject: env:GROQ_KEY}}
routes: {r: [{from: gpt-4o, to: [same, groq/openai/gpt-oss-120b], retries: 1, breaker: none}]}
always: [{route: r}]
limits: [{name: day, amount: 100 USD, window: day}]
"""
PROVIDERS = {"api.openai.com": "openai", "api.groq.com": "groq"}


@pytest.mark.parametrize("round", range(3))
async def test_each_attempt_that_reached_a_target_is_in_the_ledger(
    office: Office, chance: random.Random, round: int, tmp_path: Path
) -> None:
    """Of a route whose targets fail; what was killed is charged at what it held, and holds nothing. What had
    failed with a status by then held nothing any more."""
    sim = office.sim
    assert sim is not None
    (tmp_path / "policy.yaml").write_text(ROUTES)
    for host in PROVIDERS:
        for _ in range(30):
            sim.on(host, "*", times=chance.randint(1, 3), status=chance.choice([200, 429, 500]))
    office = replace(office, environment={**office.environment, "GROQ_KEY": "made-up"})
    words = ("--listen", "127.0.0.1:0", "--format", "json", "--policy", str(tmp_path / "policy.yaml"))
    with office.start("serve", *words) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        trust = ssl.create_default_context(cafile=facts["ca"])
        names = iter(range(10_000))
        async with httpx.AsyncClient(proxy=facts["url"], verify=trust, timeout=120) as client:
            calling = [asyncio.ensure_future(call_until_dead(client, names)) for _ in range(AT_ONCE)]
            wanted = chance.randint(1, 60)
            while len(await asyncio.to_thread(sim.seen)) < wanted:
                pass
            os.kill(facts["pid"], signal.SIGKILL)
            await asyncio.gather(*calling)

    seen = [(one["json"]["user"], PROVIDERS[one["host"]]) for one in sim.seen() if one["json"]]
    open_ledger(f"sqlite:{office.home / 'ledger.db'}").close()  # as the next start does
    rows = [(row.tags["n"], row.provider) for row in office.calls()]
    assert not Counter(seen) - Counter(rows)
    assert {row.state for row in office.calls()} <= {"done", "lost"}
    failed = Counter(PROVIDERS[one["host"]] for one in sim.seen() if one["status"] in (429, 500))
    free = Counter(row.provider for row in office.calls() if row.state == "lost" and not row.cost.nano)
    assert not free - failed
    books = open_books(f"sqlite:{office.home / 'ledger.db'}")
    try:
        assert [bucket.held for bucket in books.buckets(clock.now_us())] == [0]
    finally:
        books.close()


@pytest.mark.parametrize("round", range(3))
async def test_each_call_that_reached_the_provider_is_in_the_ledger(
    office: Office, chance: random.Random, round: int
) -> None:
    """Those in flight are lost calls, charged at what is known of them."""
    assert office.sim is not None
    office.sim.default(events=5, interval=0.004)
    with office.start("serve", "--listen", "127.0.0.1:0", "--format", "json") as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        trust = ssl.create_default_context(cafile=facts["ca"])
        names = iter(range(10_000))
        async with httpx.AsyncClient(proxy=facts["url"], verify=trust, timeout=120) as client:
            calling = [asyncio.ensure_future(call_until_dead(client, names)) for _ in range(AT_ONCE)]
            wanted = chance.randint(1, 80)
            while len(await asyncio.to_thread(office.sim.seen)) < wanted:
                pass
            os.kill(facts["pid"], signal.SIGKILL)
            await asyncio.gather(*calling)

    reached = {seen["json"]["user"] for seen in office.sim.seen() if seen["json"]}
    open_ledger(f"sqlite:{office.home / 'ledger.db'}").close()  # as the next start does
    rows = {call.tags["n"]: call for call in office.calls()}
    assert reached
    assert reached <= rows.keys()
    assert {call.state for call in rows.values()} <= {"done", "lost"}
    assert all(call.cost.nano > 0 for name, call in rows.items() if name in reached)
    assert sum(call.state == "lost" for call in rows.values()) <= 3 * AT_ONCE


async def test_a_proxy_that_is_killed_while_it_records_keeps_no_half_answer(
    office: Office, tmp_path: Path
) -> None:
    """The next one asks the provider again, and gets all of it."""
    sim = office.sim
    assert sim is not None
    (tmp_path / "policy.yaml").write_text("version: 1\ncache: [{ttl: 1h}]\n")
    words = ("--listen", "127.0.0.1:0", "--format", "json", "--policy", str(tmp_path / "policy.yaml"))
    call = CHAT.streamed()
    said = []
    for killed in (True, False, False):
        sim.on("*", "*", times=1, events=60, interval=0.02 if killed else 0.0)
        with office.start("serve", *words) as process:
            assert process.stdout is not None
            facts = json.loads(process.stdout.readline())
            trust = ssl.create_default_context(cafile=facts["ca"])
            async with httpx.AsyncClient(proxy=facts["url"], verify=trust, timeout=120) as client:
                with suppress(httpx.TransportError):
                    async with client.stream("POST", call.url, json=call.body) as answer:
                        async for _ in answer.aiter_raw():
                            if killed:
                                os.kill(facts["pid"], signal.SIGKILL)
                        said.append((answer.headers["x-tollway-cache"], not killed))
            process.terminate()

    assert said == [("miss", True), ("hit", True)]
    assert [one["complete"] for one in sim.seen()][1:] == [True]


async def test_calls_of_a_killed_proxy_are_none_of_those_at_once(office: Office, tmp_path: Path) -> None:
    """Another proxy, which runs already, admits the next at once."""
    assert office.sim is not None
    office.sim.default(gate="never")
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nrates: [{name: few, allow: 2 at once, then: [wait 60s, block]}]\n")
    words = ("serve", "--listen", "127.0.0.1:0", "--format", "json", "--policy", str(policy))
    with office.start(*words) as first, office.start(*words) as second:
        assert first.stdout is not None
        assert second.stdout is not None
        killed, lives = json.loads(first.stdout.readline()), json.loads(second.stdout.readline())
        trust = ssl.create_default_context(cafile=killed["ca"])
        async with (
            httpx.AsyncClient(proxy=killed["url"], verify=trust, timeout=120) as one,
            httpx.AsyncClient(proxy=lives["url"], verify=trust, timeout=120) as other,
        ):
            calling = [asyncio.ensure_future(call_until_dead(one, iter([n]))) for n in (0, 2)]
            while len(await asyncio.to_thread(office.sim.seen)) < len(calling):
                pass
            office.sim.default()
            waits = asyncio.ensure_future(other.post(CHAT.url, json=CHAT.body))
            os.kill(killed["pid"], signal.SIGKILL)
            await asyncio.gather(*calling)
            assert (await waits).status_code == 200
        os.kill(lives["pid"], signal.SIGTERM)

    assert sorted(call.state for call in office.calls()) == ["done", "lost", "lost"]
