"""What is kept of calls: what left and what the client got, of those calls alone that the policy names."""

import asyncio
import gzip
import json
import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.simulator import Cut, Scenario, Simulator
from tests.tollway.calls import BATCH, CHAT, CLAUDE, GEMINI, GEMINI_SSE, UNKNOWN, Call
from tests.tollway.failing_targets import CHAIN, GROQ, GROQ_KEY, ask, fails
from tests.tollway.identified import Roads
from tests.tollway.redaction.made import word
from tests.tollway.test_reloading import said
from tests.tollway.texts.kept import all_bytes, bodies, file_of, kept, texts
from tests.tollway.translated import moving
from tollway.inspection import as_text, read_answer
from tollway.texts.store import BINARY, TOO_LARGE, UNREADABLE

ALL = "record: [{}]\n"
KEY = {"authorization": "Bearer made-up-key"}
DAY_US = 86_400_000_000


@pytest.mark.parametrize("http2", [False, True], ids=["http1", "http2"])
@pytest.mark.parametrize(
    "call", [CHAT, CLAUDE, GEMINI, CLAUDE.streamed(), GEMINI_SSE], ids=lambda call: f"{call.path[-12:]}"
)
async def test_of_a_call_there_is_what_left_and_what_its_client_got(
    roads: Roads, call: Call, http2: bool
) -> None:
    async with roads("record: [{name: audit, keep: 1d}]\n") as road:
        async with road.client(http2) as client:
            answer = await client.post(call.url, json=call.body, headers=KEY)
        record = await road.call()
        found = await kept(road, record.id, "request", "response")

    sent, got = found["request"], found["response"]
    assert sent.body == road.sim.seen[-1].raw
    assert got.body == answer.content
    assert (sent.rule, sent.dialect, sent.media_type) == ("audit", got.dialect, "application/json")
    assert got.media_type == answer.headers["content-type"]
    assert (sent.size, got.size, got.whole) == (len(sent.body or b""), len(answer.content), True)
    assert sent.until_us == got.until_us == record.started_us + DAY_US


async def test_a_request_is_kept_as_it_was_changed_and_an_answer_without_what_only_we_asked_for(
    roads: Roads,
) -> None:
    """Usage was asked for in the stream, and its chunk is not the client's."""
    async with roads(ALL) as road:
        async with road.client() as client:
            answer = await client.post(CHAT.url, json={**CHAT.body, "stream": True}, headers=KEY)
        record = await road.call()
        found = await kept(road, record.id, "request", "response")

    assert b"include_usage" in (found["request"].body or b"")
    assert found["response"].body == answer.content
    assert b'"choices":[]' not in answer.content


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_a_coded_answer_is_kept_decoded(roads: Roads, coding: str) -> None:
    async with roads(ALL) as road:
        road.sim.scenario = Scenario(coding=coding)  # type: ignore[arg-type]
        async with road.client() as client:
            for call in (CHAT, CLAUDE.streamed()):
                answer = await client.post(
                    call.url, json=call.body, headers={**KEY, "accept-encoding": coding}
                )
                record = (await road.calls(1 if call is CHAT else 2))[-1]

                found = await kept(road, record.id, "request", "response")
                assert answer.headers["content-encoding"] == coding
                assert found["response"].body == answer.content


