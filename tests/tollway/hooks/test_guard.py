"""Step 4, over real sockets: what guardrails are about does not leave, or leaves as the policy says."""

import gzip
import threading
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from tests.detection.secret_values import checked
from tests.tollway.calls import BATCH, CHAT, CLAUDE, GEMINI, RESPONSES, UNKNOWN, Call, refusal
from tests.tollway.guarded import KEYS, LOGIN, PICTURE, WORDS, post, saying, sent
from tests.tollway.identified import Roads
from tests.tollway.scanning.conftest import compiled
from tollway.guardrails.placeholder import placeholders
from tollway.hooks import guard
from tollway.hooks.budget import Budget
from tollway.hooks.judging import MANY, Judged
from tollway.policy.load import load
from tollway.proxy import put_in_force

__all__ = ["compiled"]
pytestmark = pytest.mark.usefixtures("compiled")


@pytest.mark.parametrize("call", [CHAT, CLAUDE, GEMINI, RESPONSES], ids=["chat", "claude", "gemini", "resp"])
async def test_a_key_in_a_prompt_is_refused_in_the_providers_shape(roads: Roads, call: Call) -> None:
    """Kind and place are said, the key is not."""
    token = checked("gh" + "p_")(Random(1))
    async with roads(KEYS) as road, road.client() as client:
        answer = await post(client, saying(f"push with {token} please", call))

        assert answer.status_code == 400
        assert answer.headers["x-should-retry"] == "false"
        said = refusal(call, answer.content)[1]
        assert said.startswith("Tollway: the guardrail no-keys blocks this request. It has github_token at /")
        assert token not in answer.text
        assert road.sim.seen == []

        row = await road.call()
        assert (row.error, row.action, row.cost.nano) == ("guardrail", "block github_token", 0)
        (found,) = row.findings
        assert (found.kind, found.by, found.do.word, found.text) == (
            "github_token", "no-keys", "block", "request",
        )  # fmt: skip
        assert token not in repr(await road.rows())


async def test_a_clean_prompt_leaves_as_it_is(roads: Roads) -> None:
    call = saying("how do I rotate a key? token = ${TOKEN}, password: <password>")
    async with roads(KEYS) as road, road.client() as client:
        answer = await post(client, call)

        assert answer.status_code == 200
        assert sent(road) == call.content
        assert (await road.call()).findings == ()


async def test_what_only_looks_like_a_key_is_flagged(roads: Roads) -> None:
    password = Random(2).randbytes(9).hex() + "X!"
    async with roads(KEYS) as road, road.client() as client:
        answer = await post(client, saying(f"db_password = '{password}'"))

        assert answer.status_code == 200
        row = await road.call()
        assert [one.do.word for one in row.findings] == ["flag"]
        assert row.action is not None
        assert row.action.startswith("flag ")


async def test_what_is_redacted_leaves_as_a_placeholder_and_all_else_as_it_was(roads: Roads) -> None:
    call = saying('a "quote", BlueBird\u00e9 no, bluebird yes', temperature=0.5)
    body = call.content.replace(b",", b" ,\n")
    async with roads(WORDS.format("redact")) as road, road.client() as client:
        await client.post(call.url, content=body)

        left = sent(road).decode()
        ((start, end),) = placeholders(left)
        assert left[:start] + "bluebird" + left[end:] == body.decode()
        row = await road.call()
        assert (row.action, row.request_bytes) == ("redact codenames", len(body))


async def test_the_same_value_has_the_same_placeholder_in_each_turn_of_a_session(roads: Roads) -> None:
    """So that the provider's prompt cache survives; another session has another."""
    first, second = saying("about bluebird"), saying("bluebird again")
    async with roads(WORDS.format("redact")) as road, road.client() as client:
        for call, session in ((first, "a"), (second, "a"), (first, "b")):
            await post(client, call, **{"x-claude-code-session-id": session, "session_id": session})

        masks = list[str]()
        for number in range(3):
            left = sent(road, number).decode()
            masks += [left[start:end] for start, end in placeholders(left)]
        one, again, other = masks
        assert one == again != other


async def test_a_history_that_has_placeholders_is_no_news(roads: Roads) -> None:
    async with roads(KEYS.replace("block", "redact") + "\n") as road, road.client() as client:
        token = checked("gh" + "p_")(Random(3))
        await post(client, saying(f"export GITHUB_TOKEN={token}"))
        left = orjson.loads(sent(road))
        await post(client, Call(CHAT.host, CHAT.path, left))

        assert orjson.loads(sent(road)) == left
        assert [len(row.findings) for row in await road.calls(2)] == [1, 0]


