"""Alerts over the whole road: calls through real proxies, and a webhook that is a real server.

At its end a proxy sends what is on its way: what a webhook has got by then is all that it gets.
"""

import asyncio
import logging
import re
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Scenario, Simulator, Usage
from tests.tollway.hook import Hook
from tests.tollway.limited import ASK, ask, limit
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tests.tollway.test_reloading import said
from tollway import proxy
from tollway.errors import TollwayError
from tollway.observe import webhook
from tollway.rows import VIOLATED

ALERTS = "alerts: {webhook: env:ALERT_URL}\n"
FEW = limit("10 requests", alerts=["10%", "30%"])

Roads = Callable[[str], AbstractAsyncContextManager[Road]]


@pytest.fixture
def roads(tmp_path: Path, home: Path, sim: Simulator, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Roads:
    """Makes proxies of a policy, which share a ledger and the webhook."""
    monkeypatch.setenv("ALERT_URL", hook.url)

    @asynccontextmanager
    async def made(policy: str) -> AsyncIterator[Road]:
        async with running_road(tmp_path, sim, policy="version: 1\n" + ALERTS + policy) as road:
            yield road

    return made


async def statuses(road: Road, calls: int) -> list[int]:
    """Of so many calls, one after the other, each settled before the next."""
    async with road.client() as client:
        found = []
        for _ in range(calls):
            found.append((await ask(client)).status_code)
            await road.rows()
    return found


async def test_a_level_is_one_post(roads: Roads, hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    """And a line in the log, in the same words."""
    async with roads(FEW) as road:
        assert await statuses(road, 2) == [200, 200]

    ((path, document),) = hook.got
    assert path == "/hook/s3cret"
    assert re.fullmatch(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", document.pop("at"))
    assert document == {
        "text": "Tollway: the limit day has reached 10%: 1 requests of 10 requests",
        "kind": "level",
        "level": 10,
        "limit": "day",
        "bucket": {},
        "settled": 1,
        "held": 0,
        "amount": 10,
        "unit": "requests",
        "from": None,
        "until": None,
    }
    assert document["text"].removeprefix("Tollway: ") in caplog.messages
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("window", ["day", "rolling 24h"])
async def test_what_one_process_told_no_other_tells(roads: Roads, hook: Hook, window: str) -> None:
    """Two at once, and one that starts later."""
    policy = limit("10 requests", alerts=["10%", "30%"], window=window)
    async with roads(policy) as one, roads(policy) as two:
        for road in (one, two):
            await statuses(road, 1)
    async with roads(policy) as road:
        await statuses(road, 2)

    assert [said["level"] for _, said in hook.got] == [10, 30]


async def test_a_shadow_limit_reports_its_levels(roads: Roads, hook: Hook) -> None:
    """It refuses nothing, so there is no refusal to tell."""
    async with roads(limit("1 requests", enforce="shadow", alerts=["100%", "200%"])) as road:
        assert await statuses(road, 2) == [200, 200]

    assert [said["level"] for _, said in hook.got] == [100, 200]


@pytest.mark.parametrize("enforce", ["hard", "soft"])
@pytest.mark.parametrize("window", ["day", "rolling 24h"])
async def test_the_first_refusal_is_told_once_over_all_processes(
    roads: Roads, hook: Hook, window: str, enforce: str
) -> None:
    policy = limit("1 requests", window=window, enforce=enforce)
    async with roads(policy) as one, roads(policy) as two:
        assert await statuses(one, 1) == [200]
        for road in (one, two):
            assert await statuses(road, 2) == [429, 429]

    ((_, document),) = hook.got
    assert (document["kind"], document["limit"], document["settled"]) == ("refused_first", "day", 1)
    assert document["text"] == "Tollway: the limit day has refused a call: 1 requests of 1 requests"


async def test_the_first_call_of_all_may_be_the_one_that_is_refused(roads: Roads, hook: Hook) -> None:
    """Nothing was ever held in its bucket."""
    async with roads(limit("0.01 USD")) as road:
        assert await statuses(road, 1) == [429]

    ((_, document),) = hook.got
    assert document["text"] == "Tollway: the limit day has refused a call: 0 USD of 0.01 USD"


async def test_a_violation_is_charged_flagged_told_and_quarantined(roads: Roads, hook: Hook) -> None:
    """Once for its kind of calls: the second process does not know of it yet, and has another."""
    async with roads(limit("10 USD")) as one, roads(limit("10 USD")) as two:
        one.sim.scenario = Scenario(usage=Usage(input_tokens=1_000_000, output_tokens=0))
        for road in (one, two):
            assert await statuses(road, 1) == [200]
            (row,) = road.ended
            assert (row.cost.nano, VIOLATED in row.cost.flags) == (2_500_000_000, True)
            async with road.client() as client:
                refused = await ask(client)

    ((_, document),) = hook.got
    assert refused.status_code == 400
    assert document["alert"] in refused.json()["error"]["message"]
    assert (document["kind"], document["call"], document["cost_usd"], document["bound_usd"]) == (
        "bound_violated",
        one.ended[0].id,
        "2.5",
        "0.025993",
    )


async def test_a_policy_without_a_webhook_tells_the_log(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    async with running_road(tmp_path, sim, policy="version: 1\n" + FEW) as road:
        await statuses(road, 1)

    assert "the limit day has reached 10%: 1 requests of 10 requests" in caplog.messages


@pytest.fixture(params=["hangs", "fails", "is not there"])
def broken(
    request: pytest.FixtureRequest, roads: Roads, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hook]:
    """A webhook that takes nothing, and is not asked again."""
    monkeypatch.setattr(webhook, "PAUSES", (1000.0,))
    with socket.socket() as closed:
        match request.param:
            case "hangs":
                hook.answers.clear()
            case "fails":
                hook.status = 500
            case _:
                closed.bind(("127.0.0.1", 0))  # taken, and not listened on
                monkeypatch.setenv("ALERT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/")
        yield hook


async def test_a_webhook_that_takes_nothing_is_in_nobodys_way(
    roads: Roads, broken: Hook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Calls go on while an alert waits; the end comes when it has waited long enough, here not at all."""
    monkeypatch.setattr(proxy, "ALERT_SECONDS", 0.0)
    async with roads(FEW) as road:
        assert await statuses(road, 4) == [200] * 4

    assert "2 alerts did not reach the webhook before the end" in caplog.messages
    assert len(broken.got) <= 1


async def test_what_failed_for_a_moment_arrives(
    roads: Roads, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "PAUSES", (0.0,) * 1000)
    hook.status = 503
    async with roads(FEW) as road:
        await statuses(road, 1)
        await asyncio.to_thread(hook.wait_for, 3)
        hook.status = 200

    assert hook.got[0] == hook.got[-1]


@pytest.mark.parametrize("value", [None, "", "hooks.example/s3cret"])
async def test_a_proxy_does_not_start_without_the_address_that_its_policy_names(
    roads: Roads, tmp_path: Path, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who relies on alerts is not to find out by their absence. Nothing is made before."""
    monkeypatch.setenv("ALERT_URL", value) if value is not None else monkeypatch.delenv("ALERT_URL")

    with pytest.raises(
        TollwayError, match=r"^alerts\.webhook: .*the environment variable ALERT_URL"
    ) as raised:
        async with roads(FEW):
            pass

    assert raised.value.status == 2
    assert "s3cret" not in str(raised.value)
    assert not (tmp_path / "ledger.db").exists()


class Reloaded:
    """A proxy whose policy file is written anew."""

    def __init__(self, road: Road, file: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.road = road
        self._file = file
        self._caplog = caplog

    async def say(self, policy: str) -> None:
        """Write a policy, and wait until it is in force."""
        self._file.write_text("version: 1\n" + policy)
        self._caplog.clear()
        assert self.road.proxy.reloading is not None
        self.road.proxy.reloading.ask()
        await said(self._caplog, f"the policy {self._file} is in force")

    async def call(self, calls: int = 1) -> None:
        """Make calls."""
        assert await statuses(self.road, calls) == [200] * calls


@asynccontextmanager
async def reloaded(
    tmp_path: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Reloaded]:
    """One, without limits at first."""
    caplog.set_level(logging.INFO)
    file = tmp_path / "policy.yaml"
    file.write_text("version: 1\n")
    async with running_road(tmp_path, sim, policy_file=file) as road:
        yield Reloaded(road, file, caplog)


# Ten levels of one call each.
TEN = limit("10 requests", alerts=[f"{n}0%" for n in range(1, 11)])


async def test_a_policy_that_is_read_again_leads_alerts_elsewhere(
    tmp_path: Path,
    home: Path,
    sim: Simulator,
    hook: Hook,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """From nowhere to an address, to another, and to nowhere. One that is not there holds up nothing else."""
    monkeypatch.setenv("ALERT_URL", hook.url)
    monkeypatch.setenv("OTHER_URL", hook.url + "/other")
    async with reloaded(tmp_path, sim, caplog) as made:
        for number, said_to in enumerate(["", ALERTS, "alerts: {webhook: env:OTHER_URL}\n"]):
            await made.say(TEN + said_to)
            await made.call()
            await asyncio.to_thread(hook.wait_for, number)
        await made.say(TEN.replace("10 requests", "5 requests") + "alerts: {webhook: env:NO_SUCH_URL}\n")
        assert (
            "alerts.webhook: the environment variable NO_SUCH_URL has no URL: set it, or remove the webhook;"
            " alerts go where they went"
        ) in caplog.messages
        await made.call()
        await asyncio.to_thread(hook.wait_for, 7)
        await made.say(TEN)
        await made.call()

    found: list[tuple[str, Any]] = [(path, said["level"]) for path, said in hook.got]
    assert found[:2] == [("/hook/s3cret", 20), ("/hook/s3cret/other", 30)]
    assert found[2:] == [("/hook/s3cret/other", level) for level in (40, 50, 60, 70, 80)]


async def test_asked_for_a_call_it_is_answered_before_the_webhook(roads: Roads, hook: Hook) -> None:
    """The alert goes out beside it: here the webhook answers only after the call was answered."""
    hook.answers.clear()
    async with roads(limit("1 requests")) as road, road.client() as client:
        answers = [(await client.post(ASK.url, content=ASK.content)).status_code for _ in range(2)]
        await asyncio.to_thread(hook.wait_for, 1)
        hook.answers.set()

    assert answers == [200, 429]
    assert hook.kinds == ["refused_first"]
