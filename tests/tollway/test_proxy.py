"""A proxy as a whole: it starts, it stops without losing anything, and it starts again."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Cut, Scenario, Simulator, Usage
from tests.tollway.calls import CHAT, CLAUDE, Call, refusal
from tests.tollway.engine.test_abandoned_before import Gate
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import clock, paths
from tollway.ca import store
from tollway.errors import TollwayError
from tollway.ledger.open import open_books
from tollway.master import Listening
from tollway.model import CallRecord, Source
from tollway.policy.load import load
from tollway.proxy import Proxy, Setup, running

USAGE = Usage(input_tokens=1000, output_tokens=200)
COST = 4_500_000
"""Of that, with gpt-4o: 1,000 * 2,500 + 200 * 10,000 nano-dollars."""
OFFICE = """
version: 1
providers:
  - {name: vllm, hosts: [vllm.office.example], serves: [{at: [/v1], set: openai}]}
"""


def rows(url: str) -> list[CallRecord]:
    """What a ledger holds when its proxies are gone."""
    with closing(open_books(url)) as books:
        return list(books.calls())


def setup(tmp_path: Path, *, policy: str = "version: 1", port: int = 0, ledger: str = "") -> Setup:
    """A proxy that reaches nobody."""
    return Setup(
        policy=load(policy, "test.yaml"),
        ledger_url=ledger or f"sqlite:{tmp_path / 'ledger.db'}",
        listening=Listening(port=port),
    )


@asynccontextmanager
async def gated(
    tmp_path: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch, drain_seconds: float
) -> AsyncIterator[tuple[Road, Gate]]:
    """A proxy whose provider is reached when the gate is opened."""
    async with Gate(sim) as gate:
        monkeypatch.setattr(sim, "connect_to", lambda host: f"{host}:443:127.0.0.1:{gate.port}")
        async with running_road(tmp_path, sim, hosts=(CHAT.host,), drain_seconds=drain_seconds) as road:
            yield road, gate


async def sent(road: Road, call: Call) -> int:
    """A call's status."""
    async with road.client() as client:
        return (await client.post(call.url, json=call.body)).status_code


async def refuses_connections(road: Road) -> None:
    """Wait until nobody listens."""
    async with asyncio.timeout(120):
        while True:
            try:
                _, writer = await asyncio.open_connection(road.proxy.host, road.proxy.port)
            except ConnectionRefusedError:
                return
            except ConnectionResetError:  # the last that was in the queue
                continue
            writer.close()
            await writer.wait_closed()


