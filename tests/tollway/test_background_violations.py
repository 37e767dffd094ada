"""Answers made in the background that come to more than their bound: a client, proxies, a webhook."""

import pytest

from tests.tollway.hook import Hook
from tests.tollway.identified import Roads
from tests.tollway.test_background import BODY, HARD, KEY, URL, USAGE, ask, asking, look, says
from tollway.rows import VIOLATED

ALERTS = "alerts: {webhook: env:ALERT_URL}\n" + HARD
MUCH = {"input_tokens": 100, "output_tokens": 5_000}


@pytest.mark.parametrize("elsewhere", [False, True], ids=["shown where it was asked for", "shown elsewhere"])
async def test_one_that_came_to_more_is_told_once_and_its_like_are_refused(
    roads: Roads, hook: Hook, monkeypatch: pytest.MonkeyPatch, elsewhere: bool
) -> None:
    """Answers that nobody has made in the background go on."""
    monkeypatch.setenv("ALERT_URL", hook.url)
    async with roads(ALERTS) as road, roads(ALERTS) as other, road.client() as client:
        says(road, "queued", times=1)
        await ask(client)
        says(road, "completed", MUCH, times=2)
        shows = other if elsewhere else road
        async with shows.client() as looking:
            for _ in range(2):
                await look(looking)
        row = await asking(shows)
        assert VIOLATED in row.cost.flags

    async with roads(ALERTS) as road, road.client() as client:
        says(road, "completed", USAGE)
        refused = await client.post(URL, headers=KEY, json=BODY)
        passed = await client.post(URL, headers=KEY, json={**BODY, "background": False})

    ((_, document),) = hook.got
    assert (document["kind"], document["call"]) == ("bound_violated", row.id)
    assert (document["model"], document["shape"]) == ("gpt-4o", "background")
    assert refused.status_code == 400
    assert document["alert"] in refused.json()["error"]["message"]
    assert passed.status_code == 200
