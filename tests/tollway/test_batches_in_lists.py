"""A list of batches says of each how it stands, as the batch itself does."""

import json

import pytest

from tests.simulator import Scenario
from tests.tollway.identified import Roads
from tests.tollway.test_batches import ANTHROPIC, GEMINI, HARD, KEY, ONE, OPENAI, begin, chat, fetch, standing
from tests.tollway.test_batches_and_rules import MISTRAL, WHOLE, hand_in

LISTS = {
    "anthropic": f"{ANTHROPIC}/messages/batches",
    "gemini": f"{GEMINI}/v1beta/batches",
    "mistral": f"{MISTRAL}/batch/jobs",
}


async def test_a_list_settles_what_ended(roads: Roads) -> None:
    """And only that: another batch goes on."""
    async with roads(HARD) as road, road.client() as client:
        await begin(client, chat(), chat())
        await client.get(f"{OPENAI}/batches", headers=KEY)
        settled, held = await standing(road)
        assert settled == 0 < held
        road.sim.batches.finish()
        await begin(client, chat())

        found = (await client.get(f"{OPENAI}/batches?limit=20", headers=KEY)).json()

        assert [one["status"] for one in found["data"]] == ["completed", "in_progress"]
        settled, left = await standing(road)
        assert settled == 2 * ONE
        assert 0 < left < held


async def test_a_list_says_where_results_are(roads: Roads) -> None:
    async with roads(HARD) as road, road.client() as client:
        id = await begin(client, chat(), chat())
        road.sim.batches.reports_usage = False
        road.sim.batches.finish(failed=1)
        await client.get(f"{OPENAI}/batches", headers=KEY)
        assert (await standing(road))[0] == 0

        await fetch(client, id)
        assert await standing(road, 2) == (ONE, 0)


@pytest.mark.parametrize("name", WHOLE)
async def test_lists_of_other_providers_are_read(roads: Roads, name: str) -> None:
    """Nothing was answered, so nothing costs."""
    async with roads(HARD) as road, road.client() as client:
        await hand_in(client, name)
        settled, held = await standing(road)
        assert settled == 0 < held
        road.sim.batches.finish(failed=1)

        answer = await client.get(LISTS[name], headers=KEY)

        assert answer.status_code == 200
        assert await standing(road) == (0, 0)


@pytest.mark.parametrize("said", [[], {"data": 3}, {"data": [3, None, {}]}, {"data": [{"id": 7}]}])
async def test_what_is_no_list_changes_nothing(roads: Roads, said: object) -> None:
    async with roads(HARD) as road, road.client() as client:
        await begin(client, chat())
        before = await standing(road)
        road.sim.on("api.openai.com", "/v1/batches", Scenario(body=json.dumps(said).encode()))

        answer = await client.get(f"{OPENAI}/batches", headers=KEY)

        assert answer.json() == said
        assert await standing(road) == before
