"""A call that does more than be answered, or whose answer hangs on more than it says, is not cached."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.caching.asked import CHAT, messages, question, responses
from tests.tollway.caching.test_canonical import VALUES
from tollway.caching.dialects import (
    DIALECTS,
    EXPIRES,
    LATER,
    OPERATIONS,
    REFERS,
    RUNS,
    SEARCHES,
    STORES,
    Meaning,
)
from tollway.caching.eligible import FORM, NOT_ONE, why_not
from tollway.caching.question import Question
from tollway.model import Kind
from tollway.wire import DIALECTS as READ

FUNCTION = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}


def chat(**members: Any) -> Question:
    return question(CHAT | members)


def gemini(**members: Any) -> Question:
    said = {"contents": [{"parts": [{"text": "hi"}]}]} | members
    return question(said, dialect="gemini", provider="gemini", model="gemini-3-pro")


def converse(**members: Any) -> Question:
    said = {"messages": [{"role": "user", "content": [{"text": "hi"}]}]} | members
    return question(said, dialect="bedrock_converse", provider="bedrock", model="anthropic.claude-opus-4-8")


@pytest.mark.parametrize(
    "call",
    [
        chat(),
        chat(tools=[FUNCTION, {"type": "custom", "custom": {"name": "c"}}], store=False, plugins=[]),
        chat(tools=[], background=None, web_search_options=None),
        chat(model="gpt-5" * 100),
        responses(),
        responses(tools=[{"type": "function", "name": "f"}], input=[{"type": "message", "content": "hi"}]),
        responses(previous_response_id=None, background=False),
        messages(),
        messages(tools=[{"name": "f", "input_schema": {}}, {"type": "bash_20250124", "name": "bash"}]),
        messages(tools=[{"type": "custom", "name": "f"}], stream=True),
        gemini(tools=[{"functionDeclarations": []}, {"function_declarations": []}]),
        converse(toolConfig={"tools": [{"toolSpec": {"name": "f"}}, {"cachePoint": {}}]}),
        question({"model": "e", "input": "hi"}, operation="embeddings", dialect="openai_embeddings"),
        question({"messages": [], "tools": [{"toolSpec": {}}]}, dialect="bedrock_invoke"),
        question({"model": "command", "message": "hi", "tools": [{"name": "f"}]}, dialect="cohere_chat"),
    ],
)
def test_what_is_only_answered_may_be(call: Question) -> None:
    assert why_not(call) is None


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (question(kind=Kind.PASS), NOT_ONE),
        (question(method="GET"), NOT_ONE),
        (question(operation="batch"), NOT_ONE),
        (question(operation="retrieve", dialect="openai_responses"), NOT_ONE),
        (question(operation="images", dialect="openai_images"), NOT_ONE),
        (question(operation="chat", dialect="gemini_interactions"), NOT_ONE),
        (question(dialect=""), NOT_ONE),
        (question(media_type="multipart/form-data; boundary=x"), FORM),
        (chat(store=True), f"{STORES} (store)"),
        (chat(store="yes"), f"{STORES} (store)"),
        (chat(deferred=True), f"{LATER} (deferred)"),
        (chat(web_search_options={"search_context_size": "low"}), f"{SEARCHES} (web_search_options)"),
        (chat(web_search_options=0), f"{SEARCHES} (web_search_options)"),
        (chat(data_sources=[{"type": "azure_search"}]), f"{SEARCHES} (data_sources)"),
        (chat(audio={"voice": "alloy"}), f"{EXPIRES} (audio)"),
        (chat(tools=[FUNCTION, {"type": "web_search"}]), f"{RUNS} (tools)"),
        (chat(tools=[{"type": ["function"]}]), f"{RUNS} (tools)"),
        (chat(tools=["web_search"]), f"{RUNS} (tools)"),
        (chat(tools={"type": "web_search"}), f"{RUNS} (tools)"),
        (chat(tools="web_search"), f"{RUNS} (tools)"),
        (chat(tools=[{"googleSearch": {}}]), f"{RUNS} (tools)"),
        (chat(model="sonar-pro"), f"{SEARCHES} (model)"),
        (chat(model="x/" + "SONAR" * 100), f"{SEARCHES} (model)"),
        (responses(store=None), f"{STORES}, unless store is false"),
        (responses(store=True), f"{STORES}, unless store is false"),
        (responses(store=0), f"{STORES}, unless store is false"),
        (responses(previous_response_id="resp_1"), f"{REFERS} (previous_response_id)"),
        (responses(conversation={"id": "c"}), f"{REFERS} (conversation)"),
        (responses(prompt={"id": "p"}), f"{REFERS} (prompt)"),
        (responses(background=True), f"{LATER} (background)"),
        (responses(tools=[{"type": "mcp", "server_url": "x"}]), f"{RUNS} (tools)"),
        (responses(tools=[{"type": "code_interpreter"}]), f"{RUNS} (tools)"),
        (responses(input=["a", {"type": "item_reference", "id": "i"}]), f"{REFERS} (item_reference)"),
        (responses(input=[{"id": "i"}]), f"{REFERS} (item_reference)"),
        (messages(mcp_servers=[{"url": "x"}]), f"{RUNS} (mcp_servers)"),
        (messages(container="c"), f"{REFERS} (container)"),
        (messages(tools=[{"type": "web_search_20250305", "name": "web_search"}]), f"{RUNS} (tools)"),
        (messages(tools=[{"type": "code_execution_20250825"}]), f"{RUNS} (tools)"),
        (gemini(tools=[{"functionDeclarations": []}, {"googleSearch": {}}]), f"{RUNS} (tools)"),
        (gemini(tools=[{"functionDeclarations": [], "codeExecution": {}}]), f"{RUNS} (tools)"),
        (gemini(request={"tools": [{"urlContext": {}}]}), f"{RUNS} (request.tools)"),
        (gemini(request={"store": True}), f"{STORES} (request.store)"),
        (converse(toolConfig={"tools": [{"systemTool": {"name": "s"}}]}), f"{RUNS} (toolConfig.tools)"),
        (converse(promptVariables={"a": {"text": "b"}}), f"{REFERS} (promptVariables)"),
    ],
)
def test_what_does_more_is_not(call: Question, why: str) -> None:
    assert why_not(call) == why


@given(
    st.dictionaries(st.sampled_from(["tools", "input", "store", "model", "toolConfig", "request"]), VALUES)
)
def test_it_never_raises(members: dict[str, Any]) -> None:
    for dialect in DIALECTS:
        why_not(question(members, dialect=dialect))


def test_every_dialect_of_the_table_is_one() -> None:
    assert DIALECTS.keys() <= READ.keys()


@pytest.mark.parametrize("meaning", DIALECTS.values(), ids=DIALECTS)
def test_what_refuses_is_never_ignored_unless_nothing_is_said(meaning: Meaning) -> None:
    """A member that is ignored tells calls apart no more, so it may have an effect only in calls that are
    not cached."""
    assert not meaning.ignored & {name for name in meaning.effects if meaning.effects[name] != STORES}
    assert bool(meaning.failures) <= bool(meaning.ends)


def test_operations_are_those_that_are_only_answered() -> None:
    assert not OPERATIONS & {"batch", "retrieve", "realtime", "session", "images", "video", "agent", "search"}
