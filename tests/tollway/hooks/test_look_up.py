"""The same call again, over real sockets: its answer comes from the first one, and costs nothing."""

import asyncio
from contextlib import suppress
from pathlib import Path

import anthropic
import httpx
import httpx2
import openai
import pytest

from tests.simulator import Cut, Scenario, Usage
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, GEMINI_SSE, RESPONSES, Call
from tests.tollway.hooks.answered import CACHE, answers, kept, land
from tests.tollway.hooks.test_share import KEY, LIMITED, STREAM, USAGE, ask, buckets, waiting
from tests.tollway.identified import Roads, proxy_jwt, token
from tests.tollway.issuers.provider import Provider
from tests.tollway.leftovers import nothing_stays
from tollway import clock
from tollway.cache.file import beside
from tollway.hooks.look_up import LookUp
from tollway.hooks.share import Share

OTHER = Call(CHAT.host, CHAT.path, {**LIMITED.body, "messages": [{"role": "user", "content": "no"}]})
STORED = Call(RESPONSES.host, RESPONSES.path, {**RESPONSES.body, "store": False})
EMBED = Call(CHAT.host, "/v1/embeddings", {"model": "text-embedding-3-small", "input": ["a", "b"]})
CALLS = {
    "chat": CHAT,
    "chat stream": STREAM,
    "claude": CLAUDE,
    "claude stream": CLAUDE.streamed(),
    "responses": STORED,
    "responses stream": STORED.streamed(),
    "gemini": GEMINI,
    "gemini stream": GEMINI_SSE,
    "embeddings": EMBED,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("http2", [False, True])
async def test_the_same_call_again_is_answered_without_its_provider(
    roads: Roads, call: Call, http2: bool
) -> None:
    async with roads(CACHE) as road:
        road.sim.scenario = Scenario(usage=USAGE)
        async with road.client(http2) as client:
            first = await ask(client, call)
            await kept(road, 1)
            again = await ask(client, call)
        asked, hit = await road.calls(2)
        await nothing_stays(road)

    assert len(road.sim.seen) == 1
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert [answer.headers["x-tollway-cache"] for answer in (first, again)] == ["miss", "hit"]
    assert (again.headers["x-tollway-cost"], again.headers["age"]) == ("0", "0")
    assert again.headers["x-tollway-call"] == hit.id
    assert "age" not in first.headers
    assert (asked.cache, hit.cache) == ("miss", "hit")
    assert hit.cost.nano == 0
    assert hit.saved_nano == asked.cost.nano > 0
    assert (hit.usage, hit.status, hit.error) == (asked.usage, 200, None)


async def test_an_answer_is_over_in_time(roads: Roads) -> None:
    """By the policy's ttl, or by the caller's, if that is less; its age is told."""
    asks_less = {"x-tollway-cache-ttl": "10m"}
    async with roads(CACHE) as road:
        now = [clock.now()]
        for step in (road.step(LookUp), road.step(Share)):
            step._clock = lambda: now[0]
        async with road.client() as client:
            said = [await ask(client, CHAT)]
            await kept(road, 1)
            for seconds, headers in ((599, asks_less), (3000, {}), (1, {}), (600, asks_less)):
                now[0] += seconds
                said.append(await ask(client, CHAT, **headers))
                await kept(road, 1)

    assert [answer.headers["x-tollway-cache"] for answer in said] == ["miss", "hit", "hit", "miss", "miss"]


async def test_no_header_of_a_provider_fails_a_call(roads: Roads) -> None:
    """One that is no text can't be kept; those who join get it as it came."""
    odd = "application/json; profile=\u00e4"
    async with roads(CACHE) as road:
        road.sim.scenario = Scenario(content_type=odd, gate="go")
        async with road.client() as client:
            asking = [asyncio.ensure_future(ask(client, CHAT)) for _ in range(2)]
            await waiting(road, 1)
            road.sim.open("go")
            said = await asyncio.gather(*asking)

    assert [answer.status_code for answer in said] == [200, 200]
    assert {dict(answer.headers.raw)[b"content-type"] for answer in said} == {odd.encode("latin-1")}


@pytest.mark.parametrize("headers", [{"x-tollway-skip-cache": "true"}, {"x-tollway-cache-ttl": "0"}], ids=str)
async def test_a_caller_may_have_nothing_to_do_with_the_cache(roads: Roads, headers: dict[str, str]) -> None:
    """Neither is its answer kept, nor does it get one."""
    async with roads(CACHE) as road, road.client() as client:
        first = await ask(client, CHAT, **headers)
        other = await ask(client, CHAT)
        await kept(road, 1)
        again = await ask(client, CHAT, **headers)
        rows = await road.calls(3)

    assert ["x-tollway-cache" in answer.headers for answer in (first, other, again)] == [False, True, False]
    assert [row.cache for row in rows] == [None, "miss", None]
    assert len(road.sim.seen) == 3


async def test_a_stream_does_not_answer_a_request_for_one_piece(roads: Roads) -> None:
    async with roads(CACHE) as road, road.client() as client:
        for call in (STREAM, CHAT, STREAM, CHAT):
            await ask(client, call)
            await kept(road, min(len(road.ended), 2))
        rows = await road.calls(4)

    assert [row.cache for row in rows] == ["miss", "miss", "hit", "hit"]


NOT_KEPT = {
    "an error": (STREAM, Scenario(status=500)),
    "half of one": (STREAM, Scenario(cut=Cut(how="reset", after_events=3))),
    "one that fails within": (STREAM, Scenario(finish="error")),
    "one that ends too early": (STREAM, Scenario(cut=Cut(how="end", after_events=3))),
    "half of a JSON": (CHAT, Scenario(cut=Cut(how="end", after_bytes=20), framing="chunked")),
    "one that is too large": (CHAT, Scenario(text="x" * 2000)),
}


@pytest.mark.parametrize("what", NOT_KEPT)
async def test_what_is_not_whole_and_well_is_not_kept(roads: Roads, what: str) -> None:
    call, scenario = NOT_KEPT[what]
    async with roads("cache: [{ttl: 1h, max_size: 8 KB}]") as road:
        road.sim.scenario = scenario
        async with road.client() as client:
            for _ in range(2):
                with suppress(httpx.RemoteProtocolError):
                    await ask(client, call)
        rows = await road.calls(2)
        await nothing_stays(road)
        assert answers(road) == 0

    assert [row.cache for row in rows] == ["miss", "miss"]
    assert len(road.sim.seen) == 2


async def test_an_abandoned_answer_that_was_read_to_its_end_is_kept(roads: Roads) -> None:
    """It was paid for."""
    async with roads(CACHE) as road:
        road.sim.scenario = Scenario(events=40, interval=0.01, usage=USAGE)
        call = Call(
            "api.mistral.ai", "/v1/chat/completions", {**STREAM.body, "model": "mistral-large-latest"}
        )
        async with road.client() as client:
            async with client.stream("POST", call.url, json=call.body, headers=KEY) as answer:
                await anext(answer.aiter_raw())
        await kept(road, 1)
        async with road.client() as client:
            again = await ask(client, call)
        rows = await road.calls(2)

    assert again.headers["x-tollway-cache"] == "hit"
    assert again.text.endswith("data: [DONE]\n\n")
    assert [row.error for row in rows] == ["abandoned", None]


async def test_scopes_never_share(roads: Roads, provider: Provider) -> None:
    """Two users ask the same, with the same key, in both orders; whatever a header says."""
    users = ("ann@example.com", "bob@example.com")
    async with roads(proxy_jwt(provider, CACHE)) as road:
        said = []
        for round in range(2):
            for user in users:
                async with road.client(token=token(provider, email=user)) as client:
                    said.append(await ask(client, CHAT, **{"x-tollway-cache-key": "ours"}))
                await kept(road, min(len(said), 2))
            assert len(road.sim.seen) == 2, round
        rows = await road.calls(4)

    assert [row.cache for row in rows] == ["miss", "miss", "hit", "hit"]
    assert said[0].json()["id"] == said[2].json()["id"] != said[1].json()["id"] == said[3].json()["id"]


async def test_a_team_shares_what_the_policy_lets_it(roads: Roads, provider: Provider) -> None:
    """And who is in no team, nothing."""
    policy = proxy_jwt(provider, "cache: [{ttl: 1h, scope: team}]\nanonymous: allow")
    callers = (("ann", ["search"]), ("bob", ["search"]), ("eve", ["sales"]), ("tom", None))
    async with roads(policy) as road:
        for name, groups in callers:
            async with road.client(
                token=token(provider, email=f"{name}@example.com", groups=groups)
            ) as client:
                await ask(client, CHAT)
            await kept(road, 1)
        rows = await road.calls(4)

    assert [row.cache for row in rows] == ["miss", "hit", "miss", None]


async def test_hits_are_requests_and_tokens_but_no_dollars(roads: Roads) -> None:
    """The limit in USD is all but used up; that in tokens has room for two, and counts the recorded ones."""
    limits = """
limits:
  - {name: dollars, amount: 0.0117 USD, window: day}
  - {name: tokens, amount: 2500 tokens, window: day}
"""
    async with roads(CACHE + limits) as road:
        road.sim.scenario = Scenario(usage=Usage(input_tokens=900, output_tokens=100))
        async with road.client() as client:
            first = await ask(client, LIMITED)
            await kept(road, 1)
            again = [await ask(client, LIMITED) for _ in range(3)]
        rows = await road.calls(4)
        await road.proxy.steps.settle.idle()
        settled = {row.bucket.limit: row.settled for row in buckets(road)}

    assert [answer.status_code for answer in (first, *again)] == [200, 200, 429, 429]
    assert [row.cache for row in rows] == ["miss", "hit", None, None]
    assert settled == {"dollars": rows[0].cost.nano, "tokens": 2000}
    assert rows[0].bound is not None
    assert rows[1].bound is not None
    assert (rows[1].bound.nano, rows[1].bound.input_tokens, rows[1].bound.output_tokens) == (0, 900, 100)


async def test_a_dollar_limit_that_is_used_up_lets_hits_pass(roads: Roads) -> None:
    """And refuses what would have to be paid for."""
    limits = "limits: [{name: day, amount: 0.012 USD, window: day, then: [block]}]"
    async with roads(CACHE + limits) as road:
        road.sim.scenario = Scenario(usage=Usage(input_tokens=900, output_tokens=100))
        async with road.client() as client:
            said = [await ask(client, LIMITED)]
            await kept(road, 1)
            said += [await ask(client, LIMITED), await ask(client, LIMITED)]
            other = await ask(client, OTHER)

    assert [answer.headers["x-tollway-cache"] for answer in said] == ["miss", "hit", "hit"]
    assert other.status_code == 429


async def test_access_rules_hold_for_hits(roads: Roads, tmp_path: Path) -> None:
    """What somebody may not call does not come from the cache either."""
    rule = "access: [{deny: {model: gpt-4o}, unless: {tag.team: a}}]"
    async with roads(CACHE + rule) as road, road.client() as client:
        first = await ask(client, CHAT, **{"x-tollway-tags": "team=a"})
        await kept(road, 1)
        denied = await ask(client, CHAT)
        again = await ask(client, CHAT, **{"x-tollway-tags": "team=a"})

    assert (first.status_code, denied.status_code, again.status_code) == (200, 403, 200)
    assert again.headers["x-tollway-cache"] == "hit"


BODY = {**CLAUDE.body, "model": "claude-opus-4-8"}


async def test_sdks_read_what_is_played(roads: Roads) -> None:
    """Streams and whole answers, of both."""
    async with roads(CACHE) as road:
        road.sim.scenario = Scenario(usage=USAGE)
        trust, proxy = road.trust(), road.proxy.url
        async with (
            httpx2.AsyncClient(proxy=proxy, verify=trust) as one,
            httpx2.AsyncClient(proxy=proxy, verify=trust) as two,
        ):
            gpt = openai.AsyncOpenAI(api_key="made-up", http_client=one)
            claude = anthropic.AsyncAnthropic(api_key="made-up", http_client=two)
            for _ in range(2):
                chunks = [chunk async for chunk in await gpt.chat.completions.create(**STREAM.body)]
                assert chunks[-1].usage.prompt_tokens == 70
                async with claude.messages.stream(**BODY) as stream:
                    said = await stream.get_final_message()
                assert said.usage.input_tokens == 70
                await claude.messages.create(**BODY)
                await kept(road, 3)
        rows = await road.calls(6)

    assert [row.cache for row in rows] == ["miss"] * 3 + ["hit"] * 3


async def test_a_file_that_cannot_be_written_costs_calls_nothing_but_their_answers(
    roads: Roads, tmp_path: Path
) -> None:
    """A folder stands in its place: each call is paid for, and none fails."""
    beside(tmp_path / "ledger.db").mkdir()
    async with roads(CACHE) as road, road.client() as client:
        said = [await ask(client, call) for call in (CHAT, STREAM)]
        await road.calls(2)
        land(road)
        said += [await ask(client, call) for call in (CHAT, STREAM)]
        rows = await road.calls(4)

    assert {answer.status_code for answer in said} == {200}
    assert [row.cache for row in rows] == ["miss"] * 4
