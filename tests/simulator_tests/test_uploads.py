"""The simulator's uploads in several steps, without a proxy."""

import base64
import hashlib
from typing import Any

import httpx
import pytest

from tests.simulator import Simulator

FILES = "/upload/v1beta/files"


@pytest.fixture
def client(sim: Simulator) -> httpx.AsyncClient:
    """One that calls it in the clear."""
    return httpx.AsyncClient(base_url=f"http://{sim.address}:{sim.plain_port}")


async def step(client: httpx.AsyncClient, id: str, command: str, **more: Any) -> httpx.Response:
    """A step of Google's."""
    headers = {"x-goog-upload-command": command, "x-goog-upload-offset": str(more.pop("offset", 0))}
    return await client.post(FILES, params={"upload_id": id}, headers=headers, **more)


async def start(client: httpx.AsyncClient) -> str:
    """Begin; its id."""
    answer = await client.post(FILES, headers={"x-goog-upload-command": "start"}, json={"file": {}})
    url = httpx.URL(answer.headers["x-goog-upload-url"])
    assert url.path == FILES
    return str(url.params["upload_id"])


async def test_googles_steps_make_a_file(sim: Simulator, client: httpx.AsyncClient) -> None:
    """Of bytes that come twice the first ones stay."""
    async with client:
        id = await start(client)
        assert (await step(client, id, "upload", content=b"abc")).headers["x-goog-upload-status"] == "active"
        assert (await step(client, id, "query")).headers["x-goog-upload-size-received"] == "3"
        assert (await step(client, id, "upload", offset=4, content=b"e")).status_code == 400
        last = await step(client, id, "upload, finalize", offset=1, content=b"xxd")

        file = last.json()["file"]
        assert sim.batches.files[file["name"].removeprefix("files/")] == b"abcd"
        assert (last.headers["x-goog-upload-status"], file["sizeBytes"]) == ("final", "4")
        assert base64.b64decode(file["sha256Hash"]).decode() == hashlib.sha256(b"abcd").hexdigest()


async def test_googles_may_be_cancelled_and_may_say_no_hash(
    sim: Simulator, client: httpx.AsyncClient
) -> None:
    sim.batches.uploads.says_hash = False
    async with client:
        id = await start(client)
        await step(client, id, "upload", content=b"abc")
        assert (await step(client, id, "cancel")).headers["x-goog-upload-status"] == "cancelled"
        assert (await step(client, id, "upload", offset=3, content=b"d")).status_code == 400
        await step(client, id, "upload", content=b"x")
        assert "sha256Hash" not in (await step(client, id, "finalize")).json()["file"]


async def begin(client: httpx.AsyncClient, size: int) -> str:
    """Begin one of OpenAI's; its id."""
    answer = await client.post("/v1/uploads", json={"purpose": "batch", "bytes": size})
    return str(answer.json()["id"])


async def test_openais_parts_make_a_file_in_the_order_that_is_said(
    sim: Simulator, client: httpx.AsyncClient
) -> None:
    async with client:
        id, ids = await begin(client, 4), []
        for data in (b"cd", b"ab"):
            made = (await client.post(f"/v1/uploads/{id}/parts", files={"data": ("x", data)})).json()
            assert made["upload_id"] == id
            ids.append(made["id"])
        at = f"/v1/uploads/{id}/complete"
        assert (await client.post(at, json={"part_ids": ids[:1]})).status_code == 400
        done = (await client.post(at, json={"part_ids": ids[::-1]})).json()

        assert (done["status"], done["file"]["purpose"], done["file"]["bytes"]) == ("completed", "batch", 4)
        assert sim.batches.files[done["file"]["id"]] == b"abcd"
        assert (await client.post(at, json={"part_ids": ids[::-1]})).status_code == 400


async def test_openais_may_be_cancelled(client: httpx.AsyncClient) -> None:
    async with client:
        id = await begin(client, 2)
        assert (await client.post(f"/v1/uploads/{id}/cancel")).json()["status"] == "cancelled"
        refused = await client.post(f"/v1/uploads/{id}/parts", files={"data": ("x", b"ab")})
        assert refused.status_code == 400
        assert (await client.post("/v1/uploads/upload_9/parts")).status_code == 404
