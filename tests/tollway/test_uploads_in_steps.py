"""Files that come in Google's steps: a client, the proxy, the simulator.

gemini-2.5-pro: 625 and 5,000 nano-dollars a token in batches.
"""

import gzip
import json
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from google import genai
from google.genai import types

from tests.simulator import Scenario, Simulator
from tests.tollway.identified import Roads
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tests.tollway.test_batches import GEMINI, HARD, PARTS, TIGHT, batch_of, standing
from tollway import clock
from tollway.batches.steps import OTHER_BYTES
from tollway.batches.underway import LONGEST_US
from tollway.batches.weight import Weight, read

DENY = "access: [{name: frontier, deny: {model: [gemini-3*]}}]\n"
MADE = "/v1beta/models/gemini-2.5-pro:batchGenerateContent"


def file_of(number: int, text: str = "hi") -> bytes:
    """A file of so many requests."""
    request = {**PARTS, "contents": [{"parts": [{"text": text}]}]}
    return b"".join(json.dumps({"key": f"r{n}", "request": request}).encode() + b"\n" for n in range(number))


FILE = file_of(20)
THIRD = len(FILE) // 3


async def start(client: httpx.AsyncClient) -> str:
    """Begin an upload; where its steps go."""
    headers = {"x-goog-upload-protocol": "resumable", "x-goog-upload-command": "start"}
    answer = await client.post(f"{GEMINI}/upload/v1beta/files", headers=headers, json={"file": {}})
    return str(answer.headers["x-goog-upload-url"])


async def step(
    client: httpx.AsyncClient, url: str, command: str, offset: int = 0, data: Any = b"", **headers: str
) -> httpx.Response:
    """A step of it."""
    said = {"x-goog-upload-command": command, "x-goog-upload-offset": str(offset)}
    return await client.post(url, headers=said | headers, content=data)


async def finish(client: httpx.AsyncClient, url: str, offset: int, data: Any, **headers: str) -> str:
    """The last one; the file's name."""
    answer = await step(client, url, "upload, finalize", offset, data, **headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["file"]["name"])


async def in_steps(client: httpx.AsyncClient, file: bytes, size: int = THIRD) -> str:
    """Hand in a file; its name."""
    url, at = await start(client), 0
    while at + size < len(file):
        answer = await step(client, url, "upload", at, file[at : at + size])
        assert answer.headers["x-goog-upload-status"] == "active"
        at += size
    return await finish(client, url, at, file[at:])


async def make(client: httpx.AsyncClient, name: str) -> httpx.Response:
    """Make a batch of it."""
    return await client.post(GEMINI + MADE, json={"batch": {"inputConfig": {"fileName": name}}})


async def known(road: Road, name: str) -> Weight | None:
    """What is remembered of a file."""
    text = await road.proxy.ledger.noted(f"gemini {name}")  # type: ignore[attr-defined]
    return None if text is None else read(text)


async def known_at_once(road: Road, client: httpx.AsyncClient, file: bytes = FILE) -> Weight:
    """The same of one that comes in one step."""
    found = await known(road, await finish(client, await start(client), 0, file))
    assert found is not None
    assert found.unbounded is None
    return found


def id_of(url: str) -> str:
    return httpx.URL(url).params["upload_id"]


@pytest.mark.parametrize("size", [1000, THIRD, len(FILE) - 1])
async def test_its_batch_is_held_at_what_its_lines_come_to(roads: Roads, size: int) -> None:
    async with roads(HARD) as road, road.client() as client:
        name = await in_steps(client, FILE, size)
        assert await known(road, name) == await known_at_once(road, client)
        assert road.sim.batches.files[name.removeprefix("files/")] == FILE

        assert (await make(client, name)).status_code == 200
        row = await batch_of(road)
        assert row.bound is not None
        assert (row.bound.output_tokens, row.model) == (20 * 50, "gemini-2.5-pro")
        assert await standing(road) == (0, row.bound.nano)


async def test_one_that_does_not_fit_is_refused_before_it_is_made(roads: Roads) -> None:
    async with roads(TIGHT) as road, road.client() as client:
        answer = await make(client, await in_steps(client, FILE))

        assert answer.status_code == 402
        assert road.sim.batches.made == {}


async def test_as_the_sdk_uploads_it(home: Path, tmp_path: Path) -> None:
    """In steps of 8 MB."""
    file, path = file_of(90, "x" * 100_000), tmp_path / "in.jsonl"
    path.write_bytes(file)
    (tmp_path / "simulator").mkdir()
    policy = "version: 1\n" + HARD.replace("1 USD", "100 USD")
    async with (
        Simulator(tmp_path / "simulator", body_limit=16 << 20) as sim,
        running_road(tmp_path, sim, policy=policy) as road,
        road.client() as client,
    ):
        options = types.HttpOptions(httpx_async_client=client)
        sdk = genai.Client(api_key=secrets.token_hex(8), http_options=options)
        found = await sdk.aio.files.upload(file=path, config={"mime_type": "application/jsonl"})
        assert found.name is not None
        assert [seen.body.size for seen in sim.seen[1:]] == [8 << 20, len(file) - (8 << 20)]
        await sdk.aio.batches.create(model="gemini-2.5-pro", src=found.name)

        row = await batch_of(road)
        assert row.bound is not None
        assert row.bound.output_tokens == 90 * 50
        assert row.bound.input_tokens > 9_000_000
        assert await standing(road) == (0, row.bound.nano)


