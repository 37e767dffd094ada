"""What comes back, over real sockets: restored, and looked through, as it streams."""

from contextlib import closing
from typing import Any

import httpx
import orjson
import pytest

from tests.simulator import Scenario
from tests.tollway.calls import CHAT, CLAUDE, GEMINI, GEMINI_SSE, RESPONSES, Call
from tests.tollway.guarded import post, saying, sent
from tests.tollway.identified import Roads
from tests.tollway.road import Road
from tests.tollway.texts.kept import texts
from tollway import clock
from tollway.guardrails.placeholder import placeholders
from tollway.inspection import as_text, read_answer
from tollway.ledger.open import open_books, path_of
from tollway.money import usd
from tollway.texts.file import beside

BACK = "guardrails: [{name: names, words: [bluebird], do: redact, restore: true}]"
ANSWERS = "guardrails: [{{name: names, words: [bluebird], in: response, do: {}}}]"
CALLS = {
    "chat": CHAT,
    "chat-stream": CHAT.streamed(),
    "claude": CLAUDE,
    "claude-stream": CLAUDE.streamed(),
    "responses": RESPONSES,
    "responses-stream": RESPONSES.streamed(),
    "gemini": GEMINI,
    "gemini-stream": GEMINI_SSE,
}
DIALECTS = {
    CHAT.path: "openai_chat",
    CLAUDE.path: "anthropic_messages",
    RESPONSES.path: "openai_responses",
    GEMINI.path: "gemini",
    GEMINI_SSE.path: "gemini",
}
BILLED = 12
"""Output tokens, as the simulator usually has them."""
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def about(text: str, call: Call) -> Call:
    """The call, saying a text in its dialect."""
    like = {CLAUDE.path: CLAUDE, RESPONSES.path: RESPONSES, CHAT.path: CHAT}.get(call.path, GEMINI)
    return Call(call.host, call.path, {**call.body, **saying(text, like).body})


def read(call: Call, answer: httpx.Response) -> str:
    """The conversation that an answer is, as people read it."""
    return as_text(read_answer(DIALECTS[call.path], answer.content, answer.headers["content-type"]))


async def mask_of(road: Road, client: httpx.AsyncClient, call: Call) -> str:
    """What stands for the word in the session of this call."""
    await post(client, about("about bluebird", call))
    left = sent(road).decode()
    ((start, end),) = placeholders(left)
    return left[start:end]


def saying_back(text: str, size: int) -> Scenario:
    """An answer that says a text, so many characters an event."""
    return Scenario(texts=tuple(text[at : at + size] for at in range(0, len(text), size)))


@every_call
@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_what_was_taken_out_is_put_back_into_the_answer(roads: Roads, call: Call, size: int) -> None:
    """Wherever the provider cuts it."""
    async with roads(BACK) as road, road.client() as client:
        mask = await mask_of(road, client, call)
        road.sim.scenario = saying_back(f"Dear {mask}, {mask[:-1]} is none.", size)

        answer = await post(client, about("about bluebird", call))

        assert answer.status_code == 200
        assert f"Dear bluebird, {mask[:-1]} is none." in read(call, answer)
        assert [row.usage.output_tokens for row in await road.calls(2)] == [BILLED, BILLED]
        assert b"bluebird" not in sent(road)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
async def test_a_compressed_answer_comes_plain(roads: Roads, coding: Any) -> None:
    async with roads(BACK) as road, road.client() as client:
        mask = await mask_of(road, client, CHAT)
        for call in (CHAT, CHAT.streamed()):
            road.sim.scenario = Scenario(texts=(mask,), coding=coding, coding_unasked=True)
            answer = await post(client, about("about bluebird", call))

            assert "content-encoding" not in answer.headers
            assert "bluebird" in read(call, answer)


async def test_a_coding_that_nobody_knows_ends_the_answer(roads: Roads) -> None:
    """What can't be looked through does not pass for looked through."""
    async with roads(ANSWERS.format("block")) as road, road.client() as client:
        road.sim.scenario = Scenario(texts=("bluebird",), content_encoding="rot13")
        with pytest.raises(httpx.RemoteProtocolError):
            await post(client, CHAT.streamed())
        assert (await road.call()).state == "done"


@pytest.mark.parametrize("call", [CHAT, CHAT.streamed()], ids=["json", "stream"])
@pytest.mark.parametrize("policy", [ANSWERS.format("flag"), ANSWERS.format("block, shadow: true")])
async def test_where_nothing_is_kept_back_what_can_not_be_looked_through_passes(
    roads: Roads, policy: str, call: Call
) -> None:
    async with roads(policy) as road, road.client() as client:
        road.sim.scenario = Scenario(texts=("about bluebird",), content_encoding="rot13")

        answer = await post(client, call)

        assert answer.status_code == 200
        assert "bluebird" in answer.text
        assert answer.headers["content-encoding"] == "rot13"


