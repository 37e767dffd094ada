"""Batches that come to more than their bound: a client, proxies, the simulator, a webhook."""

import pytest

from tests.simulator import Scenario, Usage
from tests.tollway.hook import Hook
from tests.tollway.identified import Roads
from tests.tollway.test_batches import (
    HARD,
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
from tollway.rows import VIOLATED

MUCH = Scenario(usage=Usage(input_tokens=100_000, output_tokens=0))
COST = 2 * 100_000 * 1250
"""What two such answers cost."""
ALERTS = "alerts: {webhook: env:ALERT_URL}\n" + HARD


@pytest.fixture(autouse=True)
def _led(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alerts go to the webhook."""
    monkeypatch.setenv("ALERT_URL", hook.url)


@pytest.mark.parametrize("by_object", [True, False], ids=["object", "results"])
async def test_one_that_came_to_more_is_charged_told_once_and_its_like_are_refused(
    roads: Roads, hook: Hook, by_object: bool
) -> None:
    """By whatever its end was seen; and until somebody accepts that. Other models' go on."""
    async with roads(ALERTS) as road, road.client() as client:
        id = await begin(client, chat(), chat())
        road.sim.batches.reports_usage = by_object
        road.sim.batches.finish(MUCH)
        for _ in range(2):
            await show(client, id)
            await fetch(client, id)
        assert await standing(road, 2) == (COST, 0)
        row = await batch_of(road)
        assert row.cost.nano == COST
        assert VIOLATED in row.cost.flags

        refused = await create(client, await upload(client, lines(chat())))
        assert refused.status_code == 400
        await begin(client, chat(model="gpt-4o-mini"))

    ((_, document),) = hook.got
    assert (document["kind"], document["call"], document["cost_usd"]) == ("bound_violated", row.id, "0.25")
    assert (document["model"], document["shape"]) == ("gpt-4o", "batch")
    assert document["alert"] in refused.json()["error"]["message"]

    accepted = ALERTS.replace("batch: allow", f"batch: allow, accept_bound: [{document['alert']}]")
    async with roads(ALERTS) as road, road.client() as client:
        refused = await create(client, await upload(client, lines(chat())))
        assert refused.status_code == 400
    async with roads(accepted) as road, road.client() as client:
        await begin(client, chat())


async def test_a_batch_of_several_models_is_refused_for_one_of_them(roads: Roads, hook: Hook) -> None:
    async with roads(ALERTS) as road, road.client() as client:
        await begin(client, chat(), chat())
        id = "batch_2"
        road.sim.batches.finish(MUCH)
        await show(client, id)
        both = lines(chat(model="gpt-4o-mini"), chat())
        assert (await create(client, await upload(client, both))).status_code == 400

    assert hook.kinds == ["bound_violated"]


async def test_of_one_of_several_models_nobody_knows_which_it_was(roads: Roads, hook: Hook) -> None:
    """Others of several are refused, and those of one go on."""
    both = lines(chat(model="gpt-4o-mini"), chat())
    async with roads(ALERTS) as road, road.client() as client:
        id = (await create(client, await upload(client, both))).json()["id"]
        road.sim.batches.finish(MUCH)
        await show(client, id)
        await fetch(client, id)
        assert (await create(client, await upload(client, both))).status_code == 400
        await begin(client, chat())

    ((_, document),) = hook.got
    assert "of openai (batch) cost more" in document["text"]
    assert document["model"] is None


async def test_where_no_hard_limit_holds_it_nothing_is_exceeded(roads: Roads, hook: Hook) -> None:
    async with roads("alerts: {webhook: env:ALERT_URL}\n") as road, road.client() as client:
        id = await begin(client, chat())
        road.sim.batches.finish(MUCH)
        await show(client, id)
        await begin(client, chat())

    assert hook.got == []
