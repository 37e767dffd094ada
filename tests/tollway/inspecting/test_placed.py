"""`tollway.inspecting.placed`: the chain in its place, inside somebody else's mitmproxy."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest
from mitmproxy import exceptions
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from tests.simulator import Simulator
from tests.tollway.calls import CHAT
from tests.tollway.inspecting.mitm import kept, limited, mitm
from tollway.inspecting.placed import Placed


class Raising:
    """A user's addon that has a mistake."""

    def __init__(self) -> None:
        self.seen = 0

    def request(self, flow: HTTPFlow) -> None:
        """mitmproxy's hook."""
        self.seen += 1
        raise ValueError("a mistake")


class Script:
    """What mitmproxy makes of several `-s`: their addons hang under one of its own."""

    def __init__(self, *addons: object) -> None:
        self.addons = addons


async def test_an_addon_that_raises_takes_no_call_out_of_sight(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """Neither an addon of the user's own script, nor one that a second script brings."""
    limited(home)
    raising = Raising()
    async with mitm(tmp_path, sim, Script(raising, Placed())) as found:
        answers = [await found.client.post(CHAT.url, json=CHAT.body) for _ in range(2)]

    assert raising.seen == 2
    assert [answer.status_code for answer in answers] == [200, 429]
    assert len(sim.seen) == 1


async def test_a_step_that_raises_lets_nothing_leave(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Deny-by-default stands by itself: here a step before it can't do its work."""
    async with mitm(tmp_path, sim, Placed()) as found:
        await found.client.post(CHAT.url, json=CHAT.body)
        found.master.addons.get("tollway.record").request = Raising().request
        answer = await found.client.post(CHAT.url, json=CHAT.body)

    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "tollway_failed"
    assert len(sim.seen) == 1


async def test_it_says_what_a_script_can_not_have(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """In mitmproxy's event log, once it is in its place."""
    async with mitm(tmp_path, sim, Placed()) as found:
        await found.client.post(CHAT.url, json=CHAT.body)

    assert "`tollway inspect` is the same with Tollway's" in caplog.text
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_options_that_hide_calls_stay_as_they_are(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """mitmproxy takes the change back, and says why."""
    async with mitm(tmp_path, sim, Placed()) as found:
        await found.client.post(CHAT.url, json=CHAT.body)
        with pytest.raises(
            exceptions.OptionsError, match="ignore_hosts stays as it is: calls would pass unseen"
        ):
            found.master.options.update(ignore_hosts=["openai"])
        assert found.master.options.ignore_hosts == []
        found.master.options.update(anticache=True)


@pytest.mark.parametrize(
    ("policy", "settings", "why"),
    [
        ("version: 2\n", {}, "version"),
        ("version: 1\n", {"stream_large_bodies": "1m"}, "bodies would leave before they are metered"),
    ],
)
async def test_where_it_can_not_be_placed_nothing_passes(
    tmp_path: Path,
    home: Path,
    sim: Simulator,
    caplog: pytest.LogCaptureFixture,
    policy: str,
    settings: dict[str, Any],
    why: str,
) -> None:
    """A policy with mistakes, an option that hides calls. (mitmproxy's own tools end at once then.)"""
    home.mkdir()
    (home / "policy.yaml").write_text(policy)
    async with mitm(tmp_path, sim, Placed(), **settings) as found:
        with pytest.raises(httpx.TransportError):
            await found.client.post(CHAT.url, json=CHAT.body)

    assert sim.seen == []
    assert why in caplog.text


class Namesake:
    """An addon that has the name of one of ours: mitmproxy takes no two."""

    name = "tollway.record"


async def test_where_its_own_code_fails_nothing_passes_either(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Half of the steps are there by then: a replayed call is refused, a client turned away."""
    async with mitm(tmp_path, sim, Namesake(), Placed()) as found:
        with pytest.raises(httpx.TransportError):
            await found.client.post(CHAT.url, json=CHAT.body)
        flow = tflow.tflow()
        flow.request.host, flow.request.port = CHAT.host, 443
        await found.master.addons.get("tollway").requestheaders(flow)

    assert sim.seen == []
    assert flow.response is not None
    assert flow.response.status_code == 503
    assert "lets nothing through: its own code failed" in caplog.text
    assert "Tollway could not be put in its place: AddonManagerError" in caplog.text


async def test_without_a_call_the_ledger_is_empty(tmp_path: Path, sim: Simulator, home: Path) -> None:
    """It ends as it began."""
    async with mitm(tmp_path, sim, Placed()):
        await asyncio.sleep(0)

    assert kept() == ([], [])
