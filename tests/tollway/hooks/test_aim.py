"""Where a socket is opened: as routes say that hold by its address, by who calls, and by when."""

import json
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.simulator import Scenario, Simulator, Usage
from tests.simulator_tests.talking import Talk
from tests.tollway.road import HOSTS, Road, road
from tests.tollway.spoken import create, opened
from tollway.model import CallRecord

EVERY = (*HOSTS, "api.x.ai", "acme.openai.azure.com")
REALTIME = "/v1/realtime?model=gpt-realtime"
MINI = "gpt-realtime-mini"
ROUTES = """version: 1
routes:
  less: [{from: gpt-realtime, to: openai/gpt-realtime-mini}]
  away: [{from: gpt-realtime, to: xai/grok-voice-latest}]
"""
ALWAYS = ROUTES + "always: [{%sroute: %s}]\n"
ASKED = ROUTES + "on_request: [{routes: [less]}]\n"
KEYS = "credentials: {xai: {inject: env:XAI_KEY}}\n"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XAI_KEY", "xai-made-up-key")


async def asked(running: Road, path: str = REALTIME, said: str = "", **more: Any) -> tuple[CallRecord, str]:
    """One call on a socket: its row, and what the answer to the upgrade says of a route."""
    async with opened(running, path, **more) as socket:
        assert socket.response is not None
        route = socket.response.headers.get("x-tollway-route", "")
        client = Talk(socket)
        await socket.send(said or json.dumps({"type": "response.create"}))
        await client.until(lambda event: event["type"] in ("response.done", "response.completed"))
    return await running.call(), route


async def led(tmp_path: Path, sim: Simulator, policy: str, **more: Any) -> tuple[CallRecord, str]:
    sim.scenario = Scenario(websocket=101, usage=Usage(input_tokens=100, output_tokens=50))
    async with road(tmp_path, sim, policy=policy, hosts=EVERY) as running:
        return await asked(running, **more)


async def test_a_route_names_another_model_in_the_address(tmp_path: Path, sim: Simulator) -> None:
    row, route = await led(tmp_path, sim, ALWAYS % ("", "less"), path=REALTIME + "&intent=x")

    (seen,) = sim.seen
    assert (seen.host, seen.target) == ("api.openai.com", f"/v1/realtime?model={MINI}&intent=x")
    assert seen.header("authorization") == "Bearer sk-spoken"
    assert route == f"openai/gpt-realtime -> openai/{MINI}"
    assert (row.model_asked, row.model, row.action) == ("gpt-realtime", MINI, "route less")


async def test_limits_are_those_of_the_model_that_serves(tmp_path: Path, sim: Simulator) -> None:
    limits = (
        f"limits: [{{name: small, match: {{model: {MINI}}}, amount: 1 USD, window: day}},"
        " {name: large, match: {model: gpt-realtime}, amount: 1 USD, window: day}]\n"
        "sockets: {slice: 0.25 USD}\n"
    )
    row, _ = await led(tmp_path, sim, ALWAYS % ("", "less") + limits)

    assert row.limits == ("small",)
    assert (row.model_asked, row.model, row.action) == ("gpt-realtime", MINI, "route less")


async def test_another_provider_gets_the_policy_s_key_and_nothing_of_the_caller_s(
    tmp_path: Path, sim: Simulator
) -> None:
    row, route = await led(
        tmp_path,
        sim,
        ALWAYS % ("", "away") + KEYS,
        additional_headers={"cookie": "a=secret-cookie", "openai-organization": "org-1"},
        subprotocols=["realtime", "openai-insecure-api-key.sk-spoken"],
    )

    (seen,) = sim.seen
    assert (seen.host, seen.target) == ("api.x.ai", "/v1/realtime?model=grok-voice-latest")
    assert seen.header("authorization") == "Bearer xai-made-up-key"
    assert seen.header("sec-websocket-protocol") == "realtime"
    assert not {"cookie", "openai-organization"} & {name.lower() for name, _ in seen.headers}
    assert "sk-spoken" not in str(seen.headers)
    assert route == "openai/gpt-realtime -> xai/grok-voice-latest"
    assert (row.provider, row.host, row.model) == ("xai", "api.x.ai", "grok-voice-latest")


async def test_without_a_key_it_stays_where_it_is(tmp_path: Path, sim: Simulator) -> None:
    row, route = await led(tmp_path, sim, ALWAYS % ("", "away"))

    assert (sim.seen[0].host, route) == ("api.openai.com", "")
    assert (row.model_asked, row.model) == ("gpt-realtime", "gpt-realtime")
    assert row.action == "route away skipped: xai/grok-voice-latest: no credential is known for xai"


async def test_a_caller_asks_for_a_route(tmp_path: Path, sim: Simulator) -> None:
    wish = {"additional_headers": {"x-tollway-route": "less"}}
    row, route = await led(tmp_path, sim, ASKED, **wish)

    assert route == f"openai/gpt-realtime -> openai/{MINI}"
    assert row.action == "route less on request"
    assert sim.seen[0].header("x-tollway-route") is None


async def test_a_route_that_is_not_the_caller_s_to_ask_for_opens_nothing(
    tmp_path: Path, sim: Simulator
) -> None:
    async with road(tmp_path, sim, policy=ASKED, hosts=EVERY) as running:
        with pytest.raises(InvalidStatus) as refused:
            await asked(running, additional_headers={"x-tollway-route": "away"})
        row = await running.call()

    assert refused.value.response.status_code == 400
    assert (row.error, row.cost.nano, sim.seen) == ("route_not_allowed", 0, [])


@pytest.mark.parametrize(
    ("match", "moves"),
    [("match: {operation: realtime}, ", True), ("match: {operation: chat}, ", False)],
)
async def test_only_what_is_matched_is_moved(tmp_path: Path, sim: Simulator, match: str, moves: bool) -> None:
    row, _ = await led(tmp_path, sim, ALWAYS % (match, "less"))

    assert (row.model == MINI) is moves


async def test_what_only_a_body_tells_is_not_known_when_a_socket_opens(
    tmp_path: Path, sim: Simulator
) -> None:
    policy = (ALWAYS % ("", "less")).replace("from: gpt-realtime, to: openai", "from: gpt-realtime, "
        "when: {size: under 4 KB}, to: openai")  # fmt: skip
    row, _ = await led(tmp_path, sim, policy)

    assert (row.model, row.action) == ("gpt-realtime", None)


async def test_a_model_that_only_a_message_names_is_not_routed(tmp_path: Path, sim: Simulator) -> None:
    """That of Responses: the socket was open before."""
    policy = 'version: 1\nroutes: {less: [{from: "*", to: openai/gpt-5-nano}]}\nalways: [{route: less}]\n'
    row, route = await led(tmp_path, sim, policy, path="/v1/responses", said=create())

    assert (row.model_asked, row.model, row.action, route) == ("gpt-5.2", "gpt-5.2", None, "")
