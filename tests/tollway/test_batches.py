"""Batches over the whole road: a client, the proxy, the simulator.

gpt-4o costs 1,250 and 5,000 nano-dollars a token in batches, half of what it does else. The simulator's
answers have 20 tokens of input and 12 of output.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator import Simulator
from tests.tollway.calls import CLAUDE, TALK
from tests.tollway.road import Road
from tests.tollway.road import road as running_road
from tollway import clock
from tollway.ledger.open import open_books
from tollway.model import CallRecord

OPENAI, ANTHROPIC = "https://api.openai.com/v1", "https://api.anthropic.com/v1"
KEY = {"authorization": "Bearer made-up-key"}
ONE = 20 * 1250 + 12 * 5000
"""What an answer costs."""
HARD = 'limits: [{name: day, amount: 1 USD, window: "rolling 24h", then: [block]}]\nfaults: {batch: allow}\n'
TIGHT = HARD.replace("1 USD", "0.001 USD")

Roads = Callable[[str], AbstractAsyncContextManager[Road]]


@pytest.fixture
def roads(tmp_path: Path, home: Path, sim: Simulator) -> Roads:
    """Makes proxies of a policy, which share a ledger."""

    @asynccontextmanager
    async def made(policy: str) -> AsyncIterator[Road]:
        async with running_road(tmp_path, sim, policy="version: 1\n" + policy) as road:
            yield road

    return made


def lines(*requests: Mapping[str, Any], url: str = "/v1/chat/completions") -> bytes:
    """A file of requests."""
    return b"".join(
        json.dumps({"custom_id": f"r{n}", "method": "POST", "url": url, "body": body}).encode() + b"\n"
        for n, body in enumerate(requests)
    )


def chat(**more: Any) -> dict[str, Any]:
    """A request, which is bounded."""
    return {"model": "gpt-4o", "max_tokens": 100, "messages": TALK, **more}


async def upload(client: httpx.AsyncClient, file: bytes) -> str:
    """Hand in a file; its id."""
    form: dict[str, Any] = {"files": {"file": ("in.jsonl", file)}, "data": {"purpose": "batch"}}
    answer = await client.post(f"{OPENAI}/files", headers=KEY, **form)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def create(client: httpx.AsyncClient, file: str) -> httpx.Response:
    """Make a batch of a file."""
    body = {"input_file_id": file, "endpoint": "/v1/chat/completions", "completion_window": "24h"}
    return await client.post(f"{OPENAI}/batches", headers=KEY, json=body)


async def begin(client: httpx.AsyncClient, *requests: Mapping[str, Any]) -> str:
    """Upload, and make the batch; its id."""
    answer = await create(client, await upload(client, lines(*requests)))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def show(client: httpx.AsyncClient, id: str) -> Mapping[str, Any]:
    """Ask how it stands."""
    answer = await client.get(f"{OPENAI}/batches/{id}", headers=KEY)
    found: Mapping[str, Any] = answer.json()
    return found


async def fetch(client: httpx.AsyncClient, id: str) -> bytes:
    """Fetch its results."""
    return (await client.get(f"{OPENAI}/files/{id}-out/content", headers=KEY)).content


async def standing(road: Road, ended: int = 0) -> tuple[int, int]:
    """What is settled and held in the one bucket, once so many calls have ended, or wait."""
    await road.calls(ended)
    await road.rows()
    books = open_books(road.ledger_url)
    try:
        (row,) = books.buckets(clock.now_us())
        return row.settled, row.held
    finally:
        books.close()


async def batch_of(road: Road) -> CallRecord:
    """The row of the one batch."""
    (row,) = [row for row in await road.rows() if row.operation == "batch"]
    return row


async def test_a_batch_is_held_at_the_bound_of_its_requests_and_settled_by_its_usage(roads: Roads) -> None:
    """Twice as many requests hold twice as much, at half the price of others."""
    async with roads(HARD) as road, road.client() as client:
        id = await begin(client, chat(), chat())
        row = await batch_of(road)
        assert (row.state, row.model, row.tier, row.limits) == ("open", "gpt-4o", "batch", ("day",))
        assert row.bound is not None
        assert 2 * 100 * 5000 < row.bound.nano < 2 * 100 * 10_000 + 2 * 2200 * 2_500
        assert await standing(road) == (0, row.bound.nano)

        assert (await show(client, id))["status"] == "in_progress"
        assert await standing(road) == (0, row.bound.nano)
        road.sim.batches.finish()
        await show(client, id)
        assert await standing(road) == (2 * ONE, 0)
        row = await batch_of(road)
        assert (row.state, row.cost.nano, row.usage.input_tokens) == ("done", 2 * ONE, 40)


async def test_its_results_settle_it_too_and_what_is_seen_again_counts_once(roads: Roads) -> None:
    async with roads(HARD) as road, road.client() as client:
        id = await begin(client, chat(), chat())
        road.sim.batches.reports_usage = False
        road.sim.batches.finish(failed=1)
        await show(client, id)
        assert (await standing(road))[0] == 0

        for _ in range(2):
            assert await fetch(client, id) == road.sim.batches.files[f"{id}-out"]
            assert await standing(road, 2) == (ONE, 0)
        road.sim.batches.reports_usage = True
        await show(client, id)
        assert await standing(road) == (ONE, 0)


async def test_it_outlives_the_proxy_that_made_it(roads: Roads) -> None:
    """Another one settles it; a third sees the same and counts nothing."""
    async with roads(HARD) as road, road.client() as client:
        id = await begin(client, chat())
        held = await standing(road)
    for _ in range(2):
        async with roads(HARD) as road, road.client() as client:
            if road.sim.batches.made[id].scenario is None:
                assert await standing(road) == held
                road.sim.batches.finish()
            await show(client, id)
            await fetch(client, id)
            assert await standing(road) == (ONE, 0)


async def test_one_that_does_not_fit_is_refused_before_it_is_made(roads: Roads) -> None:
    async with roads(TIGHT) as road, road.client() as client:
        answer = await create(client, await upload(client, lines(chat())))

        assert answer.status_code == 429
        assert road.sim.batches.made == {}
        assert await standing(road) == (0, 0)


async def test_where_no_limit_holds_it_its_row_waits_and_ends(roads: Roads) -> None:
    async with roads("") as road, road.client() as client:
        id = await begin(client, chat())
        row = await batch_of(road)
        assert (row.state, row.cost.flags, row.response_id) == ("open", ("awaited",), id)
        assert row.cost.nano > 0

        road.sim.batches.finish()
        await fetch(client, id)  # of which nobody knows yet whose it is
        await show(client, id)
        assert (await batch_of(road)).cost.flags == ("from_totals",)
        await fetch(client, id)
        await road.calls(3)
        row = await batch_of(road)
        assert (row.state, row.cost.nano, row.model_served, row.cost.flags) == ("done", ONE, "gpt-4o", ())


async def test_a_batch_of_a_file_that_did_not_pass_here_passes_unheld(roads: Roads) -> None:
    async with roads(HARD) as road, road.client() as client:
        road.sim.batches.files["file-9"] = lines(chat())
        id = (await create(client, "file-9")).json()["id"]
        assert await standing(road) == (0, 0)

        road.sim.batches.finish()
        await show(client, id)
        assert await standing(road) == (ONE, 0)


async def test_a_batch_that_is_not_taken_holds_nothing(roads: Roads) -> None:
    async with roads(HARD) as road, road.client() as client:
        file = await upload(client, lines(chat()))
        road.sim.batches.files.clear()
        assert (await create(client, file)).status_code == 400

        assert await standing(road) == (0, 0)
        assert (await batch_of(road)).state == "done"


async def test_anthropics_requests_stand_in_the_batch_itself(roads: Roads) -> None:
    """Its results alone say what it used."""
    body = {"requests": [{"custom_id": f"r{n}", "params": CLAUDE.body} for n in range(3)]}
    async with roads(HARD) as road, road.client() as client:
        answer = await client.post(f"{ANTHROPIC}/messages/batches", headers=KEY, json=body)
        id = answer.json()["id"]
        row = await batch_of(road)
        assert (row.state, row.model) == ("open", "claude-sonnet-4-5")
        assert row.bound is not None
        assert await standing(road) == (0, row.bound.nano)

        road.sim.batches.finish(failed=1)
        at = f"{ANTHROPIC}/messages/batches/{id}"
        assert (await client.get(at, headers=KEY)).json()["processing_status"] == "ended"
        assert await standing(road) == (0, row.bound.nano)
        for _ in range(2):
            await client.get(f"{at}/results", headers=KEY)
            await road.calls(2)
            row = await batch_of(road)
            assert (row.state, row.usage.output_tokens) == ("done", 24)
            assert await standing(road) == (row.cost.nano, 0)


async def test_a_batch_of_which_all_failed_costs_nothing(roads: Roads) -> None:
    body = {"requests": [{"custom_id": "r", "params": CLAUDE.body}]}
    async with roads(HARD) as road, road.client() as client:
        id = (await client.post(f"{ANTHROPIC}/messages/batches", headers=KEY, json=body)).json()["id"]
        road.sim.batches.finish(failed=1)
        await client.get(f"{ANTHROPIC}/messages/batches/{id}", headers=KEY)

        assert await standing(road) == (0, 0)
        assert (await batch_of(road)).state == "done"


GEMINI = "https://generativelanguage.googleapis.com"
PARTS = {"contents": [{"parts": [{"text": "hi"}]}], "generationConfig": {"maxOutputTokens": 50}}


@pytest.mark.parametrize("in_file", [True, False])
async def test_geminis_requests_stand_in_the_batch_or_in_a_file_that_names_no_model(
    roads: Roads, in_file: bool
) -> None:
    """And its results likewise. gemini-2.5-pro: 625 and 5,000 nano-dollars a token in batches."""
    async with roads(HARD) as road, road.client() as client:
        config: dict[str, Any] = {
            "requests": {"requests": [{"request": PARTS, "metadata": {"key": f"r{n}"}} for n in range(2)]}
        }
        if in_file:
            steps = {"x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0"}
            file = b"".join(json.dumps({"key": f"r{n}", "request": PARTS}).encode() + b"\n" for n in range(2))
            answer = await client.post(
                f"{GEMINI}/upload/v1beta/files?upload_id=1", headers=steps, content=file
            )
            config = {"fileName": answer.json()["file"]["name"]}
        path = "/v1beta/models/gemini-2.5-pro:batchGenerateContent"
        answer = await client.post(GEMINI + path, json={"batch": {"inputConfig": config}})
        name = answer.json()["name"]
        row = await batch_of(road)
        assert (row.state, row.model) == ("open", "gemini-2.5-pro")
        assert row.bound is not None
        assert row.bound.output_tokens == 100
        assert await standing(road) == (0, row.bound.nano)

        road.sim.batches.finish()
        for _ in range(2):
            shown = (await client.get(f"{GEMINI}/v1beta/{name}")).json()
            if in_file:
                at = f"{GEMINI}/download/v1beta/{shown['response']['responsesFile']}:download?alt=media"
                await client.get(at)
            assert await standing(road, 2) == (2 * (20 * 625 + 12 * 5000), 0)


@pytest.mark.parametrize("in_file", [True, False])
async def test_mistrals_requests_name_neither_path_nor_model(roads: Roads, in_file: bool) -> None:
    """mistral-large-latest: 250 and 750 nano-dollars a token in batches."""
    body = {"max_tokens": 50, "messages": TALK}
    at = "https://api.mistral.ai/v1"
    async with roads(HARD) as road, road.client() as client:
        job: dict[str, Any] = {"model": "mistral-large-latest", "endpoint": "/v1/chat/completions"}
        if in_file:
            file = b"".join(
                json.dumps({"custom_id": f"r{n}", "body": body}).encode() + b"\n" for n in range(2)
            )
            form: dict[str, Any] = {"files": {"file": ("in.jsonl", file)}, "data": {"purpose": "batch"}}
            answer = await client.post(f"{at}/files", headers=KEY, **form)
            job["input_files"] = [answer.json()["id"]]
        else:
            job["requests"] = [{"custom_id": f"r{n}", "body": body} for n in range(2)]
        id = (await client.post(f"{at}/batch/jobs", headers=KEY, json=job)).json()["id"]
        row = await batch_of(road)
        assert (row.state, row.model) == ("open", "mistral-large-latest")
        assert row.bound is not None
        assert row.bound.output_tokens == 100
        assert await standing(road) == (0, row.bound.nano)

        road.sim.batches.finish(failed=1)
        for _ in range(2):
            shown = (await client.get(f"{at}/batch/jobs/{id}", headers=KEY)).json()
            await client.get(f"{at}/files/{shown['output_file']}/content", headers=KEY)
            settled, held = await standing(road, 2)
            row = await batch_of(road)
            assert (row.state, row.usage.input_tokens, held) == ("done", 20, 0)
            assert settled == row.cost.nano > 0


async def test_a_batch_is_one_request_of_a_rate_and_no_tokens(roads: Roads) -> None:
    """And none at once, as soon as it was taken: it goes on for a day."""
    rates = """rates:
  - {name: few, allow: 2 requests / hour}
  - {name: tokens, allow: 10 tokens / minute}
  - {name: one, allow: 1 at once}
"""
    async with roads(rates) as road, road.client() as client:
        file = await upload(client, lines(chat()))
        answers = [await create(client, file) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_soft_limits_hold_what_it_is_likely_to_come_to(roads: Roads) -> None:
    soft = 'limits: [{name: day, amount: 1 USD, window: "rolling 24h", enforce: soft}]\n'
    async with roads(soft) as road, road.client() as client:
        id = await begin(client, chat())
        row = await batch_of(road)
        assert row.bound is None
        assert await standing(road) == (0, row.cost.nano)

        road.sim.batches.finish()
        await show(client, id)
        assert await standing(road) == (ONE, 0)


async def test_batches_are_refused_under_hard_limits_unless_they_are_allowed(roads: Roads) -> None:
    """Before anything of them leaves; their files pass."""
    async with roads(HARD.replace("allow", "refuse")) as road, road.client() as client:
        answer = await create(client, await upload(client, lines(chat())))

        assert answer.status_code == 403
        assert road.sim.batches.made == {}
