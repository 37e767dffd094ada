"""What a batch says is looked through as it is handed in, in whatever way; and it stays where it is."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.tollway.calls import CLAUDE
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
    fetch,
    lines,
    show,
    upload,
)  # fmt: skip

BIRD = [{"role": "user", "content": "bluebird"}]
GUARD = "guardrails: [{{name: codenames, words: [bluebird], in: request, do: {}}}]\n"
MISTRAL = "https://api.mistral.ai/v1"
SUNG = {**PARTS, "contents": [{"parts": [{"text": "bluebird"}]}]}
FORM: dict[str, Any] = {"data": {"purpose": "batch"}}


def of_gemini(request: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "batch": {"inputConfig": {"requests": {"requests": [{"request": request, "metadata": {"key": "r"}}]}}}
    }


def of_anthropic(request: Mapping[str, Any]) -> dict[str, Any]:
    return {"requests": [{"custom_id": "r", "params": request}]}


def of_mistral(**request: Any) -> dict[str, Any]:
    job = {"model": "mistral-large-latest", "endpoint": "/v1/chat/completions"}
    return {**job, "requests": [{"custom_id": "r", "body": request}]}


HANDED_IN: dict[str, tuple[str, dict[str, Any]]] = {
    "openai-file": (f"{OPENAI}/files", {"files": {"file": ("in.jsonl", lines(chat(messages=BIRD)))}, **FORM}),
    "anthropic": (f"{ANTHROPIC}/messages/batches", {"json": of_anthropic({**CLAUDE.body, "messages": BIRD})}),
    "gemini": (f"{GEMINI}/v1beta/models/gemini-2.5-pro:batchGenerateContent", {"json": of_gemini(SUNG)}),
    "gemini-file": (
        f"{GEMINI}/upload/v1beta/files?upload_id=1",
        {
            "content": 2 * (json.dumps({"key": "r", "request": SUNG}).encode() + b"\n"),
            "headers": {"x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0"},
        },
    ),
    "mistral": (f"{MISTRAL}/batch/jobs", {"json": of_mistral(messages=BIRD, max_tokens=9)}),
    "mistral-file": (
        f"{MISTRAL}/files",
        {"files": {"file": ("in.jsonl", lines(chat(messages=BIRD)))}, **FORM},
    ),
}


WHOLE = {
    "anthropic": "claude-sonnet-4-5", "gemini": "gemini-2.5-pro", "mistral": "mistral-large-latest",
}  # fmt: skip
"""Those that have their requests in the call, and the models that these ask."""
CHEAP = """faults: {batch: allow}
routes: {cheap: [{from: "*", to: openai/gpt-4o-mini}]}
always: [{match: {}, route: cheap}]
"""


async def hand_in(client: httpx.AsyncClient, name: str) -> httpx.Response:
    url, said = HANDED_IN[name]
    return await client.post(url, **{**said, "headers": {**KEY, **said.get("headers", {})}})


@pytest.mark.parametrize("name", HANDED_IN)
@pytest.mark.parametrize("do", ["block", "redact", "flag"])
async def test_what_is_handed_in_is_looked_through(roads: Roads, name: str, do: str) -> None:
    """The call has things taken out of it; files are not changed, so that blocks them."""
    leaves = do == "flag" or (do == "redact" and "json" in HANDED_IN[name][1])
    async with roads(GUARD.format(do)) as road, road.client() as client:
        answer = await hand_in(client, name)
        (row,) = await road.rows()

        assert answer.status_code == (200 if leaves else 400)
        assert [b"bluebird" in seen.raw for seen in road.sim.seen] == ([do == "flag"] if leaves else [])
        assert {found.by for found in row.findings} == {"codenames"}


@pytest.mark.parametrize("name", WHOLE)
async def test_a_batch_stays_where_it_is(roads: Roads, name: str) -> None:
    """Whatever routes say; and where the one that a limit has would make room, it is refused."""
    for amount, fits in (("1 USD", True), ("0.00001 USD", False)):
        limit = f"{{name: day, amount: {amount}, window: day, then: [{{route: cheap}}, block]}}"
        async with roads(f"limits: [{limit}]\n" + CHEAP) as road, road.client() as client:
            before = len(road.sim.seen)
            answer = await hand_in(client, name)
            rows = await road.rows()

            assert (answer.status_code == 200) is fits
            sent = [seen.raw for seen in road.sim.seen[before:]]
            assert sent == ([answer.request.content] if fits else [])
            assert (rows[-1].model, rows[-1].error) == (WHOLE[name], None if fits else "over_limit")


async def test_openais_stays_where_its_file_is(roads: Roads) -> None:
    async with roads(HARD + CHEAP.replace("faults: {batch: allow}\n", "")) as road, road.client() as client:
        answer = await create(client, await upload(client, lines(chat())))

        assert answer.status_code == 200
        assert road.sim.seen[-1].raw == answer.request.content
        assert (await batch_of(road)).model == "gpt-4o"


async def test_their_results_are_not_looked_through(roads: Roads) -> None:
    """They pass as they are, whatever guardrails on answers say."""
    guard = 'guardrails: [{name: all, patterns: ["[a-z]+"], in: response, do: block}]\n'
    async with roads(guard) as road, road.client() as client:
        id = await begin(client, chat())
        road.sim.batches.finish()
        await show(client, id)

        assert await fetch(client, id) == road.sim.batches.files[f"{id}-out"]