@pytest.mark.parametrize("lines", [1, 20_000], ids=["short", "long"])
@pytest.mark.parametrize("do", ["block", "redact"])
async def test_an_answer_in_one_piece_that_can_not_be_looked_through_is_settled_and_not_passed_on(
    roads: Roads, do: str, lines: int
) -> None:
    """It was paid for; nothing of it stays held."""
    policy = ANSWERS.format(do) + "\nlimits: [{name: day, amount: 1 USD, window: day}]"
    async with roads(policy) as road, road.client() as client:
        road.sim.scenario = Scenario(texts=("about bluebird\n" * lines,), content_encoding="rot13")

        answer = await post(client, CHAT)

        assert answer.status_code == 502
        assert answer.json()["error"]["code"] == "guardrail"
        assert "bluebird" not in answer.text
        row = await road.call()
        assert (row.state, row.status, row.error) == ("done", 200, "guardrail")
        assert row.cost.nano > 0
        await road.rows()
        with closing(open_books(road.ledger_url)) as books:
            (bucket,) = books.buckets(clock.now_us())
        assert (bucket.settled, bucket.held) == (row.cost.nano, 0)


CUT = b'{"choices": [{"index": 0, "message": {"role": "assistant", "content": "about bluebird and'


@pytest.mark.parametrize(("do", "status"), [("block", 502), ("redact", 502), ("flag", 200)])
async def test_an_answer_in_one_piece_that_is_cut_off_is_not_passed_on_where_something_is_to_stay(
    roads: Roads, do: str, status: int
) -> None:
    """It passed unread. What is only flagged is found in it as it is."""
    async with roads(ANSWERS.format(do)) as road, road.client() as client:
        road.sim.scenario = Scenario(body=CUT)

        answer = await post(client, CHAT)

        assert answer.status_code == status
        assert ("bluebird" in answer.text) is (do == "flag")
        row = await road.call()
        assert (row.status, row.state) == (200, "done")
        assert [one.do.word for one in row.findings] == [do]


@every_call
async def test_what_is_found_in_an_answer_is_taken_out_of_it(roads: Roads, call: Call) -> None:
    async with roads(ANSWERS.format("redact")) as road, road.client() as client:
        road.sim.scenario = saying_back("This is the bluebird project.\nIt is good.", 3)

        answer = await post(client, call)

        said = read(call, answer)
        assert "bluebird" not in said
        assert "This is the REDACTED_NAMES_" in said
        assert " project." in said
        row = await road.call()
        assert row.action == "redact names"
        assert [(one.text, one.do.word, one.times) for one in row.findings] == [("response", "redact", 1)]


async def test_a_number_that_a_tool_is_called_with_is_taken_out(roads: Roads) -> None:
    """It was not, where arguments came as a value; a tool that wants a number has one."""
    card = 10**15 + 7
    policy = "guardrails: [{name: n, patterns: ['1000000000000007'], in: response, do: redact}]"
    block: dict[str, Any] = {"type": "tool_use", "id": "t", "name": "pay", "input": {"card": card, "n": 7}}
    async with roads(policy) as road, road.client() as client:
        road.sim.scenario = Scenario(body=orjson.dumps({"type": "message", "content": [block]}))
        answer = await post(client, CLAUDE)

        assert answer.json()["content"][0]["input"] == {"card": 0, "n": 7}
        assert (await road.call()).action == "redact n"


@every_call
async def test_an_answer_ends_before_what_is_blocked_with_its_dialects_own_end(
    roads: Roads, call: Call
) -> None:
    async with roads(ANSWERS.format("block")) as road, road.client() as client:
        road.sim.scenario = saying_back("This is the bluebird project.", 3)

        answer = await post(client, call)

        assert answer.status_code == 200
        assert "bluebird" not in answer.text
        assert " project" not in answer.text
        assert "This is the" in read(call, answer)
        row = await road.call()
        assert (row.action, row.error) == ("block names", None)
        assert row.usage.output_tokens == BILLED


@every_call
async def test_what_is_flagged_in_an_answer_changes_no_byte_of_it(roads: Roads, call: Call) -> None:
    async with roads(ANSWERS.format("flag")) as road, road.client() as client, road.direct() as direct:
        road.sim.scenario = Scenario(texts=("This is ", "the blue", "bird project."), number=7)

        answer, plain = await post(client, call), await post(direct, call)

        assert answer.content == plain.content
        assert [one.do.word for one in (await road.call()).findings] == ["flag"]


@pytest.mark.parametrize("call", [CHAT, CHAT.streamed()], ids=["whole", "stream"])
@pytest.mark.parametrize("do", ["block", "redact", "flag"])
async def test_what_an_error_of_the_provider_says_is_looked_through(
    roads: Roads, do: str, call: Call
) -> None:
    """Some say what the request said."""
    async with roads(ANSWERS.format(do)) as road, road.client() as client:
        road.sim.scenario = Scenario(status=400, message="what is bluebird?")

        answer = await post(client, call)

        assert answer.status_code == 400
        assert answer.json()["error"]["message"].startswith("what is ")
        assert ("bluebird" in answer.text) is (do == "flag")
        assert (await road.call()).action == f"{do} names"


