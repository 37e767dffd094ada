"""Calls that nothing meters, over real sockets: guardrails are about them, too."""

import pytest

from tests.tollway.calls import CLAUDE, UNKNOWN
from tests.tollway.guarded import WORDS, sent
from tests.tollway.identified import Roads
from tollway.hooks import unmetered
from tollway.model import Cost

COUNTED = {
    "tokens": CLAUDE.url + "/count_tokens",
    "batch": "https://api.anthropic.com/v1/messages/batches",
    "moderation": "https://api.openai.com/v1/moderations",
    "conversation": "https://api.openai.com/v1/conversations/conv_1/items",
    "unknown": UNKNOWN.url,
}


@pytest.mark.parametrize("url", COUNTED.values(), ids=COUNTED)
@pytest.mark.parametrize("do", ["block", "redact"])
async def test_what_nothing_meters_is_looked_through_too(roads: Roads, url: str, do: str) -> None:
    """Claude Code has the tokens of its whole conversation counted: all of it left unseen."""
    async with roads(WORDS.format(do)) as road, road.client() as client:
        answer = await client.post(url, json={"messages": [{"role": "user", "content": "of bluebird"}]})

        assert (answer.status_code == 400) is (do == "block")
        assert [b"bluebird" in one.body.kept for one in road.sim.seen] == [False] * (do == "redact")
        if do == "block":
            assert (await road.call()).error == "guardrail"


@pytest.mark.parametrize("do", ["flag", "redact", "block, shadow: true"])
async def test_what_is_found_in_a_free_call_is_in_the_ledger_and_told(
    roads: Roads, caplog: pytest.LogCaptureFixture, do: str
) -> None:
    """Only what was blocked was: nobody saw what else left. One in which nothing is found has no row."""
    url = CLAUDE.url + "/count_tokens"
    async with roads(WORDS.format(do)) as road, road.client() as client:
        for word in ("owl", "bluebird"):
            await client.post(url, json={"messages": [{"role": "user", "content": f"of {word}"}]})

        await road.call()
        (row,) = await road.rows()
        assert (row.state, row.operation, row.status) == ("done", "count_tokens", 200)
        assert (row.cost, row.error) == (Cost(), None)
        assert row.request_bytes > 0
        (found,) = row.findings
        assert (found.kind, found.at, found.do.word) == (
            "codenames", "/messages/0/content", do.partition(",")[0],
        )  # fmt: skip
        told = [each.message for each in caplog.records if "the guardrail codenames" in each.message]
        assert len(told) == (not found.shadow)


UPLOADS = {
    "openai": "https://api.openai.com/v1/files",
    "part": "https://api.openai.com/v1/uploads/upload_1/parts",
    "skill": "https://api.openai.com/v1/skills",
    "claude": "https://api.anthropic.com/v1/files",
    "gemini": "https://generativelanguage.googleapis.com/upload/v1beta/files",
}


@pytest.mark.parametrize("url", UPLOADS.values(), ids=UPLOADS)
async def test_what_is_uploaded_is_looked_through_if_it_is_text(roads: Roads, url: str) -> None:
    """All of it left unseen."""
    batch = b'{"body": {"messages": [{"content": "about blue\\u0062ird"}]}}\n{}\n'
    async with roads(WORDS.format("block")) as road, road.client() as client:
        bad = await client.post(url, files={"file": ("batch.jsonl", batch)}, data={"purpose": "batch"})
        raw = await client.post(url, content=b"about bluebird", headers={"content-type": "text/markdown"})
        good = await client.post(url, files={"file": ("a.png", b"\x89PNG\0\0bluebird")})

        assert (bad.status_code, raw.status_code) == (400, 400)
        assert good.status_code != 400
        assert len(road.sim.seen) == 1
        assert [row.action for row in await road.calls(3)] == ["block codenames"] * 2 + ["flag unscanned"]


@pytest.mark.parametrize(("unscanned", "leaves"), [("flag", True), ("block", False)])
async def test_an_upload_that_is_too_long_is_a_file_that_nobody_looks_into(
    roads: Roads, monkeypatch: pytest.MonkeyPatch, unscanned: str, leaves: bool
) -> None:
    """It is not collected. A count of tokens is, and is looked through as it is, however long."""
    monkeypatch.setattr(unmetered, "LARGEST", 100)
    text = b"x" * 100 + b" bluebird"
    async with roads(WORDS.format(f"block, unscanned: {unscanned}")) as road, road.client() as client:
        answer = await client.post(UPLOADS["claude"], content=text)
        counted = await client.post(CLAUDE.url + "/count_tokens", content=text)

        assert (answer.status_code != 400) is leaves
        assert counted.status_code == 400
        assert [one.body.kept for one in road.sim.seen] == [text] * leaves
        assert [one.kind for one in (await road.calls(2))[0].findings] == ["unscanned"]


@pytest.mark.parametrize("media_type", ["", "Application/JSON; charset=utf-8", "text/plain"])
async def test_it_is_so_whatever_json_is_called(roads: Roads, media_type: str) -> None:
    async with roads(WORDS.format("block")) as road, road.client() as client:
        answer = await client.post(
            CLAUDE.url + "/count_tokens",
            content=b'{"system": "bluebird"}',
            headers={"content-type": media_type},
        )

        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("url", "media_type"),
    [
        ("https://api.anthropic.com/v1/oauth/token", "application/json"),
        ("https://api.anthropic.com/v1/user_profiles", "application/json"),
    ],
)
async def test_a_log_in_and_what_is_no_text_pass(roads: Roads, url: str, media_type: str) -> None:
    """They are made of secrets, and no model reads them."""
    async with roads(WORDS.format("block")) as road, road.client() as client:
        await client.post(url, content=b'{"refresh_token": "bluebird"}', headers={"content-type": media_type})

        assert b"bluebird" in sent(road)


async def test_where_no_guardrail_is_about_requests_nothing_is_collected(roads: Roads) -> None:
    policy = WORDS.format("block").replace("do:", "in: response, do:")
    async with roads(policy) as road, road.client() as client:
        await client.post(UNKNOWN.url, json={"prompt": "bluebird"})

        assert b"bluebird" in sent(road)
