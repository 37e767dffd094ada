"""The simulator's batches, without a proxy."""

import json

import httpx
import pytest

from tests.simulator import Scenario, Simulator
from tests.tollway.calls import TALK


@pytest.fixture
def client(sim: Simulator) -> httpx.AsyncClient:
    """One that calls it in the clear."""
    return httpx.AsyncClient(base_url=f"http://{sim.address}:{sim.plain_port}")


async def test_a_batch_goes_on_until_it_is_finished(sim: Simulator, client: httpx.AsyncClient) -> None:
    body = {"model": "gpt-4o", "messages": TALK}
    line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": body}
    async with client:
        file = await client.post(
            "/v1/files", files={"file": ("x", json.dumps(line).encode())}, data={"purpose": "batch"}
        )
        made = (await client.post("/v1/batches", json={"input_file_id": file.json()["id"]})).json()
        assert (made["status"], made["output_file_id"]) == ("in_progress", None)

        sim.batches.finish()
        shown = (await client.get(f"/v1/batches/{made['id']}")).json()
        assert (shown["status"], shown["usage"]) == ("completed", {"input_tokens": 20, "output_tokens": 12})
        (result,) = (await client.get(f"/v1/files/{shown['output_file_id']}/content")).text.splitlines()
        said = json.loads(result)
        assert (said["custom_id"], said["response"]["body"]["model"]) == ("a", "gpt-4o")


async def test_what_is_not_there_or_no_request_is_an_error(sim: Simulator, client: httpx.AsyncClient) -> None:
    async with client:
        for path in ("/v1/batches/x", "/v1/files/x/content", "/v1/messages/batches/x/results"):
            assert (await client.get(path)).status_code == 404
        assert (await client.post("/v1/batches", json={"input_file_id": "x"})).status_code == 400
        assert (await client.post("/v1/messages/batches", json={})).status_code == 404


async def test_a_scenario_may_say_otherwise(sim: Simulator, client: httpx.AsyncClient) -> None:
    sim.scenario = Scenario(status=503)
    async with client:
        assert (await client.post("/v1/batches", json={})).status_code == 503
