"""What guardrails of other gateways got wrong, a test each: ../shared/reference/guardrails.md has the list.

Numbers without a name are of BerriAI/litellm.
"""

import base64
import json
from random import Random

import orjson
import pytest

from tests.detection.secret_values import checked
from tests.simulator import Scenario
from tests.tollway.calls import CHAT, CLAUDE, RESPONSES, Call
from tests.tollway.guarded import post, saying
from tests.tollway.hooks.test_screen import about, mask_of, read, saying_back
from tests.tollway.identified import Roads
from tests.tollway.scanning.conftest import compiled
from tollway.guardrails.spot import Searched
from tollway.policy.load import load
from tollway.screening import screening

__all__ = ["compiled"]
pytestmark = pytest.mark.usefixtures("compiled")
BACK = "guardrails: [{name: names, words: [bluebird], do: redact, restore: true, in: both}]"
BLOCK = "guardrails: [{name: names, words: [bluebird], do: block}]"
KEYS = "guardrails: [{name: keys, find: secrets, do: block}]"


async def restored(roads: Roads, call: Call, size: int) -> str:
    """What the client reads of an answer that says a placeholder, so many characters an event."""
    async with roads(BACK) as road, road.client() as client:
        mask = await mask_of(road, client, call)
        road.sim.scenario = saying_back(f"Dear {mask}!", size)
        return read(call, await post(client, about("about bluebird", call)))


async def test_29134_a_placeholder_that_is_split_across_events_is_restored(roads: Roads) -> None:
    assert "Dear bluebird!" in await restored(roads, CHAT.streamed(), 5)


async def test_30206_and_30316_anthropics_own_events_are_read(roads: Roads) -> None:
    assert "Dear bluebird!" in await restored(roads, CLAUDE.streamed(), 5)


@pytest.mark.parametrize("streamed", [False, True], ids=["json", "stream"])
async def test_31950_arguments_of_tool_calls_are_restored(roads: Roads, streamed: bool) -> None:
    """With JSON's escapes, and across pieces of JSON."""
    async with roads(BACK) as road, road.client() as client:
        mask = await mask_of(road, client, CHAT)
        arguments = json.dumps({"to": f"{mask} \\"})
        pieces = [arguments[at : at + 6] for at in range(0, len(arguments), 6)] if streamed else [arguments]
        parts = [{"index": 0, "function": {"arguments": piece}} for piece in pieces]
        parts[0] |= {"id": "c1", "type": "function", "function": {"name": "send", "arguments": pieces[0]}}
        whole = [{"role": "assistant", "content": None, "tool_calls": parts}]
        deltas = [{"tool_calls": [part]} for part in parts] if streamed else whole
        key, end = ("delta", None) if streamed else ("message", "tool_calls")
        chunks = [{"choices": [{"index": 0, key: delta, "finish_reason": end}]} for delta in deltas]
        body = b"".join(b"data: %s\n\n" % orjson.dumps(chunk) for chunk in chunks) + b"data: [DONE]\n\n"
        kind = "text/event-stream" if streamed else "application/json"
        road.sim.scenario = Scenario(body=body if streamed else orjson.dumps(chunks[0]), content_type=kind)

        answer = await post(client, about("about bluebird", CHAT.streamed() if streamed else CHAT))

        got = [line[6:] for line in answer.text.splitlines() if line.startswith("data: {")]
        said = [orjson.loads(line)["choices"][0] for line in (got if streamed else [answer.content])]
        calls = [call for one in said for call in one[key].get("tool_calls", ())]
        assert orjson.loads("".join(call["function"]["arguments"] for call in calls)) == {"to": "bluebird \\"}


async def test_19950_what_stands_for_what_does_not_leak_across_requests(roads: Roads) -> None:
    async with roads(BACK) as road, road.client() as client:
        mask = await mask_of(road, client, CHAT)
        road.sim.scenario = saying_back(f"Dear {mask}", 5)

        assert f"Dear {mask}" in read(CHAT, await post(client, about("hello", CHAT)))


@pytest.mark.parametrize("call", [CHAT, CHAT.streamed()], ids=["json", "stream"])
async def test_28197_what_was_restored_is_not_masked_again(roads: Roads, call: Call) -> None:
    """Though the same guardrail looks through the answer."""
    assert "Dear bluebird!" in await restored(roads, call, 7)


async def test_14516_who_asks_for_values_back_gets_them_back(roads: Roads) -> None:
    """And who does not, does not."""
    assert "Dear bluebird!" in await restored(roads, RESPONSES, 1000)
    async with roads(BACK.replace(" restore: true,", "")) as road, road.client() as client:
        mask = await mask_of(road, client, RESPONSES)
        road.sim.scenario = saying_back(f"Dear {mask}!", 1000)

        assert f"Dear {mask}!" in read(RESPONSES, await post(client, about("about bluebird", RESPONSES)))


