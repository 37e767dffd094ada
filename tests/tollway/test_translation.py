"""A program that speaks Anthropic's Messages, on a model that is asked in OpenAI's Chat: the whole road."""

import asyncio
from pathlib import Path
from typing import Any

import anthropic
import pytest

from tests.simulator import Scenario, Simulator
from tests.tollway.road import road as running_road
from tests.tollway.translated import BODY, OWN_KEY, SAID, USED, ask, chunk, events, moving
from tollway.translation.thoughts import MARK


async def test_the_answer_is_a_message_and_the_bill_is_the_targets(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with moving(tmp_path, sim, monkeypatch) as (road, client):
        sim.scenario = Scenario(usage=USED)
        answer = await ask(client)
        _, row = await road.rows()
        seen = sim.seen[1]

    assert answer.status_code == 200, answer.text
    message = anthropic.types.Message.model_validate(answer.json())
    assert (message.model, message.role, message.stop_reason) == ("gpt-5-mini", "assistant", "end_turn")
    assert message.id == f"msg_{row.id}"
    assert message.content[0].type == "text"
    assert (message.usage.input_tokens, message.usage.cache_read_input_tokens) == (20, 30)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-tollway-route"] == SAID
    assert answer.headers["x-tollway-cost"].startswith("0.0000")
    assert answer.headers["x-tollway-call"] == row.id
    assert (row.provider, row.host, row.model_asked, row.model) == (
        "openai", "api.openai.com", "claude-opus-4-8", "gpt-5-mini",
    )  # fmt: skip
    assert (row.usage.input_tokens, row.usage.cache_read_tokens, row.usage.output_tokens) == (50, 30, 12)
    assert (seen.path, seen.query) == ("/v1/chat/completions", "")


async def test_the_target_gets_a_chat_request_and_nothing_of_the_callers_credentials(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with moving(tmp_path, sim, monkeypatch, "groq/openai/gpt-oss-120b") as (_, client):
        await ask(client, stream=True)
        seen = sim.seen[1]

    assert (seen.host, seen.path) == ("api.groq.com", "/openai/v1/chat/completions")
    assert seen.json == {
        "model": "openai/gpt-oss-120b",
        "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "say hi"}],
        "max_completion_tokens": 1000,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    headers = {name.lower(): value for name, value in seen.headers}
    assert headers["authorization"] == "Bearer made-up-groq-key"
    assert headers["accept-encoding"] == "identity"
    assert not [name for name in headers if name.startswith("anthropic-")]
    assert "made-up-own-key" not in str(seen.headers)


async def test_a_stream_is_passed_on_event_by_event(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each at once: the next one is not written before the client has this one."""
    async with moving(tmp_path, sim, monkeypatch) as (road, client):
        sim.scenario = Scenario(usage=USED, interval=0.2, events=3)
        url = "https://api.anthropic.com/v1/messages"
        body = {**BODY, "stream": True}
        arrived: list[tuple[float, bytes]] = []
        loop = asyncio.get_running_loop()
        async with client.stream("POST", url, json=body, headers=OWN_KEY) as answer:
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert answer.headers["x-tollway-route"] == SAID
            async for data in answer.aiter_raw():
                arrived.append((loop.time(), data))
        _, row = await road.rows()

    text = b"".join(data for _, data in arrived)
    assert text.count(b"text_delta") == 3
    assert text.endswith(b'event: message_stop\ndata: {"type":"message_stop"}\n\n')
    deltas = [at for at, data in arrived if b"text_delta" in data]
    assert len(deltas) == 3
    assert deltas[-1] - deltas[0] > 0.3
    assert (row.usage.input_tokens, row.usage.cache_read_tokens, row.usage.output_tokens) == (50, 30, 12)
    assert row.error is None


STREAM = chunk({"content": "hi"}) + chunk({}, "stop") + b"data: [DONE]\n\n"


@pytest.mark.parametrize("framing", ["chunked", "eof"])
@pytest.mark.parametrize("stream", [False, True])
async def test_however_the_answer_is_framed_and_coded_it_arrives_whole(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch, framing: Any, stream: bool
) -> None:
    async with moving(tmp_path, sim, monkeypatch) as (_, client):
        sim.scenario = Scenario(framing=framing, coding="gzip", coding_unasked=True)
        answer = await ask(client, stream=stream)

    assert answer.status_code == 200
    assert (b"message_stop" in answer.content) is stream


async def test_a_stream_of_a_known_length_has_another_one(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {len(STREAM)}\r\n\r\n"
    async with moving(tmp_path, sim, monkeypatch) as (_, client):
        sim.scenario = Scenario(raw=head.encode() + STREAM)
        answer = await ask(client, stream=True)

    assert events(answer)[-1]["type"] == "message_stop"


async def test_over_http2_both_ways(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with moving(tmp_path, sim, monkeypatch) as (road, _), road.client(http2=True) as client:
        whole, streamed = await ask(client), await ask(client, stream=True)

    assert whole.json()["type"] == "message"
    assert events(streamed)[-1]["type"] == "message_stop"


async def test_calls_of_tools_side_by_side_reach_the_client_under_its_own_names(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "mcp__a-server-with-a-long-name__" + "a_tool_with_a_long_name_" * 2
    tools = [{"name": name, "input_schema": {"type": "object", "properties": {}}} for name in ("read", long)]
    async with moving(tmp_path, sim, monkeypatch) as (_, client):
        await ask(client, tools=tools)
        named = [tool["function"]["name"] for tool in sim.seen[1].json["tools"]]
        calls = [
            {"index": i, "id": f"call_{i}", "type": "function", "function": {"name": name, "arguments": "{}"}}
            for i, name in enumerate(named)
        ]
        sim.scenario = Scenario(
            body=chunk({"role": "assistant", "tool_calls": calls})
            + chunk({}, "tool_calls")
            + b"data: [DONE]\n\n"
        )
        answer = await ask(client, tools=tools, stream=True)

    starts = [one["content_block"] for one in events(answer) if one["type"] == "content_block_start"]
    assert [block["name"] for block in starts] == ["read", long]
    assert [len(name) for name in named] == [4, 64]
    assert events(answer)[-2]["delta"]["stop_reason"] == "tool_use"


async def test_a_hard_limit_holds_what_the_chat_request_may_cost(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a clamp lowers the maximum where the target looks for it."""
    async with moving(tmp_path, sim, monkeypatch, amount="0.04 USD", then="[clamp, block]") as (road, client):
        answer = await ask(client, max_tokens=60_000)
        assert answer.status_code == 200, answer.text
        row = (await road.rows())[1]
        most = sim.seen[1].json["max_completion_tokens"]

    assert 1000 < most < 60_000
    assert row.action == f"route away, clamp {most}"
    assert row.bound is not None
    assert row.bound.nano <= 40_000_000


async def test_what_can_not_be_said_goes_nowhere_and_the_row_says_why(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}}
    async with moving(tmp_path, sim, monkeypatch) as (road, client):
        answer = await ask(client, messages=[{"role": "user", "content": [document]}])
        _, row = await road.rows()

    assert answer.status_code == 429
    assert answer.json()["type"] == "error"
    assert "document has no counterpart in OpenAI Chat" in (row.action or "")
    assert len(sim.seen) == 1


async def test_what_another_model_thought_does_not_come_back_to_anthropic(
    tmp_path: Path, home: Path, sim: Simulator
) -> None:
    """It has no signature of Anthropic's, which would refuse the conversation from then on."""
    thought = {"type": "thinking", "thinking": "hm", "signature": MARK}
    signed, text = {**thought, "signature": "of-anthropic"}, {"type": "text", "text": "hello"}
    talk: list[dict[str, Any]] = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": [thought, text]},
        {"role": "user", "content": "and?"},
        {"role": "assistant", "content": [signed, text]},
        {"role": "user", "content": "go on"},
    ]
    async with running_road(tmp_path, sim) as road, road.client() as client:
        await ask(client, messages=talk)

    left = [talk[0], {"role": "assistant", "content": [text]}, *talk[2:]]
    assert sim.seen[0].json == {**BODY, "messages": left}


async def test_the_official_sdk_takes_both_kinds_of_answers(
    tmp_path: Path, home: Path, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And raises its own errors."""
    async with (
        moving(tmp_path, sim, monkeypatch) as (road, _),
        anthropic.DefaultAsyncHttpxClient(proxy=road.proxy.url, verify=road.trust()) as http,
    ):
        client = anthropic.AsyncAnthropic(api_key="made-up-own-key", http_client=http, max_retries=0)
        talk: Any = BODY["messages"]
        asked: dict[str, Any] = {"model": BODY["model"], "max_tokens": 1000, "messages": talk}
        sim.scenario = Scenario(usage=USED)
        whole = await client.messages.create(**asked)
        async with client.messages.stream(**asked) as stream:
            streamed = await stream.get_final_message()
        sim.scenario = Scenario(status=429)
        with pytest.raises(anthropic.RateLimitError):
            await client.messages.create(**asked)
        sim.scenario = Scenario(finish="error")
        with pytest.raises(anthropic.APIStatusError):
            async with client.messages.stream(**asked) as stream:
                await stream.get_final_message()

    def plain(message: anthropic.types.Message) -> dict[str, Any]:
        said = message.model_dump(exclude_none=True, exclude={"id"})
        return said | {"content": [block.to_dict() for block in message.content]}

    assert plain(whole)["content"] == plain(streamed)["content"]
    assert whole.usage.output_tokens == streamed.usage.output_tokens == 12
    assert (streamed.usage.input_tokens, streamed.usage.cache_read_input_tokens) == (20, 30)
    assert streamed.stop_reason == "end_turn"