async def test_a_proxy_can_be_started_again_where_it_left_off(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """Its authority, its secret and its ledger are those of the first time."""
    sim.scenario = Scenario(usage=USAGE)
    key = {"authorization": "Bearer made-up"}
    fingerprints, roots = set(), set()
    for _ in range(2):
        async with running_road(tmp_path, sim) as road:
            async with road.client() as client:
                assert (await client.post(CHAT.url, json=CHAT.body, headers=key)).status_code == 200
            fingerprints.add((await road.call()).credential)
            roots.add(road.proxy.authority.fingerprint())

    assert [row.cost.nano for row in rows(road.ledger_url)] == [COST, COST]
    assert len(fingerprints) == len(roots) == 1


async def test_two_proxies_share_a_ledger(tmp_path: Path, home: Path, sim: Simulator) -> None:
    sim.scenario = Scenario(usage=USAGE)

    async with running_road(tmp_path, sim) as one, running_road(tmp_path, sim) as other:
        assert one.ledger_url == other.ledger_url
        assert one.proxy.port != other.proxy.port
        statuses = await asyncio.gather(*(sent(road, CHAT) for road in (one, other) for _ in range(5)))
        ids = {row.id for road in (one, other) for row in await road.calls(5)}

    assert statuses == [200] * 10
    assert {row.id for row in rows(one.ledger_url)} == ids
    assert [(row.state, row.cost.nano) for row in rows(one.ledger_url)] == [("done", COST)] * 10


async def test_a_call_in_flight_finishes_and_is_in_the_ledger(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked to stop, the proxy takes no connections, and answers whom it has taken."""
    sim.scenario = Scenario(usage=USAGE)

    async def open_when_stopping(road: Road, gate: Gate) -> None:
        await refuses_connections(road)
        gate.opened.set()

    async with gated(tmp_path, sim, monkeypatch, 20.0) as (road, gate):
        calling = asyncio.ensure_future(sent(road, CHAT))
        await gate.reached.wait()
        opening = asyncio.ensure_future(open_when_stopping(road, gate))

    assert await calling == 200
    await opening
    (row,) = rows(road.ledger_url)
    assert (row.state, row.status, row.cost.nano, row.cost.source) == ("done", 200, COST, Source.COMPUTED)


async def test_a_call_that_comes_while_the_proxy_stops_is_told_to_try_again(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a connection that stood before; in the provider's shape."""
    answers = []
    ready = asyncio.Event()

    async def ask_when_stopping(road: Road, gate: Gate) -> None:
        async with await road.raw(CHAT.host) as raw:
            ready.set()
            await refuses_connections(road)
            await raw.send(CHAT.http1())
            answers.append(await raw.response())
        gate.opened.set()

    async with gated(tmp_path, sim, monkeypatch, 20.0) as (road, gate):
        calling = asyncio.ensure_future(sent(road, CHAT))
        await gate.reached.wait()
        asking = asyncio.ensure_future(ask_when_stopping(road, gate))
        await ready.wait()
    await asking

    assert await calling == 200
    (answer,) = answers
    assert answer.status == 503
    assert "stopping" in refusal(CHAT, answer.body)[1]
    assert answer.header("retry-after") == "1"
    assert len(sim.seen) == 1
    assert [row.status for row in rows(road.ledger_url) if row.cost.nano] == [200]


async def test_a_call_that_does_not_end_is_charged_at_its_estimate(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Stopping takes no longer than it may, and says what it cut off."""
    sim.scenario = Scenario(usage=USAGE, cut=Cut(how="hang", after_events=6))
    loop = asyncio.get_running_loop()

    async with running_road(tmp_path, sim, drain_seconds=0.2) as road:
        raw = await road.raw(CLAUDE.host)
        await raw.send(CLAUDE.streamed().http1())
        await raw.receive_until(lambda data: b"content_block_delta" in data)
        stopping = loop.time()
    took = loop.time() - stopping
    answer = await raw.response()
    raw.close()

    assert 0.2 <= took < 10
    assert not answer.whole
    assert "1 calls were still running; they are charged at their estimate" in caplog.text
    (row,) = rows(road.ledger_url)
    assert (row.state, row.cost.source) == ("done", Source.ESTIMATED)
    assert row.cost.nano > 0
    assert [ended.id for ended in road.ended] == [row.id]


async def test_nothing_of_a_proxy_is_left(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """No task, and no thread but the loop's own."""
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
    async with running_road(tmp_path, sim) as road:
        assert await sent(road, CHAT) == 200

    left = {one.name for one in set(threading.enumerate()) - threads}
    assert not {name for name in left if not name.startswith("asyncio_")}
    assert {task for task in asyncio.all_tasks() - tasks if "tests/simulator" not in repr(task)} == set()


async def test_a_host_that_the_authority_does_not_cover_is_named(
    tmp_path: Path, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The authority was made before the host was added."""
    async with running(setup(tmp_path)):
        pass
    assert "certificate authority" not in caplog.text

    with caplog.at_level(logging.WARNING):
        async with running(setup(tmp_path, policy=OFFICE)):
            pass

    assert "does not permit vllm.office.example:" in caplog.text
    assert "tollway ca init --force" in caplog.text
    assert "api.openai.com" not in caplog.text


async def test_an_authority_that_ends_soon_is_warned_of(
    tmp_path: Path, home: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the log of each start, while there is time to let clients trust the next one."""
    async with running(setup(tmp_path)) as proxy:
        ends = proxy.authority.ends()
    monkeypatch.setattr(clock, "now", lambda: (ends - timedelta(days=20)).timestamp())

    async with running(setup(tmp_path)):
        pass

    assert "ends in 20 days" in caplog.text


async def test_an_authority_made_with_the_policy_covers_its_hosts(
    tmp_path: Path, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(setup(tmp_path, policy=OFFICE)) as proxy:
        assert proxy.authority.covers("vllm.office.example")

    assert "does not permit" not in caplog.text


async def test_an_authority_that_cannot_be_read_ends_the_start(tmp_path: Path, home: Path) -> None:
    """By its file's name, and without a word of the key."""
    folder = paths.data_dir() / "ca"
    folder.mkdir(parents=True, mode=0o700)
    path = store.secret_path(folder)
    path.write_text("this is no key")
    path.chmod(0o600)

    with pytest.raises(TollwayError) as refused:
        async with running(setup(tmp_path)):
            pass
    assert str(path) in str(refused.value)
    assert "this is no key" not in str(refused.value)


async def test_a_start_that_fails_closes_the_ledger(tmp_path: Path, home: Path) -> None:
    """A port in use; nothing of the ledger's stays."""
    threads = set(threading.enumerate())
    async with running(setup(tmp_path)) as proxy:
        with pytest.raises(TollwayError, match="another program has the port"):
            async with running(setup(tmp_path, port=proxy.port)):
                pass
        ledgers = [one.name for one in set(threading.enumerate()) - threads if one.name[:8] != "asyncio_"]
        assert len(ledgers) <= 1
    assert not [one for one in set(threading.enumerate()) - threads if one.name[:8] != "asyncio_"]


async def test_a_ledger_that_cannot_be_opened_ends_the_start(tmp_path: Path, home: Path) -> None:
    with pytest.raises(TollwayError, match="nosuch"):
        async with running(setup(tmp_path, ledger="nosuch:place")):
            pass


async def test_the_tags_of_a_proxy_are_on_its_calls(tmp_path: Path, home: Path, sim: Simulator) -> None:
    async with running_road(tmp_path, sim, tags={"project": "tour"}) as road:
        await sent(road, CHAT)

    assert [row.tags for row in rows(road.ledger_url)] == [{"project": "tour"}]


@pytest.mark.parametrize(
    ("host", "url"), [("127.0.0.1", "http://127.0.0.1:8080"), ("::1", "http://[::1]:8080")]
)
def test_what_a_proxy_variable_is_set_to(host: str, url: str) -> None:
    nothing: Any = None

    assert Proxy([(host, 8080)], nothing, nothing, nothing, nothing, nothing).url == url
