"""A Messages request becomes a Chat request, or a reason why it can't."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.agents.recorded import recorded
from tests.tollway.translation.chats import OPENAI
from tollway.model import Endpoint
from tollway.translation.request import Request, chat_request

BODY: dict[str, Any] = {"model": "claude-opus-4-8", "messages": [{"role": "user", "content": "hi"}]}
TALK = [{"role": "user", "content": "hi"}]
MISTRAL = replace(OPENAI, provider="mistral", habits=frozenset({"nine_letter_ids"}), ask_usage=False)


def sure(body: dict[str, Any], endpoint: Endpoint = OPENAI, model: str = "gpt-5-mini") -> Request:
    """A request that can be translated."""
    found = chat_request({**BODY, **body}, endpoint, model)
    assert isinstance(found, Request), found
    return found


def added(body: dict[str, Any], endpoint: Endpoint = OPENAI, model: str = "gpt-5-mini") -> dict[str, Any]:
    """The members beside model and messages."""
    said = dict(sure(body, endpoint, model).members)
    assert (said.pop("model"), said.pop("messages")) == (model, TALK)
    return said


@pytest.mark.parametrize(
    ("body", "members"),
    [
        ({}, {}),
        ({"stream": False, "stop_sequences": [], "tools": [], "temperature": None}, {}),
        ({"stream": True}, {"stream": True, "stream_options": {"include_usage": True}}),
        ({"temperature": 0.5, "top_p": 1}, {"temperature": 0.5, "top_p": 1}),
        ({"stop_sequences": ["a", "b"]}, {"stop": ["a", "b"]}),
        ({"thinking": {"type": "adaptive"}}, {"reasoning_effort": "high"}),
        ({"metadata": {"user_id": "of an account"}, "service_tier": "auto"}, {}),
        ({"cache_control": {"type": "ephemeral"}}, {}),
        ({"context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]}}, {}),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
            {"response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": {"type": "object"}, "strict": True},
            }},
        ),
    ],
)  # fmt: skip
def test_each_member_has_a_counterpart_or_says_nothing(body: dict[str, Any], members: dict[str, Any]) -> None:
    assert added(body) == members


@pytest.mark.parametrize(
    ("provider", "model", "name"),
    [
        ("openai", "gpt-5-mini", "max_completion_tokens"),
        ("groq", "openai/gpt-oss-120b", "max_completion_tokens"),
        ("mistral", "mistral-large-latest", "max_tokens"),
        ("own", "some-model", "max_tokens"),
    ],
)
def test_the_maximum_is_called_what_the_host_calls_it(provider: str, model: str, name: str) -> None:
    assert added({"max_tokens": 1000}, replace(OPENAI, provider=provider), model) == {name: 1000}


def test_a_host_that_is_not_known_to_take_it_is_not_asked_for_usage() -> None:
    assert added({"stream": True}, MISTRAL, "m") == {"stream": True}


def test_long_names_of_tools_are_told_for_the_way_back() -> None:
    tools = [{"name": name, "input_schema": {}} for name in ("f" * 100, "g")]
    found = sure({"tools": tools})
    (short, long), *others = found.tools.items()

    assert (long, others) == ("f" * 100, [])
    assert [tool["function"]["name"] for tool in found.members["tools"]] == [short, "g"]


USED = [
    *TALK,
    {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "x"}]},
]


def test_ids_are_such_as_the_host_takes() -> None:
    ids = [
        sure({"messages": USED}, endpoint, "m").members["messages"][2]["tool_call_id"]
        for endpoint in (OPENAI, MISTRAL)
    ]

    assert ids[0] == "toolu_1"
    assert len(ids[1]) == 9


def test_models_that_sign_their_calls_go_on_from_none_of_others() -> None:
    why = chat_request({**BODY, "messages": USED}, OPENAI, "google/gemini-3-pro")

    assert why == "messages: google/gemini-3-pro wants the signature of each call of a function"
    assert isinstance(chat_request({**BODY, "messages": USED}, OPENAI, "gemini-2.5-pro"), Request)
    assert isinstance(chat_request(BODY, OPENAI, "gemini-3-pro"), Request)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"top_k": 5}, "top_k: OpenAI Chat has nothing like it"),
        ({"container": {"id": "c"}}, "container: OpenAI Chat has nothing like it"),
        ({"mcp_servers": [{}]}, "mcp_servers: OpenAI Chat has nothing like it"),
        ({"inference_geo": "us"}, "inference_geo: OpenAI Chat has nothing like it"),
        ({"speed": "fast"}, "speed: OpenAI Chat has nothing like it"),
        ({"metadata": {"more": 1}}, "metadata.more: OpenAI Chat has nothing like it"),
        ({"metadata": "me"}, "metadata: it is no object"),
        ({"thinking": "on"}, "thinking: it is no object"),
        ({"service_tier": "batch"}, "service_tier: batch is not known"),
        ({"stop_sequences": list("abcde")}, "stop_sequences: OpenAI Chat takes 4, and here are 5"),
        ({"stop_sequences": [5]}, "stop_sequences: it is no text"),
        ({"output_config": {"task_budget": {}}},
         "output_config.task_budget: OpenAI Chat has nothing like it"),
        ({"output_config": {"format": {"type": "regex"}}}, "output_config.format: regex is not known"),
        ({"output_config": {"format": {"type": "json_schema"}}},
         "output_config.format.schema: it is no object"),
        ({"context_management": {"edits": [{"type": "compact_20260112"}]}},
         "context_management: compact_20260112 is the provider's own"),
        ({"context_management": {"more": 1}}, "context_management.more: OpenAI Chat has nothing like it"),
        ({"tools": [{"type": "web_search_20250305"}]}, "tools: web_search_20250305 is the provider's own"),
        ({"messages": []}, None),
    ],
)  # fmt: skip
def test_what_has_no_counterpart_is_a_reason(body: dict[str, Any], says: str | None) -> None:
    found = chat_request({**BODY, **body}, OPENAI, "gpt-5-mini")

    assert found == says if says is not None else isinstance(found, Request)


WORDS = st.sampled_from(
    [
        *BODY,
        *"role user assistant content type text image source tool_use tool_result id name input tool_use_id"
        " thinking adaptive tools tool_choice input_schema auto output_config effort format schema system"
        " stop_sequences metadata edits context_management caller is_error tool_reference url base64".split(),
    ]
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=5)),
    max_leaves=30,
)


@given(st.dictionaries(WORDS, JSON, max_size=6))
def test_whatever_a_body_holds_it_is_translated_or_there_is_a_reason(body: dict[str, Any]) -> None:
    found = chat_request(body, OPENAI, "gpt-5-mini")

    assert isinstance(found, Request) or found


@pytest.mark.parametrize("name", ["claude-turn-1", "claude-turn-10"])
def test_what_claude_code_really_sends_can_be_translated(name: str) -> None:
    """Its first turn, and its tenth: thoughts, tools side by side, errors, tools to be shown later."""
    body = dict(recorded(name).body)
    said = sure(body).members

    roles = [message["role"] for message in said["messages"]]
    assert roles[:2] == ["system", "user"]
    assert all(a != b or a == "tool" for a, b in pairwise(roles))
    assert len(said["tools"]) == len(body["tools"])
    assert said["max_completion_tokens"] == body["max_tokens"]
    assert said["reasoning_effort"] == "high"
    uses = [call["id"] for message in said["messages"] for call in message.get("tool_calls", [])]
    results = [message["tool_call_id"] for message in said["messages"] if message["role"] == "tool"]
    assert uses == results
    assert (len(uses) > 9) is (name == "claude-turn-10")
