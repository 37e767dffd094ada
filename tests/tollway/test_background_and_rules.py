"""Answers that OpenAI makes in the background: looked through, and made where they were asked for."""

import json

import pytest

from tests.simulator import Scenario
from tests.tollway.identified import Roads
from tests.tollway.test_background import ANSWER, BODY, HARD, KEY, URL, USAGE, ask, asking, look, says

GUARD = "guardrails: [{{name: codenames, words: [bluebird], in: {}, do: {}}}]\n"
SAID = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a bluebird"}]}
CHEAP = """routes: {cheap: [{from: "*", to: openai/gpt-4o-mini}]}
always: [{match: {}, route: cheap}]
"""


@pytest.mark.parametrize("do", ["block", "redact", "flag"])
async def test_what_it_is_asked_is_looked_through(roads: Roads, do: str) -> None:
    """As of all requests."""
    async with roads(GUARD.format("request", do)) as road, road.client() as client:
        says(road, "queued")
        answer = await client.post(URL, headers=KEY, json={**BODY, "input": "a bluebird"})

        assert answer.status_code == (400 if do == "block" else 200)
        sent = [seen.raw for seen in road.sim.seen]
        assert [b"bluebird" in raw for raw in sent] == {"block": [], "redact": [False], "flag": [True]}[do]
        assert all(b'"background"' in raw for raw in sent)


@pytest.mark.parametrize("do", ["block", "redact", "flag"])
async def test_so_is_its_answer_where_it_is_shown(roads: Roads, do: str) -> None:
    async with roads(GUARD.format("response", do)) as road, road.client() as client:
        says(road, "queued", times=1)
        await ask(client)
        body = json.dumps({**ANSWER, "status": "completed", "usage": USAGE, "output": [SAID]}).encode()
        road.sim.on("api.openai.com", "/v1/responses*", Scenario(body=body))
        shown = await client.get(f"{URL}/resp_1", headers=KEY)

        assert ("bluebird" in shown.text) is (do == "flag")
        rows = {row.operation: row for row in await road.rows()}
        assert {found.by for found in rows["retrieve"].findings} == {"codenames"}


async def test_it_is_made_where_it_is_asked_for(roads: Roads) -> None:
    """Its client fetches it by its id, from its provider; the row says why no route moved it."""
    async with roads(HARD + CHEAP) as road, road.client() as client:
        says(road, "queued", times=1)
        await ask(client)
        row = await asking(road)
        says(road, "completed", USAGE)
        await look(client)

        assert json.loads(road.sim.seen[0].raw)["model"] == row.model == "gpt-4o"
        assert row.action is not None
        assert row.action.endswith("background: its answer is fetched later")