@pytest.mark.parametrize("call", [CHAT, CLAUDE, RESPONSES], ids=["chat", "claude", "responses"])
async def test_aisix_204_asking_for_a_stream_gets_nobody_past_a_guardrail(roads: Roads, call: Call) -> None:
    async with roads(BLOCK) as road, road.client() as client:
        answer = await post(client, about("about bluebird", call.streamed()))

        assert answer.status_code == 400
        assert road.sim.seen == []


async def test_31503_the_first_words_do_not_wait_for_the_last(roads: Roads) -> None:
    """The provider stops half-way until the client has what it said so far."""
    async with roads(BACK) as road, road.client() as client:
        mask = await mask_of(road, client, CHAT)
        road.sim.scenario = Scenario(texts=("Hello ", *["word "] * 200, mask), interval=0.01)
        call = about("about bluebird", CHAT.streamed())
        async with client.stream("POST", call.url, content=call.content) as answer:
            chunks = answer.aiter_raw()
            got = b""
            while b"Hello" not in got:
                got += await anext(chunks)
            assert road.sim.seen[-1].events_written < 150
            got += b"".join([chunk async for chunk in chunks])

        assert b"bluebird" in got


def hidden(token: str) -> dict[str, str]:
    """A key, as scanners of raw bodies miss it (section 5 of the reference)."""
    return {
        "escaped JSON within JSON": json.dumps({"url": f"postgres://user:{token}@db.internal/x"}),
        "zero-width space": f"use {token[:9]}\u200b{token[9:]} now",
        "soft hyphen": f"use {token[:9]}\u00ad{token[9:]} now",
        "wide letters": "use " + "".join(chr(ord(c) + 0xFEE0) for c in token) + " now",
        "bold letters": "use " + "".join(chr(0x1D5BA + ord(c) - 97) if c.islower() else c for c in token),
        "Russian letters": "use " + token.replace("p", "\u0440").replace("a", "\u0430") + " now",
        "base64": base64.b64encode(f"token={token}".encode()).decode(),
        "kingfisher:ignore": f"{token}  # kingfisher:ignore gitleaks:allow",
        "markdown": f"`{token}`",
        "glued": f"x{token}",
    }


@pytest.mark.parametrize("how", hidden("x" * 40))
async def test_a_key_is_found_however_it_is_written(roads: Roads, how: str) -> None:
    token = checked("gh" + "p_")(Random(11))
    async with roads(KEYS) as road, road.client() as client:
        assert (await post(client, saying(hidden(token)[how]))).status_code == 400


async def test_a_key_in_unicode_escapes_of_json_is_found(roads: Roads) -> None:
    token = checked("gh" + "p_")(Random(12))
    escaped = "".join(f"\\u{ord(c):04x}" for c in token)
    body = orjson.dumps(saying("KEY").body).replace(b"KEY", escaped.encode())
    async with roads(KEYS) as road, road.client() as client:
        assert (await client.post(CHAT.url, content=body)).status_code == 400


async def test_a_clean_prompt_and_code_full_of_placeholders_pass(roads: Roads) -> None:
    """detect-secrets finds a thousand secrets in such a prompt."""
    code = (
        'api_key = os.environ["API_KEY"]\npassword = "${DB_PASSWORD}"\ntoken: <your-token-here>\n'
        "secret = changeme\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nclient = Client(token=get_token())\n"
    )
    words = "The proxy meters every call, and holds what a call may cost before it leaves. " * 130
    async with roads(KEYS) as road, road.client() as client:
        for text in (code, words):
            assert (await post(client, saying(text))).status_code == 200
        assert [row.findings for row in await road.calls(2)] == [(), ()]


SOCKET = {"upgrade": "websocket", "connection": "Upgrade", "sec-websocket-version": "13"}


@pytest.mark.parametrize(("path", "status"), [("responses", 426), ("realtime", 426), ("new/thing", 403)])
async def test_a_key_in_a_frame_of_a_websocket_does_not_leave(roads: Roads, path: str, status: int) -> None:
    """Where messages can't be looked through, as on what is a socket for some servers and none for others,
    none is opened; `hooks/test_call_road.py` has those that are looked through."""
    async with roads(KEYS) as road, road.client() as client:
        answer = await client.get(f"https://api.openai.com/v1/{path}", headers=SOCKET)

        assert answer.status_code == status
        assert road.sim.seen == []


async def test_base64_of_a_picture_holds_nobody_up() -> None:
    """Some engines take a second for ten kilobytes of it: it is not searched, and the text beside it is."""
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + Random(13).randbytes(3_000_000)).decode()
    source = {"type": "base64", "media_type": "image/png", "data": picture}
    said = [{"type": "image", "source": source}, {"type": "text", "text": "about bluebird"}]
    made = screening(load(f"version: 1\n{BLOCK}", "p"), b"made-up")
    assert made is not None
    texts = list[str]()
    made.detectors.append(lambda text: texts.append(text) or ())  # type: ignore[func-returns-value]

    found = made.search(orjson.dumps({"messages": [{"role": "user", "content": said}]}))

    assert not isinstance(found, Searched)
    done = await found
    assert (len(done.spots), done.unread) == (1, 1)
    assert sum(map(len, texts)) < 1_000
