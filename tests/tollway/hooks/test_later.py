"""Ends that come later than their calls."""

import gzip
from typing import Literal

import pytest

from tests.simulator import Cut, Scenario
from tests.tollway.identified import Roads
from tests.tollway.road import Road
from tests.tollway.test_batches import (
    GEMINI,
    HARD,
    KEY,
    ONE,
    OPENAI,
    batch_of,
    begin,
    chat,
    create,
    fetch,
    lines,
    show,
    standing,
    upload,
)
from tollway.hooks.later import LARGEST, Later, Pieces
from tollway.ledger.fault import LedgerError


async def finished(road: Road, client: object, number: int = 2) -> str:
    """A batch that has ended, of which only its results tell what it used; its id."""
    id = await begin(client, *[chat()] * number)  # type: ignore[arg-type]
    road.sim.batches.reports_usage = False
    road.sim.batches.finish()
    await show(client, id)  # type: ignore[arg-type]
    return id


async def test_results_that_are_coded_are_read(roads: Roads) -> None:
    async with roads(HARD) as road, road.client() as client:
        id = await finished(road, client)
        road.sim.scenario = Scenario(coding="gzip", slices=7)
        await fetch(client, id)

        assert await standing(road, 2) == (2 * ONE, 0)


async def test_results_that_break_off_settle_nothing(roads: Roads) -> None:
    """The next who fetches them does."""
    async with roads(HARD) as road, road.client() as client:
        id = await finished(road, client)
        held = await standing(road)
        body = road.sim.batches.files[f"{id}-out"]
        half = Scenario(body=body[: len(body) // 2 + 10], status=200)
        road.sim.on("*", "*/content", half, times=1)
        await fetch(client, id)
        assert await standing(road) == held

        await fetch(client, id)
        assert await standing(road, 2) == (2 * ONE, 0)


async def test_a_part_of_results_settles_nothing(roads: Roads) -> None:
    """What was asked for by its range."""
    async with roads(HARD) as road, road.client() as client:
        id = await finished(road, client)
        held = await standing(road)
        road.sim.on("*", "*/content", Scenario(headers=(("content-range", "bytes 0-99/200"),)), times=1)
        await fetch(client, id)

        assert await standing(road) == held


async def test_results_lost_on_the_way_settle_nothing(roads: Roads) -> None:
    async with roads(HARD) as road, road.client() as client:
        id = await finished(road, client)
        held = await standing(road)
        road.sim.on("*", "*/content", Scenario(slices=50, cut=Cut(how="reset", after_bytes=100)), times=1)
        with pytest.raises(Exception):  # noqa: B017, PT011  (of whatever the client's library has)
            await fetch(client, id)

        assert await standing(road) == held
        assert road.step(Later)._readings == {}


async def test_other_files_and_other_batches_pass(roads: Roads) -> None:
    """Nobody here waits for them."""
    async with roads("") as road, road.client() as client:
        road.sim.batches.files["file-7"] = lines(chat())
        answer = await client.get(f"{OPENAI}/files/file-7/content", headers=KEY)
        assert answer.content == lines(chat())
        assert (await client.get(f"{OPENAI}/batches/batch_7", headers=KEY)).status_code == 404
        assert await road.rows() == []


async def test_a_file_of_something_else_is_not_remembered(roads: Roads) -> None:
    async with roads("") as road, road.client() as client:
        file = await upload(client, b"no requests\n")

        assert await road.proxy.ledger.noted(f"openai {file}") is None  # type: ignore[attr-defined]


async def test_an_answer_that_is_no_batch_leaves_the_hold_charged(roads: Roads) -> None:
    """Somebody took it, and nobody knows under what id."""
    async with roads(HARD) as road, road.client() as client:
        file = await upload(client, lines(chat()))
        odd = Scenario(status=201, body=gzip.compress(b"{}"), headers=(("content-encoding", "gzip"),))
        road.sim.on("*", "*/batches", odd)
        assert (await create(client, file)).status_code == 201
        row = await batch_of(road)
        assert row.bound is not None
        assert (row.state, row.cost.nano, row.cost.flags) == ("done", row.bound.nano, ("charged_at_bound",))
        assert await standing(road) == (row.bound.nano, 0)


async def test_a_ledger_that_fails_does_not_keep_answers_back(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with roads(HARD) as road, road.client() as client:
        id = await finished(road, client)

        async def fails(*_: object) -> None:
            raise LedgerError("its disk is full")

        for verb in ("awaited", "noted", "note"):
            monkeypatch.setattr(road.proxy.ledger, verb, fails)
        assert (await show(client, id))["status"] == "completed"
        assert await fetch(client, id) == road.sim.batches.files[f"{id}-out"]
        assert (await create(client, await upload(client, lines(chat())))).status_code == 200


@pytest.mark.parametrize("framing", ["length", "chunked"])
async def test_a_batch_that_is_too_long_to_be_held_back_is_read_all_the_same(
    roads: Roads, framing: Literal["length", "chunked"]
) -> None:
    """One with its results in it. It is passed on as it comes."""
    path = "/v1beta/models/gemini-2.5-pro:batchGenerateContent"
    parts = {"contents": [{"parts": [{"text": "hi"}]}], "generationConfig": {"maxOutputTokens": 50}}
    requests = {"requests": [{"request": parts, "metadata": {"key": "a"}}]}
    async with roads(HARD) as road, road.client() as client:
        made = {"batch": {"inputConfig": {"requests": requests}}}
        name = (await client.post(GEMINI + path, json=made)).json()["name"]
        road.sim.batches.finish(Scenario(text="x" * 1_000_000))
        road.sim.scenario = Scenario(framing=framing)
        answer = await client.get(f"{GEMINI}/v1beta/{name}")

        assert len(answer.content) > 5_000_000
        assert await standing(road, 2) == (20 * 625 + 12 * 5000, 0)


def test_of_what_is_longer_than_anything_that_is_read_nothing_is_kept() -> None:
    pieces = Pieces()
    for _ in range(3):
        assert pieces.feed(bytes(LARGEST // 2)) == bytes(LARGEST // 2)

    assert pieces.whole() == b""