async def test_of_a_translated_call_each_side_is_in_the_words_of_who_got_it(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.tollway.translated.POLICY", TRANSLATED)
    async with moving(tmp_path, sim, monkeypatch) as (road, client):
        for stream in (False, True):
            body = {**CLAUDE.body, "model": "claude-opus-4-8", "stream": stream}
            answer = await client.post(CLAUDE.url, json=body, headers={"x-api-key": "made-up-own-key"})
            record = (await road.calls(3 if stream else 2))[-1]

            found = await kept(road, record.id, "request", "response")
            assert (found["request"].dialect, found["response"].dialect) == (
                "openai_chat", "anthropic_messages",
            )  # fmt: skip
            assert found["request"].body == road.sim.seen[-1].raw
            assert found["response"].body == answer.content
            assert (b"event: message_stop" in answer.content) is stream


TRANSLATED = """
version: 1
limits:
  - {name: claude, amount: 1 requests, window: day, match: {provider: anthropic}, then: [route: away, block]}
  - {name: target, amount: AMOUNT, window: day, match: {provider: [openai, groq]}, then: THEN}
routes: {away: [{from: "claude-*", to: TARGET}]}
credentials: {openai: {inject: env:OPENAI_KEY}}
record: [{}]
"""


async def test_each_attempt_is_a_call_of_its_own(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one that failed the client got nothing."""
    monkeypatch.setenv("GROQ_KEY", GROQ_KEY)
    async with roads(ALL + CHAIN) as road:
        fails(road, Scenario(status=529))
        async with road.client() as client:
            answer = await ask(client)
        first, second = await road.calls(2)
        last = await kept(road, second.id, "request", "response")

        assert json.loads(texts(road, first.id)["request"].body or b"")["model"] == "gpt-4o"
        assert "response" not in texts(road, first.id)
    assert json.loads(last["request"].body or b"")["model"] == "openai/gpt-oss-120b"
    assert last["response"].body == answer.content


async def test_an_error_that_is_passed_on_is_an_answer(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_KEY", GROQ_KEY)
    async with roads(ALL + CHAIN) as road:
        fails(road, Scenario(status=529))
        fails(road, Scenario(status=503), GROQ)
        async with road.client() as client:
            answer = await ask(client)
        _, second = await road.calls(2)
        found = await kept(road, second.id, "request", "response")

    assert answer.status_code == 503
    assert found["response"].body == answer.content


async def test_of_a_call_that_is_refused_nothing_left_so_nothing_is_kept(roads: Roads) -> None:
    limits = "limits: [{name: none, amount: 0 USD, window: day, match: {model: gpt-4o}, then: [block]}]\n"
    async with roads(ALL + limits + "access: [{deny: {model: gpt-5}}]\n") as road:
        async with road.client() as client:
            for model in ("gpt-4o", "gpt-5", "gpt-4.1"):
                await client.post(CHAT.url, json={**CHAT.body, "model": model}, headers=KEY)
        calls = {record.model: record.id for record in await road.calls(3)}
        await kept(road, calls["gpt-4.1"], "request", "response")

        assert texts(road, calls["gpt-4o"]) == {}
        assert texts(road, calls["gpt-5"]) == {}


async def test_of_an_answer_that_breaks_off_there_is_what_came(roads: Roads) -> None:
    async with roads(ALL) as road:
        road.sim.scenario = Scenario(cut=Cut(how="reset", after_events=3))
        async with road.client() as client:
            with pytest.raises(Exception, match=r"."):
                await client.post(CLAUDE.url, json=CLAUDE.streamed().body, headers=KEY)
        record = await road.call()
        found = await kept(road, record.id, "request", "response")

    assert not found["response"].whole
    assert b"message_start" in (found["response"].body or b"")
    assert b"message_stop" not in (found["response"].body or b"")


async def test_the_first_rule_that_matches_says_which_texts_are_kept(roads: Roads) -> None:
    rules = """record:
  - {name: asked, match: {model: gpt-4o}, in: request}
  - {name: said, match: {provider: openai}, in: response}
"""
    async with roads(rules) as road:
        async with road.client() as client:
            for model in ("gpt-4o", "gpt-5"):
                await client.post(CHAT.url, json={**CHAT.body, "model": model}, headers=KEY)
            await client.post(CLAUDE.url, json=CLAUDE.body, headers=KEY)
        one, two, three = await road.calls(3)
        await kept(road, two.id, "response")

        assert {part: text.rule for part, text in texts(road, one.id).items()} == {"request": "asked"}
        assert {part: text.rule for part, text in texts(road, two.id).items()} == {"response": "said"}
        assert texts(road, three.id) == {}


async def test_where_no_rule_is_there_is_no_file(roads: Roads) -> None:
    async with roads("") as road:
        async with road.client() as client:
            await client.post(CHAT.url, json=CHAT.body, headers=KEY)
        await road.call()

    assert not file_of(road).exists()


async def test_what_nothing_reads_is_not_kept(roads: Roads) -> None:
    """It passes as it comes, and is never collected."""
    async with roads(ALL) as road:
        async with road.client() as client:
            for call in (UNKNOWN, BATCH):
                await client.post(call.url, json=call.body, headers=KEY)
            await client.post(CHAT.url, json=CHAT.body, headers=KEY)
        one, two, last = await road.calls(3)
        await kept(road, last.id, "request", "response")

        assert texts(road, one.id) == texts(road, two.id) == {}


async def test_of_what_is_larger_than_its_rule_allows_only_that_is_known(roads: Roads) -> None:
    async with roads("record: [{max_size: 300 B}]\n") as road:
        async with road.client() as client:
            body = {**CHAT.body, "user": "x" * 300}
            large = await client.post(CHAT.url, json=body, headers=KEY)
            await client.post(CHAT.url, json=CHAT.body, headers=KEY)
        one, two = await road.calls(2)
        found = await kept(road, one.id, "request", "response")
        second = await kept(road, two.id, "request", "response")

    assert [(text.body, text.why_not) for text in found.values()] == [(None, TOO_LARGE)] * 2
    assert found["response"].size == len(large.content)
    assert second["request"].body == CHAT.content


async def test_what_is_no_text_or_can_not_be_read_is_not_kept(roads: Roads) -> None:
    async with roads(ALL) as road:
        road.sim.scenario = Scenario(body=b"\xff\xfe\x00binary")
        async with road.client() as client:
            coded = {**KEY, "content-encoding": "snappy", "content-type": "application/json"}
            await client.post(CHAT.url, content=gzip.compress(CHAT.content), headers=coded)
        record = await road.call()
        found = await kept(road, record.id, "request", "response")

    assert (found["request"].body, found["request"].why_not) == (None, UNREADABLE)
    assert (found["response"].body, found["response"].why_not) == (None, BINARY)


async def test_no_key_that_anybody_shows_or_writes_is_kept(
    roads: Roads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it looks like: the caller's own, the one that it shows the proxy, the operator's, and what
    looks like one in a prompt or in an answer that streams some characters at a time."""
    own, proxys, company, typed = word(20), word(20), word(20), f"sk-{word(40)}"
    monkeypatch.setenv("COMPANY_KEY", company)
    said = f"I was told {own} {proxys} {company} {typed}."
    async with roads(ALL + "credentials: {anthropic: {inject: env:COMPANY_KEY}}\n") as road:
        prompt = {"messages": [{"role": "user", "content": said}]}
        road.sim.scenario = Scenario(body=json.dumps({"said": said}).encode())
        async with road.client(token=proxys) as client:
            for call in (CHAT, CLAUDE):
                await client.post(call.url, json={**call.body, **prompt}, headers={"x-api-key": own})
            road.sim.scenario = Scenario(text=said, events=2)
            for call in (CHAT.streamed(), CLAUDE.streamed()):
                await client.post(call.url, json={**call.body, **prompt}, headers={"x-api-key": own})
        for record in await road.calls(4):
            found = await kept(road, record.id, "request", "response")
            shown = b"".join(text.body or b"" for text in found.values())
            assert b"I was told" in shown
            secrets = [own, proxys, typed] + [company] * (record.provider == "anthropic")
            assert [secret for secret in secrets if secret.encode() in shown] == []

        assert own.encode() not in all_bytes(road)
        assert proxys.encode() not in all_bytes(road)
        assert any(company in str(seen.headers) for seen in road.sim.seen)


async def test_a_call_goes_by_the_policy_that_was_in_force_when_it_began(
    roads: Roads, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\n")
    async with roads("", policy_file=policy) as road:

        async def put_in_force(text: str) -> None:
            caplog.clear()
            policy.write_text(f"version: 1\n{text}")
            assert road.proxy.reloading is not None
            road.proxy.reloading.ask()
            await said(caplog, "is in force")

        async with road.client() as client:
            await client.post(CHAT.url, json=CHAT.body, headers=KEY)
            await put_in_force(ALL)
            road.sim.scenario = Scenario(gate="later")
            asking = asyncio.ensure_future(client.post(CHAT.url, json=CHAT.body, headers=KEY))
            await road.sim.wait_for(lambda seen: seen.scenario.gate == "later")
            await put_in_force("")
            road.sim.open("later")
            await asking
            await client.post(CHAT.url, json=CHAT.body, headers=KEY)
        one, two, three = sorted(await road.calls(3), key=lambda record: record.started_us)
        await kept(road, two.id, "request", "response")

        assert texts(road, one.id) == texts(road, three.id) == {}


async def test_a_file_that_is_locked_harms_no_call(
    roads: Roads, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tollway.sidecar.file.LOCK_SECONDS", 0.01)
    async with roads(ALL) as road:
        async with road.client() as client:
            await client.post(CHAT.url, json=CHAT.body, headers=KEY)
            first = await road.call()
            await kept(road, first.id, "request", "response")
            with closing(sqlite3.connect(file_of(road), isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                answers = [await client.post(CHAT.url, json=CHAT.body, headers=KEY) for _ in range(5)]
                async with asyncio.timeout(60):
                    while "texts can't be kept" not in caplog.text:
                        await asyncio.sleep(0.001)
                other.execute("COMMIT")
        rows = await road.rows()

    assert [answer.status_code for answer in answers] == [200] * 5
    assert len(rows) == 6
    assert all(row.cost.nano > 0 for row in rows)


async def test_a_failure_of_ours_costs_the_text_and_not_the_call(
    roads: Roads, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    async with roads(ALL) as road:

        def failing(*args: object, **named: object) -> None:
            raise RuntimeError(os.urandom(4).hex())

        monkeypatch.setattr("tollway.hooks.keep.Text", failing)
        async with road.client() as client:
            answer = await client.post(CHAT.url, json=CHAT.body, headers=KEY)
        record = await road.call()

    assert answer.status_code == 200
    assert record.cost.nano > 0
    assert f"a text of call {record.id} is not kept: RuntimeError" in caplog.text
    assert bodies(road, record.id) == {}


@pytest.mark.parametrize("operation", ["converse-stream", "invoke-with-response-stream"])
async def test_a_binary_stream_is_kept_as_text_without_the_keys_in_it(roads: Roads, operation: str) -> None:
    key = f"sk-{word(30)}"
    body = (
        SAY_HI
        if operation == "converse-stream"
        else {**CLAUDE.body, "anthropic_version": "bedrock-2023-05-31"}
    )
    path = f"/model/anthropic.claude-sonnet-4-5-20250929-v1:0/{operation}"
    async with roads(ALL, hosts=(BEDROCK,)) as road:
        road.sim.scenario = Scenario(text=key[:20], events=2)
        async with road.client() as client:
            await client.post(f"https://{BEDROCK}{path}", json=body, headers=KEY)
        record = await road.call()
        found = await kept(road, record.id, "request", "response")

    answer = found["response"]
    assert answer.media_type == "application/x-ndjson"
    assert key[:20].encode() not in (answer.body or b"")
    said = as_text(read_answer(answer.dialect, answer.body, answer.media_type))
    assert "── assistant ──\n[redacted key]" in said


BEDROCK = "bedrock-runtime.us-east-1.amazonaws.com"
SAY_HI = {
    "messages": [{"role": "user", "content": [{"text": "say hi"}]}],
    "inferenceConfig": {"maxTokens": 64},
}
