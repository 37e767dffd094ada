"""What batches are made of, read as it passes."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.tollway.calls import CLAUDE
from tests.tollway.identified import Roads
from tests.tollway.road import Road
from tests.tollway.test_batches import ANTHROPIC, HARD, KEY, OPENAI, batch_of, chat, create, lines, upload
from tollway.batches.weight import Weight, read
from tollway.hooks.batch import finding
from tollway.model import Endpoint, Kind
from tollway.providers.load import load

FORM = "multipart/form-data; boundary=edge"


def form(file: bytes) -> bytes:
    """An upload."""
    return (
        b'--edge\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--edge\r\n'
        b'Content-Disposition: form-data; name="file"; filename="in.jsonl"\r\n\r\n'
        + file
        + b"\r\n--edge--\r\n"
    )


async def noted(road: Road, file: str) -> Weight | None:
    """What is remembered of a file."""
    text = await road.proxy.ledger.noted(f"openai {file}")  # type: ignore[attr-defined]
    return None if text is None else read(text)


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
async def test_an_upload_passes_byte_for_byte_while_it_is_read(road: Road, http2: bool) -> None:
    """Piece by piece, however long. Nothing of what it says is in the ledger."""
    body = form(lines(*[chat(messages=[{"role": "user", "content": "bluebird" * 50}])] * 500))

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 7_777):
            yield body[start : start + 7_777]

    async with road.client(http2) as client:
        headers = {**KEY, "content-type": FORM}
        answer = await client.post(f"{OPENAI}/files", headers=headers, content=pieces())

    (seen,) = road.sim.seen
    assert seen.raw == body
    found = await noted(road, answer.json()["id"])
    assert found is not None
    assert (found.requests, found.models, found.unbounded) == (500, ("gpt-4o",), None)
    assert await road.rows() == []
    assert b"bluebird" not in Path(road.ledger_url.removeprefix("sqlite:")).read_bytes()


async def test_one_that_is_coded_is_read_as_what_it_is(road: Road) -> None:
    body = gzip.compress(form(lines(chat())))
    headers = {**KEY, "content-type": FORM, "content-encoding": "gzip"}
    async with road.client() as client:
        answer = await client.post(f"{OPENAI}/files", headers=headers, content=body)

    found = await noted(road, answer.json()["id"])
    assert found is not None
    assert found.requests == 1


@pytest.mark.parametrize("coding", ["gzip", "odd"])
async def test_one_that_can_not_be_read_is_not_known(road: Road, coding: str) -> None:
    """It passes all the same."""
    headers = {**KEY, "content-type": FORM, "content-encoding": coding}
    async with road.client() as client:
        await client.post(f"{OPENAI}/files", headers=headers, content=b"no such coding")

    (seen,) = road.sim.seen
    assert seen.raw == b"no such coding"


async def test_one_that_guardrails_look_through_is_read_too(roads: Roads) -> None:
    guards = 'guardrails: [{name: words, words: ["magpie"], in: request, do: block}]\n'
    async with roads(guards) as road, road.client() as client:
        file = await upload(client, lines(chat()))
        found = await noted(road, file)

        assert found is not None
        assert found.requests == 1


async def test_a_batch_that_is_no_json_passes_and_is_known_for_that(roads: Roads) -> None:
    """The provider says so."""
    async with roads(HARD) as road, road.client() as client:
        road.sim.scenario = type(road.sim.scenario)(status=400)
        answer = await client.post(f"{OPENAI}/batches", headers=KEY, content=b"{no json")

        assert answer.status_code == 400
        row = await batch_of(road)
        assert (row.state, row.cost.nano, row.bound) == ("done", 0, None)


async def test_many_requests_are_weighed_beside_the_event_loop(roads: Roads) -> None:
    body = {"requests": [{"custom_id": f"r{n}", "params": CLAUDE.body} for n in range(60)]}
    async with roads(HARD) as road, road.client() as client:
        await client.post(f"{ANTHROPIC}/messages/batches", headers=KEY, json=body)
        row = await batch_of(road)

        assert row.bound is not None
        assert row.bound.output_tokens == 60 * 64


async def test_a_member_that_stands_twice_bounds_nothing(roads: Roads) -> None:
    body = b'{"requests": [], "requests": [{"custom_id": "a", "params": {"model": "claude-sonnet-4-5"}}]}'
    async with roads(HARD) as road, road.client() as client:
        await client.post(f"{ANTHROPIC}/messages/batches", headers=KEY, content=body)

        assert (await batch_of(road)).bound is None


async def test_a_file_whose_price_is_not_known_is_not_held(roads: Roads) -> None:
    async with roads(HARD) as road, road.client() as client:
        answer = await create(client, await upload(client, lines(chat(model="novel-1"))))

        assert answer.status_code == 200
        assert (await batch_of(road)).bound is None


def test_requests_go_to_paths_of_their_batchs_host() -> None:
    """Groq's stand under another prefix than OpenAI's, which they name all the same."""
    batch = Endpoint(kind=Kind.UNKNOWN, provider="groq", host="api.groq.com")
    find = finding(load(()), batch, 443, "/openai/v1/batches?x=1")

    for url in ("/v1/chat/completions", "/openai/v1/chat/completions"):
        found = find(url)
        assert found is not None
        assert (found.provider, found.dialect) == ("groq", "openai_chat")
    assert find("/v1/nothing") is None
    assert [find(f"/v1/n{n}") for n in range(60)] == [None] * 60
