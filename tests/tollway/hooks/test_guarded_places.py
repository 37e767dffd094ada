"""Wherever a request says something, guardrails look."""

import base64
import json
from random import Random
from typing import Any

import orjson
import pytest

from tests.detection.secret_values import checked
from tests.tollway.calls import CHAT, CLAUDE, UNKNOWN, Call
from tests.tollway.guarded import KEYS, WORDS, post, saying
from tests.tollway.identified import Roads
from tests.tollway.scanning.conftest import compiled

__all__ = ["compiled"]
pytestmark = pytest.mark.usefixtures("compiled")


@pytest.mark.parametrize("place", ["system", "tool", "arguments", "result", "attachment"])
async def test_it_looks_wherever_a_request_says_something(roads: Roads, place: str) -> None:
    said = "about bluebird"
    members: dict[str, dict[str, Any]] = {
        "system": {"system": said},
        "tool": {"tools": [{"name": "x", "description": said, "input_schema": {"type": "object"}}]},
        "arguments": {"messages": [{"role": "assistant", "content": [{"input": {"a": [said]}}]}]},
        "result": {"messages": [{"role": "user", "content": [{"type": "tool_result", "content": said}]}]},
        "attachment": {
            "messages": [{"content": [{"source": {"data": base64.b64encode(said.encode()).decode()}}]}]
        },
    }
    async with roads(WORDS.format("block")) as road, road.client() as client:
        answer = await post(client, Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, **members[place]}))

        assert answer.status_code == 400


@pytest.mark.parametrize("key", ["data", "bytes", "signature", "encrypted_content"])
async def test_it_looks_at_members_that_are_called_as_what_nobody_reads(roads: Roads, key: str) -> None:
    """An answer's `data` may be a key: it was taken for a file, or for what a provider made, and left."""
    result = json.dumps({key: checked("gh" + "p_")(Random(4))})
    async with roads(KEYS) as road, road.client() as client:
        answer = await post(client, saying(result))

        assert answer.status_code == 400
        assert road.sim.seen == []


@pytest.mark.parametrize("url", [CHAT.url, UNKNOWN.url, CLAUDE.url + "/count_tokens"])
async def test_a_query_is_looked_through(roads: Roads, url: str) -> None:
    """It is never changed; a credential in it is the call's own."""
    async with roads(WORDS.format("redact")) as road, road.client() as client:
        bad = await client.post(url + "?q=blue%62ird&key=x", content=b"{}")
        good = await client.post(url + "?beta=true&key=bluebird", content=b"{}")

        assert (bad.status_code, good.status_code != 400) == (400, True)
        assert "codenames at /query/q/0" in bad.text
        assert len(road.sim.seen) == 1
        assert (await road.calls(1))[0].action == "block codenames"


async def test_what_is_flagged_in_a_query_and_in_a_body_is_said_of_both(roads: Roads) -> None:
    async with roads(WORDS.format("flag")) as road, road.client() as client:
        await client.post(CHAT.url + "?q=bluebird", content=saying("about bluebird").content)

        places = [one.at for one in (await road.call()).findings]
        assert places == ["/query/q/0", "/messages/0/content"]


async def test_a_byte_order_mark_hides_nothing(roads: Roads) -> None:
    """Readers take it, so that what is escaped behind it is read."""
    token = "".join(f"\\u{ord(char):04x}" for char in checked("gh" + "p_")(Random(5)))
    body = b"\xef\xbb\xbf" + saying("TOKEN").content.replace(b"TOKEN", token.encode())
    async with roads(KEYS) as road, road.client() as client:
        answer = await client.post(CHAT.url, content=body)

        assert answer.status_code == 400
        assert road.sim.seen == []


@pytest.mark.parametrize("do", ["block", "redact"])
async def test_another_encoding_hides_nothing(roads: Roads, do: str) -> None:
    """It is not changed: what would be taken out of it is blocked."""
    body = saying("about bluebird").content.decode().encode("utf-16")
    async with roads(WORDS.format(do)) as road, road.client() as client:
        answer = await client.post(CHAT.url, content=body)

        assert answer.status_code == 400
        assert road.sim.seen == []


async def test_it_looks_into_the_arguments_of_earlier_tool_calls(roads: Roads) -> None:
    """They are JSON in a string, for OpenAI."""
    call = {"function": {"name": "x", "arguments": orjson.dumps({"q": 'a "bluebird"'}).decode()}}
    async with roads(WORDS.format("block")) as road, road.client() as client:
        messages = [{"role": "assistant", "content": None, "tool_calls": [call]}]
        answer = await post(client, Call(CHAT.host, CHAT.path, {**CHAT.body, "messages": messages}))

        assert answer.status_code == 400
        assert "/messages/0/tool_calls/0/function/arguments/q" in answer.text


async def test_of_an_upload_the_texts_are_looked_through_and_the_file_is_one_that_is_not(
    roads: Roads,
) -> None:
    """It is blocked where it would be redacted: a form is not changed."""
    url = "https://api.openai.com/v1/audio/transcriptions"
    sound = {"file": ("a.wav", b"RIFF\0\0\0\0WAVE", "audio/wav")}
    async with roads(WORDS.format("redact")) as road, road.client() as client:
        good = await client.post(url, data={"model": "whisper-1", "prompt": "hello"}, files=sound)
        bad = await client.post(url, data={"model": "whisper-1", "prompt": "about bluebird"}, files=sound)

        assert (good.status_code, bad.status_code) == (200, 400)
        first, _ = await road.calls(2)
        assert [(one.kind, one.times) for one in first.findings] == [("unscanned", 1)]
