"""Batches of which several proxies see something, at once or after one was killed."""

import asyncio
import json
import os
import signal
import ssl
from pathlib import Path

import httpx
import pytest

from tests.tollway.command import Office
from tests.tollway.identified import Roads
from tests.tollway.office import authority, office, providers
from tests.tollway.test_batches import (
    HARD,
    KEY,
    ONE,
    OPENAI,
    begin,
    chat,
    create,
    fetch,
    lines,
    show,
    standing,
    upload,
)
from tollway import clock
from tollway.ledger.open import open_books, open_ledger

__all__ = ["authority", "office", "providers"]


@pytest.mark.parametrize("reports_usage", [True, False])
async def test_two_that_see_the_same_at_once_count_it_once(roads: Roads, reports_usage: bool) -> None:
    async with roads(HARD) as one, roads(HARD) as two, one.client() as first, two.client() as second:
        id = await begin(first, chat(), chat())
        one.sim.batches.reports_usage = reports_usage
        one.sim.batches.finish()
        await asyncio.gather(*(show(client, id) for client in (first, second)))
        await asyncio.gather(*(fetch(client, id) for client in (first, second, first, second)))
        await two.calls(1)

        assert await standing(one, 2) == (2 * ONE, 0)


async def test_a_file_that_one_saw_bounds_the_batch_that_another_makes(roads: Roads) -> None:
    async with roads(HARD) as one, roads(HARD) as two, one.client() as first, two.client() as second:
        await create(second, await upload(first, lines(chat())))

        settled, held = await standing(two)
        assert settled == 0 < held


async def test_the_hold_of_a_proxy_that_was_killed_stays(office: Office, tmp_path: Path) -> None:
    """Until the batch's end is seen, or the time for it is over."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\n" + HARD)
    with office.start(
        "serve", "--listen", "127.0.0.1:0", "--format", "json", "--policy", str(policy)
    ) as process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        trust = ssl.create_default_context(cafile=facts["ca"])
        async with httpx.AsyncClient(proxy=facts["url"], verify=trust, timeout=120) as client:
            file = await upload(client, lines(chat()))
            body = {"input_file_id": file, "endpoint": "/v1/chat/completions", "completion_window": "24h"}
            made = (await client.post(f"{OPENAI}/batches", headers=KEY, json=body)).json()
        os.kill(facts["pid"], signal.SIGKILL)
    url = f"sqlite:{office.home / 'ledger.db'}"

    ledger = open_ledger(url)
    try:
        await ledger.reap(clock.now_us() + 47 * 3_600_000_000)
        row = await ledger.awaited(f"openai {made['id']}")
        assert row is not None
        assert row.bound is not None
        books = open_books(url)
        assert [(each.settled, each.held) for each in books.buckets(clock.now_us())] == [(0, row.bound.nano)]
        books.close()
        await ledger.reap(clock.now_us() + 49 * 3_600_000_000)
        lost = await ledger.awaited(f"openai {made['id']}")
        assert lost is not None
        assert (lost.state, lost.cost.nano) == ("lost", row.bound.nano)
    finally:
        ledger.close()
