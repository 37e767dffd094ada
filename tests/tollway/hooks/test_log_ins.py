"""Calls that log-ins make, where the policy says that they are refused: nothing of them leaves."""

from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.simulator import Simulator
from tests.tollway.calls import CHAT, GEMINI, refusal
from tests.tollway.calls import CLAUDE as MESSAGES
from tests.tollway.road import HOSTS
from tests.tollway.road import road as running_road
from tests.tollway.spoken import answering, create, opened, talking, until
from tests.tollway.test_coding_agents import CLIENTS, COPILOT, EVERY
from tollway.model import Billing

REFUSE = "version: 1\nfaults: {subscriptions: refuse}\n"
EACH = {**CLIENTS, "copilot": COPILOT}
SHAPES = {"claude": MESSAGES, "gemini": GEMINI, "codex": CHAT, "copilot": CHAT}
CODEX = ("/backend-api/codex/responses", "chatgpt.com")


def said(name: str, content: bytes) -> str:
    """The message of an error that is of the agent's own provider's shape."""
    return refusal(SHAPES[name], content)[1]


@pytest.mark.parametrize("name", EACH)
async def test_a_log_ins_call_is_refused_in_its_providers_shape_and_its_body_stays_here(
    tmp_path: Path, home: Path, sim: Simulator, name: str
) -> None:
    """It says what to do, and no agent tries again; the row has the log-in's fingerprint."""
    client = EACH[name]
    async with running_road(tmp_path, sim, policy=REFUSE, hosts=EVERY) as road:
        answer = await client.ask(road)
        record = await road.call()

        assert answer.status_code == 403
        assert answer.headers["x-should-retry"] == "false"
        assert "use an API key" in said(name, answer.content)
        assert "who runs the proxy" in said(name, answer.content)
        assert (record.error, record.action, record.cost.nano) == ("log_in", "block", 0)
        assert record.credential is not None
        assert await road.rows() == [record]
    assert sim.seen == []


async def test_calls_with_a_key_go_on(tmp_path: Path, home: Path, sim: Simulator) -> None:
    key = {"x-api-key": "made-up"}
    async with running_road(tmp_path, sim, policy=REFUSE) as road, road.client() as client:
        answer = await client.post(MESSAGES.url, content=MESSAGES.content, headers=key)

        assert (answer.status_code, (await road.call()).billing) == (200, Billing.METERED)


async def test_what_is_free_passes_the_log_in_itself_among_it(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    async with running_road(tmp_path, sim, policy=REFUSE) as road, road.client() as client:
        await client.get("https://chatgpt.com/backend-api/accounts/check")
        await client.post("https://cloudcode-pa.googleapis.com/v1internal:loadCodeAssist", json={})

    assert len(sim.seen) == 2


async def test_what_nothing_reads_of_a_plans_host_is_refused_too(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """It may cost the plan."""
    async with running_road(tmp_path, sim, policy=REFUSE) as road, road.client() as client:
        answer = await client.post("https://chatgpt.com/backend-api/codex/alpha/search", json={"q": "x"})

        assert (answer.status_code, (await road.call()).operation) == (403, "search")
    assert sim.seen == []


@pytest.mark.parametrize("websocket", ["meter", "pass"])
async def test_a_log_ins_socket_does_not_open(tmp_path: Path, sim: Simulator, websocket: str) -> None:
    policy = f"version: 1\nfaults: {{subscriptions: refuse, websocket: {websocket}}}\n"
    path, host = CODEX
    async with talking(tmp_path, sim, answering, host=host, policy=policy) as running:
        with pytest.raises(InvalidStatus) as refused:
            async with opened(running, path, host):
                pass
        record = await running.call()

    assert refused.value.response.status_code == 403
    assert "use an API key" in said("codex", bytes(refused.value.response.body))
    assert (record.error, record.cost.nano) == ("log_in", 0)


async def test_a_keys_socket_opens(tmp_path: Path, sim: Simulator) -> None:
    async with talking(tmp_path, sim, answering, policy=REFUSE) as running, opened(running) as socket:
        await socket.send(create())
        await until(socket, "response.completed")

        assert (await running.call()).billing is Billing.METERED


async def test_else_they_pass(tmp_path: Path, home: Path, sim: Simulator) -> None:
    """As they do where the policy is silent."""
    policy = "version: 1\nfaults: {subscriptions: observe}\n"
    async with running_road(tmp_path, sim, policy=policy, hosts=HOSTS) as road:
        for client in CLIENTS.values():
            assert (await client.ask(road)).status_code == 200
