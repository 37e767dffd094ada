"""`addons/entry.py`: the chain inside mitmproxy's own tools."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Simulator
from tests.tollway.calls import CHAT
from tests.tollway.inspecting.mitm import kept, limited, mitm
from tollway.wire.over_limit import CODE

ENTRY = Path(__file__).parents[2] / "addons" / "entry.py"


def addon() -> Any:
    """What mitmproxy would load with `-s`."""
    spec = importlib.util.spec_from_file_location("entry", ENTRY)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (entry,) = module.addons
    return entry


async def test_a_call_through_mitmproxy_is_in_the_ledger(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """Metered, and tagged with its id; its flow says what it was."""
    async with mitm(tmp_path, sim, addon()) as found:
        answer = await found.client.post(CHAT.url, json=CHAT.body)
        (flow,) = found.flows

    assert answer.status_code == 200
    (call,), buckets = kept()
    assert (call.id, call.provider) == (answer.headers["x-tollway-call"], "openai")
    assert call.cost.nano > 0
    assert buckets == []
    assert flow.comment.startswith("python-httpx · openai/gpt-4o · ")
    assert flow.comment.endswith(" · passed")


async def test_a_limit_of_the_users_policy_holds_inside_mitmproxy(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """One call fits, and no second one."""
    limited(home)
    async with mitm(tmp_path, sim, addon()) as found:
        answers = [await found.client.post(CHAT.url, json=CHAT.body) for _ in range(2)]
        marks = [flow.marked for flow in found.flows]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert 'the limit "day" has 0 requests left' in answers[1].json()["error"]["message"]
    assert len(sim.seen) == 1
    assert marks == ["", ":no_entry:"]
    calls, (bucket,) = kept()
    assert [(call.error, call.limits, call.action) for call in calls] == [
        (None, ("day",), None),
        (CODE, ("day",), "block by day"),
    ]
    assert (bucket.bucket.limit, bucket.settled, bucket.held) == ("day", 1, 0)


async def test_a_script_that_is_saved_or_removed_changes_nothing(
    tmp_path: Path, home: Path, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    """The chain stays where it is: calls are metered once, before and after."""
    entry = addon()
    async with mitm(tmp_path, sim, entry) as found:
        await found.client.post(CHAT.url, json=CHAT.body)
        found.master.addons.remove(entry)
        again = addon()
        found.master.addons.add(again)
        found.master.addons.remove(again)
        answer = await found.client.post(CHAT.url, json=CHAT.body)

    assert "what has changed in the script waits for a restart" in caplog.text
    calls, _ = kept()
    assert len(calls) == 2
    assert calls[-1].id == answer.headers["x-tollway-call"]


async def test_mitmproxys_engine_answers_nothing_from_the_cache(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """It would ask the provider all the same, and nobody would be charged."""
    home.mkdir()
    (home / "policy.yaml").write_text("version: 1\ncache: [{ttl: 1h}]\n")
    async with mitm(tmp_path, sim, addon()) as found:
        answers = [await found.client.post(CHAT.url, json=CHAT.body) for _ in range(2)]

    calls, _ = kept()
    assert ["x-tollway-cache" in answer.headers for answer in answers] == [False, False]
    assert [(call.cache, call.cost.nano > 0) for call in calls] == [(None, True)] * 2
    assert len(sim.seen) == 2