@pytest.mark.parametrize("took", [0, 100, THIRD])
async def test_a_step_that_breaks_off_is_gone_on_with_where_google_has_come_to(
    roads: Roads, took: int
) -> None:
    """It may have taken less than what passed."""
    async with roads("") as road, road.client() as client:
        whole = await known_at_once(road, client)
        url = await start(client)

        async def broken() -> AsyncIterator[bytes]:
            yield FILE[:THIRD]
            await road.sim.wait_for(lambda seen: seen.header("x-goog-upload-command") == "upload")
            raise OSError("the network is gone")

        with pytest.raises(OSError, match="network"):
            await step(client, url, "upload", 0, broken(), **{"content-length": str(2 * THIRD)})
        road.sim.batches.uploads.received[id_of(url)] = FILE[:took]
        asked = await step(client, url, "query")
        assert asked.headers["x-goog-upload-size-received"] == str(took)

        assert await known(road, await finish(client, url, took, FILE[took:])) == whole


@pytest.mark.parametrize("took", [False, True])
async def test_a_step_that_is_sent_again_counts_once(roads: Roads, took: bool) -> None:
    """As its answer was an error, or did not come: Google may have taken it."""
    async with roads("") as road, road.client() as client:
        whole = await known_at_once(road, client)
        url = await start(client)
        road.sim.on("*", "/upload/*", Scenario(status=503), times=1)
        assert (await step(client, url, "upload", 0, FILE[:THIRD])).status_code == 503
        if took:
            road.sim.batches.uploads.received[id_of(url)] = FILE[:THIRD]

        await step(client, url, "upload", 0, FILE[:THIRD])
        assert await known(road, await finish(client, url, THIRD, FILE[THIRD:])) == whole


@pytest.mark.parametrize("took", [False, True])
async def test_where_other_bytes_are_sent_again_nothing_is_bounded_that_google_does_not_have(
    roads: Roads, took: bool
) -> None:
    """Those that it has may come to more than those that were read."""
    less = file_of(1, "ho")
    async with roads(HARD) as road, road.client() as client:
        url = await start(client)
        road.sim.on("*", "/upload/*", Scenario(status=503), times=1)
        await step(client, url, "upload", 0, less)
        if took:
            road.sim.batches.uploads.received[id_of(url)] = less
        name = await finish(client, url, 0, FILE)

        found = await known(road, name)
        assert found is not None
        assert found.unbounded == (None if took else OTHER_BYTES)
        await make(client, name)
        assert ((await batch_of(road)).bound is not None) == took


async def test_two_that_come_at_a_time_are_two(roads: Roads) -> None:
    other = file_of(3, "ho")
    async with roads("") as road, road.client() as client:
        whole, small = await known_at_once(road, client), await known_at_once(road, client, other)
        one, two = await start(client), await start(client)
        await step(client, one, "upload", 0, FILE[:THIRD])
        await step(client, two, "upload", 0, other[:100])
        await step(client, one, "upload", THIRD, FILE[THIRD:])

        assert await known(road, await finish(client, two, 100, other[100:])) == small
        assert await known(road, await finish(client, one, len(FILE), b"")) == whole


async def test_steps_that_are_coded_are_read_as_what_they_are(roads: Roads) -> None:
    coded = {"content-encoding": "gzip"}
    async with roads("") as road, road.client() as client:
        whole, url = await known_at_once(road, client), await start(client)
        await step(client, url, "upload", 0, gzip.compress(FILE[:THIRD]), **coded)

        name = await finish(client, url, THIRD, gzip.compress(FILE[THIRD:]), **coded)
        assert await known(road, name) == whole


@pytest.mark.parametrize("faults", ["", "faults: {batch: allow}\n"], ids=["refuse", "allow"])
async def test_one_of_which_another_proxy_saw_a_step_is_not_known(roads: Roads, faults: str) -> None:
    """Of the same ledger: steps are kept by who sees them. Access rules refuse it as one that nobody saw."""
    policy = DENY + faults
    async with roads(policy) as road, road.client() as client, roads(policy) as two, two.client() as second:
        url = await start(client)
        await step(second, url, "upload", 0, FILE[:THIRD])
        await step(client, url, "upload", THIRD, FILE[THIRD : 2 * THIRD])
        name = await finish(second, url, 2 * THIRD, FILE[2 * THIRD :])

        assert await known(road, name) is None
        assert (await make(client, name)).status_code == (200 if faults else 403)
        assert (await make(client, await in_steps(client, FILE))).status_code == 200


async def ended(client: httpx.AsyncClient, url: str, time: Callable[[float], None]) -> None:
    """It is cancelled."""
    assert (await step(client, url, "cancel")).headers["x-goog-upload-status"] == "cancelled"


async def late(client: httpx.AsyncClient, url: str, time: Callable[[float], None]) -> None:
    """Nothing is heard of it for more than an hour."""
    time(LONGEST_US / 1_000_000 + 1)


@pytest.mark.parametrize("over", [ended, late])
async def test_one_that_is_over_is_not_gone_on_with(
    roads: Roads, over: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, later = clock.now, [0.0]
    monkeypatch.setattr(clock, "now", lambda: now() + later[0])
    async with roads("") as road, road.client() as client:
        url = await start(client)
        await step(client, url, "upload", 0, FILE[:THIRD])
        await over(client, url, lambda seconds: later.__setitem__(0, seconds))
        road.sim.batches.uploads.received[id_of(url)] = FILE[:THIRD]

        assert await known(road, await finish(client, url, THIRD, FILE[THIRD:])) is None
