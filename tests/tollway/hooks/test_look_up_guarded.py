"""The cache and guardrails, over real sockets: what was taken out is not kept, and hits pass them, too."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.simulator import Scenario
from tests.tollway.calls import CHAT, Call
from tests.tollway.hooks.answered import CACHE, kept
from tests.tollway.hooks.test_share import STREAM, USAGE, ask
from tests.tollway.identified import Roads, proxy_jwt, token
from tests.tollway.issuers.provider import Provider
from tests.tollway.texts import kept as texts
from tollway import clock
from tollway.cache.file import beside
from tollway.cache.sqlite import SqliteAnswers
from tollway.guardrails.placeholder import placeholders

SECRET = Call(CHAT.host, CHAT.path, {**CHAT.body, "messages": [{"role": "user", "content": "a bluebird"}]})
REDACTED = """
cache: [{ttl: 1h}]
guardrails: [{name: names, words: [bluebird], do: redact, restore: true}]
"""


async def test_what_was_taken_out_of_a_request_is_in_nothing_that_is_kept(
    roads: Roads, tmp_path: Path
) -> None:
    """What is put back into an answer is each caller's own, and comes from its own request."""
    async with roads(REDACTED) as road, road.client() as client:
        await ask(client, SECRET)
        left = road.sim.seen[0].raw.decode()
        ((start, end),) = placeholders(left)
        road.sim.scenario = Scenario(text=f"Dear {left[start:end]}, ")
        other = Call(SECRET.host, SECRET.path, {**SECRET.body, "temperature": 0.5})
        said = [await ask(client, other)]
        await kept(road, 2)
        said.append(await ask(client, other))
        await road.calls(3)

    with closing(sqlite3.connect(beside(tmp_path / "ledger.db"))) as db:
        keys = [key for (key,) in db.execute("SELECT key FROM answers")]
    with closing(SqliteAnswers(beside(tmp_path / "ledger.db"), 2**20)) as store:
        found: Any = [store.find(key, clock.now_us()) for key in keys]
    assert [answer.headers["x-tollway-cache"] for answer in said] == ["miss", "hit"]
    assert said[0].content == said[1].content
    assert b"Dear bluebird" in said[1].content
    assert len(found) == len(road.sim.seen) == 2
    assert not any(b"bluebird" in one.body for one in found)


@pytest.mark.parametrize("call", [CHAT, STREAM], ids=["json", "stream"])
async def test_a_hit_passes_the_guardrails_of_its_own_caller(
    roads: Roads, provider: Provider, call: Call
) -> None:
    """Who pays first is not looked through; who gets the same answer is."""
    policy = proxy_jwt(
        provider,
        """cache: [{ttl: 1h, scope: company}]
guardrails: [{name: names, match: {user: bob@example.com}, words: [bluebird], in: response, do: redact}]
""",
    )
    said = {}
    async with roads(policy) as road:
        road.sim.scenario = Scenario(texts=("a ", "blue", "bird ", "sings"), usage=USAGE)
        for name in ("ann", "bob", "ann"):
            async with road.client(token=token(provider, email=f"{name}@example.com")) as client:
                said[name] = await ask(client, call)
                await kept(road, 1)
        rows = await road.calls(3)

    assert b"REDACTED" not in said["ann"].content
    assert b"REDACTED" in said["bob"].content
    assert b"bird" not in said["bob"].content
    assert [row.cache for row in rows] == ["miss", "hit", "hit"]
    assert [bool(row.findings) for row in rows] == [False, True, False]


async def test_what_guardrails_refuse_is_not_looked_for(roads: Roads) -> None:
    block = 'guardrails: [{name: names, words: [bluebird], do: block, match: {tag.strict: "yes"}}]'
    async with roads(CACHE + block) as road, road.client() as client:
        await ask(client, SECRET)
        await kept(road, 1)
        refused = await ask(client, SECRET, **{"x-tollway-tags": "strict=yes"})

    assert refused.status_code == 400
    assert "x-tollway-cache" not in refused.headers


async def test_texts_of_hits_are_kept_and_shown_as_those_of_other_calls(roads: Roads) -> None:
    """Where the policy keeps texts: what was asked, and what was given."""
    async with roads(CACHE + "record: [{keep: 1d}]") as road, road.client() as client:
        first = await ask(client, STREAM)
        await kept(road, 1)
        again = await ask(client, STREAM)
        _, hit = await road.calls(2)
        found = await texts.kept(road, hit.id, "request", "response")

    assert {part: text.body for part, text in found.items()} == {
        "request": STREAM.content,
        "response": again.content,
    }
    assert first.content == again.content