@pytest.mark.parametrize("why", ["subscription", "signed"])
async def test_what_may_not_be_changed_is_blocked_instead(roads: Roads, why: str) -> None:
    aws = "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c"
    headers = LOGIN if why == "subscription" else {"authorization": aws}
    async with roads(WORDS.format("redact")) as road, road.client() as client:
        answer = await post(client, saying("about bluebird", CLAUDE), **headers)

        assert answer.status_code == 400
        assert "a request of this kind can't be changed" in answer.text
        assert road.sim.seen == []


async def test_a_compressed_request_is_looked_through_and_leaves_plain_where_it_is_changed(
    roads: Roads,
) -> None:
    call = saying("about bluebird")
    async with roads(WORDS.format("redact")) as road, road.client() as client:
        await client.post(call.url, content=gzip.compress(call.content), headers={"content-encoding": "gzip"})

        assert b"bluebird" not in sent(road)
        assert "content-encoding" not in {name.lower() for name, _ in road.sim.seen[0].headers}


async def test_a_body_that_is_no_json_is_looked_through_as_it_is(roads: Roads) -> None:
    async with roads(WORDS.format("block")) as road, road.client() as client:
        answer = await client.post(CHAT.url, content=b'{"messages": [{"content": "bluebird"')

        assert answer.status_code == 400
        assert road.sim.seen == []


async def test_a_body_whose_coding_nothing_reads_counts_as_one_that_nobody_looked_into(roads: Roads) -> None:
    async with (
        roads("guardrails: [{find: card, do: flag, unscanned: block}]") as road,
        road.client() as client,
    ):
        answer = await client.post(CHAT.url, content=b"????", headers={"content-encoding": "rot13"})

        assert answer.status_code == 400
        assert "a file that can't be looked into" in answer.text


@pytest.mark.parametrize(("unscanned", "status"), [("pass", 200), ("flag", 200), ("block", 400)])
async def test_a_picture_is_as_the_policy_says(roads: Roads, unscanned: str, status: int) -> None:
    picture: dict[str, Any] = {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": PICTURE},
    }
    call = Call(
        CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "messages": [{"role": "user", "content": [picture]}]}
    )
    policy = f"guardrails: [{{find: card, do: flag, unscanned: {unscanned}}}]"
    async with roads(policy) as road, road.client() as client:
        answer = await post(client, call)

        assert answer.status_code == status
        kinds = [one.kind for one in (await road.call()).findings]
        assert kinds == [] if unscanned == "pass" else ["unscanned"]


async def test_where_files_are_blocked_one_by_its_address_is_too_and_an_agents_conversation_goes_on(
    roads: Roads,
) -> None:
    """Of which the provider's own bytes were taken for files."""
    address = {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}
    thoughts = [
        {"type": "thinking", "thinking": "so", "signature": PICTURE},
        {"type": "redacted_thinking", "data": PICTURE},
    ]
    async with (
        roads("guardrails: [{find: card, do: flag, unscanned: block}]") as road,
        road.client() as client,
    ):
        for blocks, status in ((thoughts, 200), ([address], 400)):
            messages = [{"role": "user", "content": blocks}]
            answer = await post(client, Call(CLAUDE.host, CLAUDE.path, {**CLAUDE.body, "messages": messages}))
            assert answer.status_code == status
        assert [len(row.findings) for row in await road.calls(2)] == [0, 1]


async def test_a_long_text_is_searched_beside_the_event_loop(roads: Roads) -> None:
    long = "every day the same. " * 20_000
    async with roads(WORDS.format("block")) as road, road.client() as client:
        good = await post(client, saying(long))
        bad = await post(client, saying(long + "bluebird"))

        assert (good.status_code, bad.status_code) == (200, 400)


async def test_a_list_of_customers_holds_nobody_up(roads: Roads, monkeypatch: pytest.MonkeyPatch) -> None:
    """To judge and take out thousands of values took a second of the event loop, each turn of the talk."""
    loop, judging = threading.get_ident(), list[int]()
    judge = guard.judged

    def seen(*given: Any) -> Judged:
        judging.append(threading.get_ident())
        return judge(*given)

    monkeypatch.setattr(guard, "judged", seen)
    some, many = (" ".join(f"u{n}@firma{n}.de" for n in range(size)) for size in (3, MANY + 1))
    policy = "guardrails: [{find: email, do: redact, restore: true}]"
    async with roads(policy) as road, road.client() as client:
        for text in (some, many):
            await post(client, saying(text))
            assert b"@firma" not in sent(road)

    assert judging[0] == loop != judging[1]