async def test_where_nothing_is_looked_for_an_error_of_the_provider_passes_as_it_is(roads: Roads) -> None:
    async with roads(BACK) as road, road.client() as client:
        mask = await mask_of(road, client, CHAT)
        road.sim.scenario = Scenario(status=400, message=f"what is {mask}?")

        answer = await post(client, about("about bluebird", CHAT))

        assert answer.status_code == 400
        assert mask in answer.text


async def test_a_tool_that_may_not_have_it_gets_the_placeholder(roads: Roads) -> None:
    policy = BACK.replace("restore: true", "restore: true, never_into: ['web_*']")
    async with roads(policy) as road, road.client() as client:
        mask = await mask_of(road, client, CHAT)
        arguments = orjson.dumps({"q": mask}).decode()
        calls = [
            {"id": f"c{n}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for n, name in enumerate(("web_search", "save"))
        ]
        message = {"role": "assistant", "content": mask, "tool_calls": calls}
        body = {"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}
        road.sim.scenario = Scenario(body=orjson.dumps(body))

        answer = (await post(client, about("about bluebird", CHAT))).json()["choices"][0]["message"]

        assert answer["content"] == "bluebird"
        given = [orjson.loads(call["function"]["arguments"])["q"] for call in answer["tool_calls"]]
        assert given == [mask, "bluebird"]


async def test_what_is_kept_of_an_answer_is_what_the_provider_said(roads: Roads) -> None:
    """After redaction: what was taken out is in no file."""
    policy = BACK + "\nrecord: [{}]"
    async with roads(policy) as road, road.client() as client:
        mask = await mask_of(road, client, CHAT)
        road.sim.scenario = saying_back(f"Dear {mask}", 4)
        answer = await post(client, about("about bluebird", CHAT.streamed()))
        assert "bluebird" in read(CHAT, answer)

    kept = b"".join(
        file.read_bytes() for file in beside(path_of(road.ledger_url)).parent.iterdir() if file.is_file()
    )
    assert mask.encode() in kept
    assert b"bluebird" not in kept


@pytest.mark.parametrize("do", ["redact", "block"])
@pytest.mark.parametrize("call", [CHAT, CLAUDE.streamed()], ids=["whole", "stream"])
async def test_what_is_taken_out_of_an_answer_is_in_no_file_either(roads: Roads, call: Call, do: str) -> None:
    """It was kept as the provider said it; and what is put back is not kept for all that."""
    back = "{name: birds, words: [redkite], do: redact, restore: true}]"
    policy = ANSWERS.format(do)[:-1] + f", {back}\nrecord: [{{}}]"
    async with roads(policy) as road, road.client() as client:
        await post(client, about("a redkite", call))
        left = sent(road).decode()
        mask = left[slice(*next(placeholders(left)))]
        road.sim.scenario = saying_back(f"The {mask} and the bluebird.", 4)
        answer = await post(client, about("a redkite", call))
        assert "The redkite and the " in read(call, answer)

        last = (await road.calls(2))[1].id
    kept = texts(road, last)["response"]
    said = as_text(read_answer(DIALECTS[call.path], kept.body or b"", kept.media_type))
    assert f"The {mask} and the " in said
    assert "bluebird" not in said


async def test_a_translated_answer_has_it_back_too(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_KEY", "made-up")
    policy = BACK + (
        "\nroutes: {economy: [{from: claude-sonnet-4-5, to: openai/gpt-4o-mini}]}"
        "\nalways: [{route: economy, match: {provider: anthropic}}]"
        "\ncredentials: {openai: {inject: env:OPENAI_KEY}}"
    )
    async with roads(policy) as road, road.client() as client:
        for call in (CLAUDE, CLAUDE.streamed()):
            mask = await mask_of(road, client, call)
            road.sim.scenario = saying_back(f"Dear {mask}", 4)

            answer = await post(client, about("about bluebird", call))

            assert road.sim.seen[-1].host == "api.openai.com"
            assert "Dear bluebird" in read(call, answer)


async def test_a_long_answer_in_one_piece_is_looked_through_beside_the_event_loop(roads: Roads) -> None:
    """And is settled and passed on as a short one is."""
    async with roads(ANSWERS.format("redact")) as road, road.client() as client:
        road.sim.scenario = Scenario(texts=("a line of it\n" * 20_000, "about bluebird"))

        answer = await post(client, CHAT)

        said = answer.json()["choices"][0]["message"]["content"]
        assert said.startswith("a line of it\na line of it\n")
        assert "REDACTED_NAMES_" in said[-40:]
        assert len(answer.content) == int(answer.headers["content-length"])
        row = await road.call()
        assert (row.usage.output_tokens, row.action) == (BILLED, "redact names")
        assert answer.headers["x-tollway-cost"] == usd(row.cost.nano)
