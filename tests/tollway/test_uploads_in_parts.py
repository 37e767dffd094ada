"""Files that are uploaded in OpenAI's parts: a client, the proxy, the simulator."""

import asyncio
import gzip
import secrets
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import openai
import pytest

from tests.simulator import Scenario
from tests.tollway.identified import Roads
from tests.tollway.road import Road
from tests.tollway.test_batches import (
    HARD,
    KEY,
    OPENAI,
    TIGHT,
    batch_of,
    chat,
    create,
    lines,
    standing,
    upload,
)
from tollway import clock
from tollway.batches.parts import UNSEEN
from tollway.batches.underway import LONGEST_US
from tollway.batches.weight import Weight, read

FILE = lines(*[chat(max_tokens=n, messages=[{"role": "user", "content": "bluebird"}]) for n in range(1, 21)])
PARTS = [FILE[at : at + 333] for at in range(0, len(FILE), 333)]
FORM = "multipart/form-data; boundary=edge"
DENY = "access: [{name: frontier, deny: {model: [o3*]}}]\n"


async def begin(client: httpx.AsyncClient, size: int = len(FILE), purpose: str = "batch") -> str:
    """Begin an upload; its id."""
    body = {"bytes": size, "filename": "in.jsonl", "mime_type": "application/jsonl", "purpose": purpose}
    answer = await client.post(f"{OPENAI}/uploads", headers=KEY, json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def part(client: httpx.AsyncClient, id: str, data: bytes) -> str:
    """Hand in a part; its id."""
    answer = await client.post(f"{OPENAI}/uploads/{id}/parts", headers=KEY, files={"data": ("part", data)})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def completed(client: httpx.AsyncClient, id: str, parts: list[str]) -> httpx.Response:
    """Say what it is made of."""
    return await client.post(f"{OPENAI}/uploads/{id}/complete", headers=KEY, json={"part_ids": parts})


async def complete(client: httpx.AsyncClient, id: str, parts: list[str]) -> str:
    """The same; the file's id."""
    answer = await completed(client, id, parts)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["file"]["id"])


async def in_parts(client: httpx.AsyncClient, parts: list[bytes]) -> str:
    """Hand in a file, part by part; its id."""
    id = await begin(client, sum(map(len, parts)))
    return await complete(client, id, [await part(client, id, one) for one in parts])


async def known(road: Road, file: str) -> Weight | None:
    """What is remembered of a file."""
    text = await road.proxy.ledger.noted(f"openai {file}")  # type: ignore[attr-defined]
    return None if text is None else read(text)


async def known_at_once(road: Road, client: httpx.AsyncClient, file: bytes = FILE) -> Weight:
    """The same of one that is uploaded in one piece."""
    found = await known(road, await upload(client, file))
    assert found is not None
    assert found.unbounded is None
    return found


@pytest.mark.parametrize("size", [97, 333, len(FILE)])
async def test_as_the_sdk_uploads_it(roads: Roads, size: int) -> None:
    """Its batch is held at what its lines come to, and nothing of what they say is in the ledger."""
    async with roads(HARD) as road, road.client() as client:
        trust: ssl.SSLContext = road.trust()
        http = httpx2.AsyncClient(proxy=road.proxy.url, verify=trust, timeout=60)
        async with openai.AsyncOpenAI(api_key=secrets.token_hex(8), http_client=http, max_retries=0) as sdk:
            found = await sdk.uploads.upload_file_chunked(
                file=FILE,
                filename="in.jsonl",
                bytes=len(FILE),
                mime_type="application/jsonl",
                purpose="batch",
                part_size=size,
            )
            assert found.file is not None
            await sdk.batches.create(
                input_file_id=found.file.id, endpoint="/v1/chat/completions", completion_window="24h"
            )

        assert await known(road, found.file.id) == await known_at_once(road, client)
        assert road.sim.batches.files[found.file.id] == FILE
        row = await batch_of(road)
        assert row.bound is not None
        assert (row.bound.output_tokens, row.model) == (sum(range(1, 21)), "gpt-4o")
        assert await standing(road) == (0, row.bound.nano)
        assert b"bluebird" not in Path(road.ledger_url.removeprefix("sqlite:")).read_bytes()


async def test_one_that_does_not_fit_is_refused_before_it_is_made(roads: Roads) -> None:
    async with roads(TIGHT) as road, road.client() as client:
        answer = await create(client, await in_parts(client, PARTS))

        assert answer.status_code == 429
        assert road.sim.batches.made == {}


async def test_parts_that_come_at_a_time_stand_in_the_order_that_is_said_in_the_end(roads: Roads) -> None:
    async with roads("") as road, road.client() as client:
        whole, id = await known_at_once(road, client), await begin(client)
        ids = await asyncio.gather(*[part(client, id, one) for one in reversed(PARTS)])

        assert await known(road, await complete(client, id, ids[::-1])) == whole


async def test_two_that_come_at_a_time_are_two(roads: Roads) -> None:
    other = lines(chat(max_tokens=7))
    async with roads("") as road, road.client() as client:
        whole, small = await known_at_once(road, client), await known_at_once(road, client, other)
        one, two = await begin(client), await begin(client, len(other))
        ids = [await part(client, one, PARTS[0]), await part(client, two, other)]
        rest = [await part(client, one, data) for data in PARTS[1:]]

        assert await known(road, await complete(client, two, ids[1:])) == small
        assert await known(road, await complete(client, one, [ids[0], *rest])) == whole