async def test_a_guardrail_in_shadow_says_what_it_would_do(roads: Roads) -> None:
    policy = "guardrails: [{name: later, words: [bluebird], do: block, shadow: true}]"
    async with roads(policy) as road, road.client() as client:
        answer = await post(client, saying("about bluebird"))

        assert answer.status_code == 200
        row = await road.call()
        assert (row.action, row.error) == (None, None)
        assert [(one.by, one.do.word, one.shadow) for one in row.findings] == [("later", "block", True)]


async def test_a_rule_is_about_the_calls_that_it_matches(roads: Roads) -> None:
    policy = "guardrails: [{name: w, words: [bluebird], do: block, match: {provider: anthropic}}]"
    async with roads(policy) as road, road.client() as client:
        assert (await post(client, saying("about bluebird"))).status_code == 200
        assert (await post(client, saying("about bluebird", CLAUDE))).status_code == 400


async def test_another_policy_has_other_guardrails_at_once(roads: Roads) -> None:
    """What was found by the old ones is not what the new ones find."""
    async with roads(WORDS.format("block")) as road, road.client() as client:
        budget = road.step(Budget)
        assert (await post(client, saying("about bluebird"))).status_code == 400
        for policy, status in (
            ("", 200),
            (WORDS.format("block").replace("blue", "black"), 200),
            (WORDS.format("block"), 400),
        ):
            await put_in_force(load("version: 1\n" + policy, "p"), budget.governing, budget.ledger)
            assert (await post(client, saying("about bluebird"))).status_code == status


async def test_what_a_guardrail_flags_is_said_in_the_log_once(
    roads: Roads, caplog: pytest.LogCaptureFixture
) -> None:
    async with roads(WORDS.format("flag")) as road, road.client() as client:
        for _ in range(3):
            await post(client, saying("about bluebird"))
        await road.calls(3)

        told = [each.message for each in caplog.records if "guardrail" in each.message]
        assert len(told) == 1
        assert told[0].startswith("codenames in a request of 127.0.0.1 at /messages/0/content: ")
        assert "bluebird" not in told[0]


async def test_the_example_keeps_keys_and_customers_at_home(roads: Roads) -> None:
    """policies/guardrails.yaml."""
    policy = (Path(__file__).parents[3] / "policies" / "guardrails.yaml").read_text("utf-8")
    token = checked("gh" + "p_")(Random(5))
    async with roads(policy.replace("version: 1\n", "")) as road, road.client() as client:
        refused = await post(client, saying(f"use {token}"))
        await post(client, saying("write to ann.meier@firma.de, from desk@example.com"))

        assert refused.status_code == 400
        left = sent(road).decode()
        assert "firma.de" not in left
        assert "REDACTED_EMAIL_" in left
        assert "desk@example.com" in left


async def test_a_word_that_is_flagged_hides_no_address_that_is_to_be_taken_out(roads: Roads) -> None:
    policy = (
        "guardrails: [{name: w, patterns: ['ask .* now'], do: flag}, {find: email, do: redact},"
        " {find: secrets, do: flag}]"
    )
    async with roads(policy) as road, road.client() as client:
        await post(client, saying("please ask ann.meier@firma.de now"))

        assert "firma.de" not in sent(road).decode()


@pytest.mark.parametrize("call", [UNKNOWN, BATCH], ids=["unknown", "batch"])
@pytest.mark.parametrize("do", ["block", "redact", "flag"])
async def test_what_nothing_reads_does_not_leave_where_something_is_to_stay(
    roads: Roads, call: Call, do: str
) -> None:
    """Unless the policy lets it pass. JSON is looked through, whatever it is for."""
    plain = {"content-type": "application/x-protobuf"}
    async with roads(WORDS.format(do)) as road, road.client() as client:
        refused = await post(client, call, **plain)
        assert (refused.status_code == 403) is (do != "flag")
        assert ("the guardrail codenames can't look through it" in refused.text) is (do != "flag")
        assert len(road.sim.seen) == (do == "flag")
        assert len(await road.calls(1)) == 1
    policy = WORDS.format(do) + "\nfaults: {unknown_call: pass, batch: allow}"
    async with roads(policy) as road, road.client() as client:
        await post(client, call, **plain)
        assert len(road.sim.seen) == 1 + (do == "flag")
