"""Clients read an answer that filters changed as they read any other one: real ones, without a network."""

from collections.abc import Sequence
from typing import Any

import anthropic
import httpx2
import openai
import pytest
from google.genai.types import GenerateContentResponse
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from tests.simulator.dialects import anthropic_messages, gemini, openai_chat, openai_responses
from tests.simulator.dialects.dialect import Asked
from tests.simulator.scenario import Scenario
from tests.tollway.guardrails.answers.filtering import Heard, holding, stopping, through
from tests.tollway.guardrails.answers.streams import DONE, SSE, messages, sse
from tollway.guardrails.answers import Filters

SAID = Scenario(events=12, thinking=2)
WORDS = "The simulator answers with the same words every time so that tests"
HELD = pytest.mark.parametrize("sizes", [(0,), (5,), (0, 9, 2), (1000,)])
TOOLS: Sequence[dict[str, Any]] = [
    {
        "tool_calls": [
            {"index": 0, "id": "a", "type": "function", "function": {"name": "get", "arguments": ""}}
        ]
    },
    {"tool_calls": [{"index": 0, "function": {"arguments": '{"city": '}}]},
    {"tool_calls": [{"index": 0, "function": {"arguments": '"Rome"}'}}]},
]


EVENTS = TypeAdapter[ResponseStreamEvent](ResponseStreamEvent)
HEADERS = {"content-type": "text/event-stream"}


def chat(body: bytes) -> Any:
    """What OpenAI's client makes of it."""
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, headers=HEADERS, content=body))
    client = openai.OpenAI(api_key="none", http_client=httpx2.Client(transport=transport))
    with client.chat.completions.stream(model="m", messages=[]) as stream:
        stream.until_done()
        return stream.current_completion_snapshot


def message(body: bytes) -> anthropic.types.Message:
    """What Anthropic's client makes of it."""
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, headers=HEADERS, content=body))
    client = anthropic.Anthropic(api_key="none", http_client=httpx2.Client(transport=transport))
    with client.messages.stream(model="m", max_tokens=9, messages=[]) as stream:
        return stream.get_final_message()


def responses(body: bytes) -> list[ResponseStreamEvent]:
    """The events that OpenAI's client reads, each as strictly as its types have it."""
    return [EVENTS.validate_python(event) for event in messages(body)]


def changed(dialect: str, module: Any, filters: Filters, shape: str = "") -> bytes:
    body = b"".join(module.events(Asked(stream=True, shape=shape), SAID))
    return through(dialect, SSE, [body], filters)


@HELD
def test_openai_s_client_reads_a_chat(sizes: tuple[int, ...]) -> None:
    """With its calls of tools, which it puts together piece by piece."""
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    chunks = [{**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in TOOLS]
    last = {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}

    said = chat(changed("openai_chat", openai_chat, holding(Heard(), sizes)))
    called = chat(through("openai_chat", SSE, [sse(*chunks, last) + DONE], holding(Heard(), sizes)))

    assert (said.choices[0].message.content, said.choices[0].finish_reason) == (WORDS, "stop")
    (call,) = called.choices[0].message.tool_calls
    assert (call.id, call.function.name, call.function.arguments) == ("a", "get", '{"city": "Rome"}')


def test_openai_s_client_is_told_of_a_filter() -> None:
    """By the reason that it knows for it."""
    (choice,) = chat(changed("openai_chat", openai_chat, stopping("words"))).choices

    assert (choice.message.content, choice.finish_reason) == (WORDS.partition("words")[0], "content_filter")


@HELD
def test_openai_s_client_reads_a_response(sizes: tuple[int, ...]) -> None:
    """Its numbers go on by one, and its deltas come to what it says as a whole."""
    events = responses(changed("openai_responses", openai_responses, holding(Heard(), sizes)))

    assert [event.sequence_number for event in events] == [*range(len(events))]
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == WORDS
    assert [event.text for event in events if event.type == "response.output_text.done"] == [WORDS]


def test_openai_s_client_reads_a_response_that_ends_at_a_filter() -> None:
    """As one that is incomplete."""
    end = responses(changed("openai_responses", openai_responses, stopping("words")))[-1]

    assert end.type == "response.incomplete"
    assert end.response.incomplete_details is not None
    assert end.response.incomplete_details.reason == "content_filter"


@HELD
def test_anthropic_s_client_reads_a_message(sizes: tuple[int, ...]) -> None:
    """Thoughts with their signature, then what is said."""
    said = message(changed("anthropic_messages", anthropic_messages, holding(Heard(), sizes)))

    thought, text = said.content
    assert thought.type == "thinking"
    assert (thought.thinking, thought.signature) == (" thought 1 thought 2", anthropic_messages.SIGNATURE)
    assert text.type == "text"
    assert (text.text, said.stop_reason) == (WORDS, "end_turn")


def test_anthropic_s_client_reads_a_message_that_ends_at_a_filter() -> None:
    """As one that is refused."""
    said = message(changed("anthropic_messages", anthropic_messages, stopping("words")))

    assert said.stop_reason == "refusal"
    assert [block.text for block in said.content if block.type == "text"] == [WORDS.partition("words")[0]]


@HELD
def test_google_s_client_reads_chunks(sizes: tuple[int, ...]) -> None:
    """Each as strictly as its types have it."""
    out = messages(changed("gemini", gemini, holding(Heard(), sizes), "sse"))
    chunks = [GenerateContentResponse.model_validate(chunk) for chunk in out]

    parts = [part for chunk in chunks for part in (chunk.parts or [])]
    assert "".join(part.text or "" for part in parts if not part.thought) == WORDS
    assert "".join(part.text or "" for part in parts if part.thought) == " thought 1 thought 2"


def test_google_s_client_reads_chunks_that_end_at_a_filter() -> None:
    """For safety."""
    out = messages(changed("gemini", gemini, stopping("words"), "sse"))
    (candidate,) = GenerateContentResponse.model_validate(out[-1]).candidates or []

    assert candidate.finish_reason == "SAFETY"
