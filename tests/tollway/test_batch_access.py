"""Access rules are about the models of a batch's requests: a client, the proxy, the simulator."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.tollway.calls import CLAUDE, TALK
from tests.tollway.identified import Roads
from tests.tollway.test_batches import (
    ANTHROPIC,
    GEMINI,
    HARD,
    KEY,
    OPENAI,
    PARTS,
    batch_of,
    begin,
    chat,
    create,
    lines,
    standing,
    upload,
)

DENY = (
    "access: [{name: frontier, deny: {model: [gpt-4o, claude-sonnet-4-5, gemini-2.5-pro, mistral-large*]}}]\n"
)
SMALL = "access: [{allow: {model: gpt-4o-mini}}, {default: deny}]\n"
ALLOW = "faults: {batch: allow}\n"
MINI = chat(model="gpt-4o-mini")


@pytest.mark.parametrize("faults", ["", ALLOW], ids=["refuse", "allow"])
async def test_a_batch_with_a_model_that_is_denied_is_refused_and_named(roads: Roads, faults: str) -> None:
    """Though others of its models are admitted, and nothing of it leaves but its file."""
    async with roads(DENY + faults) as road, road.client() as client:
        answer = await create(client, await upload(client, lines(MINI, chat())))

        assert answer.status_code == 403
        assert "the access rule frontier denies gpt-4o at openai (batch)" in answer.text
        assert road.sim.batches.made == {}
        row = await batch_of(road)
        assert (row.state, row.error, row.cost.nano) == ("done", "access_denied", 0)


@pytest.mark.parametrize("rules", [DENY, SMALL], ids=["deny", "allow"])
async def test_one_whose_models_are_all_admitted_is_made(roads: Roads, rules: str) -> None:
    """Whatever `faults` say of batches: nothing about it is unknown."""
    async with roads(rules) as road, road.client() as client:
        await begin(client, MINI, MINI)

        assert (await batch_of(road)).state == "open"


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (f"{ANTHROPIC}/messages/batches", {"requests": [{"custom_id": "a", "params": CLAUDE.body}]}),
        (
            f"{GEMINI}/v1beta/models/gemini-2.5-pro:batchGenerateContent",
            {"batch": {"inputConfig": {"requests": {"requests": [{"request": PARTS}]}}}},
        ),
        (
            "https://api.mistral.ai/v1/batch/jobs",
            {
                "model": "mistral-large-latest",
                "endpoint": "/v1/chat/completions",
                "requests": [{"custom_id": "a", "body": {"model": "mistral-small-latest", "messages": TALK}}],
            },
        ),
        (
            f"{ANTHROPIC}/messages/batches",
            {
                "requests": [{"custom_id": "a", "params": {**CLAUDE.body, "model": "claude-haiku-4-5"}}] * 2
                + [
                    {
                        "custom_id": "b",
                        "params": {
                            **CLAUDE.body,
                            "model": "claude-haiku-4-5",
                            "tools": [{"type": "advisor_1", "name": "advisor", "model": "claude-sonnet-4-5"}],
                        },
                    }
                ]
            },
        ),
    ],
    ids=["anthropic", "gemini", "mistral", "tool"],
)
async def test_requests_in_the_batch_are_judged_too(roads: Roads, url: str, body: Mapping[str, Any]) -> None:
    async with roads(DENY + ALLOW) as road, road.client() as client:
        answer = await client.post(url, headers=KEY, json=body)

        assert answer.status_code == 403
        assert "the access rule frontier denies" in answer.text
        assert road.sim.seen == []


async def test_one_of_which_not_all_is_known_goes_as_the_policy_says_of_batches(roads: Roads) -> None:
    """As where its file did not pass here."""
    for faults, status in (("", 403), (ALLOW, 200)):
        async with roads(DENY + faults) as road, road.client() as client:
            road.sim.batches.files["file-9"] = lines(chat())
            answer = await create(client, "file-9")
            assert answer.status_code == status
            if status == 403:
                assert "the requests are in a file that did not pass here (faults: batch)" in answer.text


async def test_what_is_known_counts_though_the_rest_is_not(roads: Roads) -> None:
    odd = lines(chat()) + b"{no request}\n"
    async with roads(DENY + ALLOW) as road, road.client() as client:
        assert (await create(client, await upload(client, odd))).status_code == 403


async def test_one_that_is_refused_holds_nothing(roads: Roads) -> None:
    async with roads(DENY + HARD) as road, road.client() as client:
        assert (await create(client, await upload(client, lines(chat())))).status_code == 403
        await begin(client, MINI)

        assert (await standing(road))[1] > 0
        assert [row.limits for row in await road.rows() if row.error] == [()]


async def test_a_file_that_is_named_twice_is_not_known(roads: Roads) -> None:
    """Which of the two is run is for the provider to say."""
    async with roads(DENY) as road, road.client() as client:
        file = json.dumps(await upload(client, lines(MINI)))
        body = f'{{"input_file_id": {file}, "input_file_id": {file}}}'
        answer = await client.post(f"{OPENAI}/batches", headers=KEY, content=body)

        assert answer.status_code == 403
        assert "twice" in answer.text
