"""The same call has the same key, every other one another, and no caller finds a way into other scopes."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.caching.asked import CHAT, messages, question, responses
from tests.tollway.caching.test_canonical import TEXTS, VALUES, plain
from tollway.caching.canonical import TWICE
from tollway.caching.dialects import DIALECTS
from tollway.caching.key import NO_HEAD, key
from tollway.caching.question import Question

HERE = "user ann"


def of(call: Question, scope: str = HERE, own: str = "", **more: Any) -> bytes:
    found = key(call, scope, own, **more)
    assert isinstance(found, bytes)
    assert len(found) == 32
    return found


def test_order_and_white_space_do_not_count() -> None:
    turned = orjson.dumps(dict(reversed(CHAT.items())), option=orjson.OPT_INDENT_2)

    assert of(question(turned.replace(b": 0", b": 0.0"))) == of(question())


@pytest.mark.parametrize(
    "other",
    [
        question({**CHAT, "temperature": 0.1}),
        question({**CHAT, "seed": 1}),
        question({**CHAT, "n": 2}),
        question({**CHAT, "tools": [{"type": "function", "function": {"name": "f"}}]}),
        question({**CHAT, "response_format": {"type": "json_object"}}),
        question({**CHAT, "reasoning_effort": "low"}),
        question({**CHAT, "stream": True}),
        question({**CHAT, "stream_options": {"include_usage": True}}),
        question({**CHAT, "nobody_knows_it": 1}),
        question({**CHAT, "session_id": "s1"}),
        question({**CHAT, "model": "gpt-5-mini"}),
        question({**CHAT, "messages": [{"role": "user", "content": "hi "}]}),
        question({**CHAT, "messages": [{"role": "user", "content": "h\u0456"}]}),
        question(CHAT, host="eu.api.openai.com"),
        question(CHAT, host="acme.openai.azure.com"),
        question(CHAT, provider="corp"),
        question(CHAT, port=8443),
        question(CHAT, path="/v1/chat/completions?api-version=2"),
        question(CHAT, path="/openai/deployments/x/chat/completions"),
        question(CHAT, method="PUT"),
        question(CHAT, operation="completion"),
        question(CHAT, dialect="openai_completions"),
        question(CHAT, upstream="groq"),
        question({key: value for key, value in CHAT.items() if key != "model"}, model="gpt-5"),
        question(CHAT, stream=True),
        question(CHAT, headers={"openai-beta": "assistants=v2"}),
        question(CHAT, headers={"x-some-beta-features": "a"}),
        question(CHAT, headers={"x-amzn-bedrock-guardrailidentifier": "g"}),
    ],
)
def test_what_an_answer_may_hang_on_counts(other: Question) -> None:
    assert of(other) != of(question())


@pytest.mark.parametrize(
    "same",
    [
        question({**CHAT, "user": "ann", "metadata": {"run": "7"}, "safety_identifier": "x"}),
        question({**CHAT, "prompt_cache_key": "session-1", "service_tier": "flex", "store": False}),
        question(CHAT, headers={"authorization": "Bearer other", "x-request-id": "9", "user-agent": "curl"}),
        question(CHAT, path="/v1/chat/completions?key=other&access_token=some"),
    ],
)
def test_what_says_nothing_of_the_answer_does_not(same: Question) -> None:
    """A credential is none of it: who may share is for the scope to say."""
    assert of(same) == of(question())


def test_what_answers_repeat_counts_unless_the_policy_says_otherwise() -> None:
    """Responses have the metadata of their requests."""
    ignored = [("metadata",)]

    assert of(responses(metadata={"run": "1"})) != of(responses(metadata={"run": "2"}))
    assert of(responses(metadata={"run": "1"}), ignored=ignored) == of(responses(), ignored=ignored)


def test_a_policy_may_leave_out_a_part_of_a_member() -> None:
    one, other = (messages(output_config={"trace": n, "effort": "low"}) for n in (1, 2))

    assert of(one) != of(other)
    assert of(one, ignored=[("output_config", "trace")]) == of(other, ignored=[("output_config", "trace")])


@given(st.dictionaries(TEXTS, VALUES, max_size=4), st.dictionaries(TEXTS, VALUES, max_size=4))
def test_any_change_of_a_member_that_counts_is_another_key(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    ignored = DIALECTS["openai_chat"].ignored
    first, second = ({name: each[name] for name in each if name not in ignored} for each in (one, other))

    assert (of(question(one)) == of(question(other))) is (plain(first) == plain(second))


SCOPES = st.text(st.characters(codec="utf-8"), max_size=6)


@given(SCOPES, SCOPES, SCOPES, SCOPES)
def test_no_two_scopes_and_no_two_keys_of_callers_are_taken_for_each_other(
    scope: str, own: str, other_scope: str, other_own: str
) -> None:
    """A caller's key leads nowhere but into its own scope, whatever it is made of."""
    same = (scope, own) == (other_scope, other_own)

    assert (of(question(), scope, own) == of(question(), other_scope, other_own)) is same


@pytest.mark.parametrize(
    "own", ['"', '","', "user bob", '["user bob"]', "\\", "a,b", "team x\n", "x-tollway-cache-key: y"]
)
def test_a_callers_key_that_looks_like_a_scope_is_none(own: str) -> None:
    assert of(question(), HERE, own) not in {of(question(), scope) for scope in ("user bob", "team x", HERE)}


def test_a_body_that_readers_differ_in_has_no_key() -> None:
    assert key(question(b'{"model":"gpt-5","model":"gpt-5"}'), HERE) == TWICE


def test_names_that_are_no_text_have_none() -> None:
    assert key(question(), "user \udc80") == NO_HEAD
    assert key(question(path="/v1/\udc80"), HERE) == NO_HEAD
