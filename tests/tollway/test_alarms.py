"""What is new, and what is away, over the whole road: calls through real proxies, and a webhook that is a
real server.

At its end a proxy tells what it has gathered: what a webhook has got by then is all that it gets.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.redis_server import RedisServer
from tests.simulator import Scenario, Simulator, Usage
from tests.tollway.calls import Call
from tests.tollway.engine.test_next_layer import serving
from tests.tollway.hook import Hook
from tests.tollway.hooks.test_discover import POE, said
from tests.tollway.limited import ASK, ask, limit
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tests.tollway.test_lookout import spend, write
from tollway import clock, lookout, minding, once
from tollway.alerts import trouble
from tollway.alerts.hours import HOUR_US, alike, hour_of
from tollway.alerts.signature import is_signed
from tollway.ledger.open import open_books
from tollway.ledger.store import Told
from tollway.money import NANO

SECRET = "made-up secret of a webhook"
ALERTS = "alerts: {webhook: env:ALERT_URL}\n"
SIGNED = (
    "alerts: {webhook: env:ALERT_URL, format: generic, secret: env:ALERT_SECRET, on: [unpriced, unmanaged]}\n"
)
UNHEARD = "a-model-nobody-knows"

Roads = Callable[..., AbstractAsyncContextManager[Road]]


@pytest.fixture
def roads(tmp_path: Path, home: Path, sim: Simulator, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Roads:
    """Makes proxies of a policy, which share a ledger and the webhook; poe.com says again what it hears."""
    monkeypatch.setenv("ALERT_URL", hook.url)
    monkeypatch.setenv("ALERT_SECRET", SECRET)

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)

    @asynccontextmanager
    async def made(policy: str, ledger_url: str = "") -> AsyncIterator[Road]:
        async with serving(echo) as port:
            elsewhere = dict.fromkeys((POE, f"www.{POE}"), port)
            said, url = f"version: 1\n{policy}", ledger_url
            async with running_road(tmp_path, sim, policy=said, elsewhere=elsewhere, ledger_url=url) as road:
                yield road

    return made


async def call(road: Road, *models: str) -> list[int]:
    """Make a call of each of these."""
    async with road.client() as client:
        found = []
        for model in models:
            asked = Call(ASK.host, ASK.path, {**ASK.body, "model": model})
            found.append((await ask(client, asked)).status_code)
        await road.rows()
    return found


def told(road: Road) -> list[Told]:
    """What the ledger lists."""
    with closing(open_books(road.ledger_url)) as books:
        return books.told()


async def test_a_model_without_a_price_is_told_once_over_processes_and_restarts(
    roads: Roads, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    async with roads(ALERTS) as one, roads(ALERTS) as two:
        for road in (one, two):
            assert await call(road, UNHEARD, "gpt-4o", UNHEARD) == [200] * 3
    async with roads(ALERTS) as road:
        await call(road, UNHEARD)
        (listed,) = told(road)

    ((_, document),) = hook.got
    assert (document["kind"], document["provider"], document["model"], document["refused"]) == (
        "unpriced", "openai", UNHEARD, False,
    )  # fmt: skip
    assert document["text"].startswith(
        f"Tollway: no price of openai/{UNHEARD} is known: its calls are charged"
    )
    assert (listed.kind, f"Tollway: {listed.text}") == ("unpriced", document["text"])
    assert listed.text in caplog.messages
    assert "s3cret" not in caplog.text


async def test_one_that_hard_limits_refuse_is_told_as_well(roads: Roads, hook: Hook) -> None:
    async with roads(ALERTS + limit("10 USD")) as road:
        assert await call(road, UNHEARD, UNHEARD) == [400, 400]

    ((_, document),) = hook.got
    assert (document["kind"], document["refused"], document["cost_usd"]) == ("unpriced", True, "0")


async def test_a_service_that_nobody_reads_is_told_once_for_its_host(roads: Roads, hook: Hook) -> None:
    async with roads(ALERTS) as road:
        await said(road, POE, b"no TLS", answered=6)
        await road.proxy.discovering.write()
        await said(road, f"www.{POE}", b"no TLS", answered=6)
    async with roads(ALERTS) as road:
        await said(road, POE, b"no TLS", answered=6)

    ((_, document),) = hook.got
    assert (document["kind"], document["host"], document["service_name"]) == ("unmanaged", POE, "Poe")
    assert (document["client"], document["program"]) == ("127.0.0.1", "curl")


async def test_what_is_refused_is_told_so(roads: Roads, hook: Hook) -> None:
    async with roads(ALERTS + "faults: {unmanaged: refuse}\n") as road:
        with pytest.raises(Exception, match="403"):
            await said(road, POE, b"no TLS", answered=6)

    ((_, document),) = hook.got
    assert (document["refused"], document["connections"]) == (1, 0)
    assert "127.0.0.1 was kept from poe.com" in document["text"]


async def test_several_at_once_are_one_signed_message_in_the_policys_form(roads: Roads, hook: Hook) -> None:
    async with roads(SIGNED) as road:
        await call(road, UNHEARD, "another-model", "gpt-4o")

    ((_, document),) = hook.got
    ((signature, body),) = hook.signed
    assert (document["source"], document["kind"]) == ("tollway", "unpriced")
    assert document["text"] == "2 models have no known price"
    assert {each["model"] for each in document["alerts"]} == {UNHEARD, "another-model"}
    assert is_signed(signature, SECRET.encode(), body, int(clock.now()))


async def test_without_a_webhook_nothing_is_watched(
    roads: Roads, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    """But for what the policy asks for."""
    async with roads("") as road:
        await call(road, UNHEARD)
        assert told(road) == []
    async with roads("alerts: {on: [unpriced]}\n") as road:
        await call(road, UNHEARD)

    assert hook.got == []
    assert [text for text in caplog.messages if "no price of" in text] != []


@pytest.mark.parametrize("value", [None, "s3cret"])
async def test_a_proxy_does_not_start_without_the_secret_that_its_policy_names(
    tmp_path: Path, home: Path, sim: Simulator, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERT_URL", "https://hooks.example/made-up")
    monkeypatch.delenv("ALERT_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv("ALERT_SECRET", value)

    with pytest.raises(
        Exception, match=r"^alerts\.secret: .*the environment variable ALERT_SECRET"
    ) as raised:
        async with running_road(tmp_path, sim, policy=f"version: 1\n{SIGNED}"):
            pass

    assert "s3cret" not in str(raised.value)
    assert not (tmp_path / "ledger.db").exists()


async def test_a_ledger_that_is_moved_away_is_told_and_its_return(
    roads: Roads, hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one process of two."""
    monkeypatch.setattr(minding, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(trouble, "LASTS_US", 0)
    policy = "alerts: {webhook: env:ALERT_URL, on: [store]}\n"
    ledger, elsewhere = tmp_path / "ledger.db", tmp_path / "elsewhere.db"
    async with roads(policy), roads(policy):
        ledger.rename(elsewhere)
        await asyncio.to_thread(hook.wait_for, 1)
        elsewhere.rename(ledger)
        await asyncio.to_thread(hook.wait_for, 2)

    documents: list[dict[str, Any]] = [document for _, document in hook.got]
    assert [(each["kind"], each["is_back"]) for each in documents] == [("store", False), ("store", True)]
    assert "it was moved, removed or replaced" in documents[0]["text"]


async def test_an_hour_that_costs_unusually_much_is_told_while_it_goes_on(
    roads: Roads, sim: Simulator, hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an address, as nobody says who it is: others have spent a dollar an hour at such times."""
    for name in ("LEASE_US", "YIELDS_US"):
        monkeypatch.setattr(lookout, name, 0)
    monkeypatch.setattr(lookout, "EVERY_SECONDS", 0.05)
    monkeypatch.setattr(once, "EVERY_SECONDS", 0.05)
    spans = alike(hour_of(clock.now_us()), ZoneInfo("UTC"))
    hours = [span.since_us + n * HOUR_US for span in spans for n in range(3)]
    write(tmp_path / "ledger.db", [spend(at_us, f"user{n}", NANO) for at_us in hours for n in range(2)])
    sim.scenario = Scenario(usage=Usage(input_tokens=10, output_tokens=2_000_000))
    async with roads("alerts: {webhook: env:ALERT_URL, on: [anomaly]}\n") as road:
        await call(road, "gpt-4o")
        await asyncio.to_thread(hook.wait_for, 1)

    ((_, document),) = hook.got
    assert (document["kind"], document["client"], document["usual_usd"]) == ("anomaly", "127.0.0.1", None)
    assert document["everybodys_usd"] == "1"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A server that a test may stop."""
    with closing(RedisServer(tmp_path / "redis")) as server:
        yield server


async def test_a_fleet_tells_once_over_its_nodes(roads: Roads, redis: RedisServer, hook: Hook) -> None:
    """Two processes of a machine, each with a journal; all have told what they gathered when they ended."""
    async with roads(ALERTS, redis.url) as one, roads(ALERTS, redis.url) as two:
        for road in (one, two):
            await call(road, UNHEARD)
    async with roads(ALERTS, redis.url) as road:
        await call(road, UNHEARD)
        (listed,) = told(road)

    assert hook.kinds == ["unpriced"]
    assert listed.text in hook.got[0][1]["text"]


async def test_a_redis_that_is_away_is_told_and_that_it_is_back(
    roads: Roads, redis: RedisServer, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one process of two."""
    monkeypatch.setattr(minding, "EVERY_SECONDS", 0.05)
    monkeypatch.setattr(trouble, "LASTS_US", 0)
    policy = "alerts: {webhook: env:ALERT_URL, on: [store]}\n"
    async with roads(policy, redis.url), roads(policy, redis.url):
        redis.kill()
        await asyncio.to_thread(hook.wait_for, 1)
        redis.start()
        await asyncio.to_thread(hook.wait_for, 2)

    assert [(each["kind"], each["is_back"]) for _, each in hook.got] == [("store", False), ("store", True)]
    assert "Redis does not answer" in hook.got[0][1]["text"]