@pytest.mark.parametrize("faults", ["", "faults: {batch: allow}\n"], ids=["refuse", "allow"])
async def test_one_of_which_a_part_did_not_pass_here_bounds_nothing(roads: Roads, faults: str) -> None:
    """Access rules refuse it as one that nobody saw."""
    async with roads(DENY + faults) as road, road.client() as client, road.direct() as elsewhere:
        id = await begin(client)
        ids = [await part(client, id, one) for one in PARTS[1:]]
        file = await complete(client, id, [await part(elsewhere, id, PARTS[0]), *ids])

        found = await known(road, file)
        assert found is not None
        assert found.unbounded == UNSEEN
        assert (await create(client, file)).status_code == (200 if faults else 403)
        assert (await create(client, await in_parts(client, PARTS))).status_code == 200


async def test_under_a_hard_limit_it_passes_unheld_as_one_that_nobody_saw(roads: Roads) -> None:
    async with roads(HARD) as road, road.client() as client, road.direct() as elsewhere:
        id = await begin(elsewhere)
        ids = [await part(client, id, one) for one in PARTS]
        file = await complete(client, id, ids)

        assert await known(road, file) is None
        assert (await create(client, file)).status_code == 200
        assert (await batch_of(road)).bound is None


async def test_a_part_that_was_not_taken_is_none(roads: Roads) -> None:
    """Nor is one that broke off. Both are sent again."""
    async with roads("") as road, road.client() as client:
        whole, id = await known_at_once(road, client), await begin(client)

        async def broken() -> AsyncIterator[bytes]:
            yield b'--edge\r\nContent-Disposition: form-data; name="data"; filename="a"\r\n\r\n' + PARTS[0]
            await road.sim.wait_for(lambda seen: seen.path.endswith("/parts"))
            raise OSError("the network is gone")

        at = f"{OPENAI}/uploads/{id}/parts"
        with pytest.raises(OSError, match="network"):
            await client.post(at, headers={**KEY, "content-type": FORM}, content=broken())
        road.sim.on("*", "*/parts", Scenario(status=500), times=1)
        assert (await client.post(at, headers=KEY, files={"data": PARTS[0]})).status_code == 500

        ids = [await part(client, id, one) for one in PARTS]
        assert await known(road, await complete(client, id, ids)) == whole


async def test_parts_that_are_coded_are_read_as_what_they_are(roads: Roads) -> None:
    headers = {**KEY, "content-type": FORM, "content-encoding": "gzip"}
    head = b'--edge\r\nContent-Disposition: form-data; name="data"; filename="a"\r\n\r\n'
    async with roads("") as road, road.client() as client:
        whole, id, ids = await known_at_once(road, client), await begin(client), list[Any]()
        for one in PARTS:
            coded = gzip.compress(head + one + b"\r\n--edge--\r\n")
            answer = await client.post(f"{OPENAI}/uploads/{id}/parts", headers=headers, content=coded)
            ids.append(answer.json()["id"])

        assert await known(road, await complete(client, id, ids)) == whole


async def test_one_that_guardrails_look_through_is_read_too(roads: Roads) -> None:
    guards = 'guardrails: [{name: words, words: ["magpie"], in: request, do: block}]\n'
    async with roads(guards) as road, road.client() as client:
        assert await known(road, await in_parts(client, PARTS)) == await known_at_once(road, client)


async def test_one_that_is_completed_again_stays_known(roads: Roads) -> None:
    """Its provider refuses the second time, or the first."""
    async with roads("") as road, road.client() as client:
        whole, id = await known_at_once(road, client), await begin(client)
        ids = [await part(client, id, one) for one in PARTS]
        assert (await completed(client, id, ids[1:])).status_code == 400
        file = await complete(client, id, ids)
        assert (await completed(client, id, ids[1:])).status_code == 400

        assert await known(road, file) == whole


async def test_one_that_is_cancelled_or_for_something_else_is_not_known(roads: Roads) -> None:
    async with roads("") as road, road.client() as client:
        id = await begin(client)
        ids = [await part(client, id, one) for one in PARTS]
        cancelled = await client.post(f"{OPENAI}/uploads/{id}/cancel", headers=KEY)
        assert cancelled.json()["status"] == "cancelled"
        assert (await completed(client, id, ids)).status_code == 400

        id = await begin(client, purpose="fine-tune")
        ids = [await part(client, id, one) for one in PARTS]
        assert await known(road, await complete(client, id, ids)) is None


async def test_one_of_which_nothing_is_heard_for_more_than_an_hour_is_not_known(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, later = clock.now, [0.0]
    monkeypatch.setattr(clock, "now", lambda: now() + later[0])
    async with roads("") as road, road.client() as client:
        id = await begin(client)
        ids = [await part(client, id, one) for one in PARTS]
        later[0] = LONGEST_US / 1_000_000 + 1

        assert await known(road, await complete(client, id, ids)) is None
