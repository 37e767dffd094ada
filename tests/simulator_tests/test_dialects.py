"""What the dialects write is valid by the SDKs' own types, which the SDKs themselves do not enforce."""

from collections.abc import Iterator
from itertools import product
from typing import Any, Literal

import orjson
import pytest
from anthropic.types import Message, RawMessageStreamEvent
from anthropic.types.beta import BetaMessage, BetaRawMessageStreamEvent
from google.genai.types import GenerateContentResponse
from openai.types import Completion, CreateEmbeddingResponse
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from tests.simulator import Iteration, Scenario, Usage
from tests.simulator.dialects import (
    anthropic_messages,
    gemini,
    openai_chat,
    openai_completions,
    openai_embeddings,
    openai_responses,
)
from tests.simulator.dialects.dialect import Asked
from tests.simulator.dialects.example import example

FULL = Usage(
    input_tokens=1000,
    cache_read_tokens=600,
    cache_write_tokens=300,
    cache_write_1h_tokens=200,
    cache_write_12h_tokens=100,
    output_tokens=70,
    reasoning_tokens=30,
    input_audio_tokens=5,
    input_image_tokens=6,
    output_audio_tokens=7,
    rejected_prediction_tokens=8,
    web_searches=2,
    web_fetches=1,
    speed="fast",
    geo="us",
)
ZEROS = Usage(input_tokens=0, output_tokens=0, web_searches=0)
FINISHES: tuple[Literal["stop", "length", "refusal"], ...] = ("stop", "length", "refusal")
SCENARIOS = [
    Scenario(usage=usage, thinking=thinking, finish=finish)
    for usage, thinking, finish in product((FULL, ZEROS, Usage()), (0, 2), FINISHES)
]


def sse(events: list[bytes]) -> Iterator[Any]:
    """The JSON of each event's data."""
    for event in events:
        data = event.decode().partition("data: ")[2].strip()
        if data != "[DONE]":
            yield orjson.loads(data)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_chat_is_valid(scenario: Scenario) -> None:
    ChatCompletion.model_validate_json(openai_chat.whole(Asked(), scenario), strict=True)
    chunks = [
        ChatCompletionChunk.model_validate(chunk, strict=True)
        for chunk in sse(openai_chat.events(Asked(usage=True), scenario))
    ]
    assert [chunk.usage is not None for chunk in chunks] == [False] * (len(chunks) - 1) + [True]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_completions_and_embeddings_are_valid(scenario: Scenario) -> None:
    Completion.model_validate_json(openai_completions.whole(Asked(), scenario))
    CreateEmbeddingResponse.model_validate_json(openai_embeddings.whole(Asked(inputs=2), scenario))
    for chunk in sse(openai_completions.events(Asked(), scenario)):
        assert chunk["object"] == "text_completion"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_responses_are_valid(scenario: Scenario) -> None:
    whole = Response.model_validate_json(openai_responses.whole(Asked(), scenario))
    adapter: TypeAdapter[ResponseStreamEvent] = TypeAdapter(ResponseStreamEvent)
    events = [adapter.validate_python(event) for event in sse(openai_responses.events(Asked(), scenario))]

    assert [event.sequence_number for event in events] == list(range(len(events)))
    last = events[-1]
    assert last.type in ("response.completed", "response.incomplete")
    assert last.response == whole


def test_a_response_may_fail() -> None:
    last = list(sse(openai_responses.events(Asked(), Scenario(finish="failed", usage=FULL))))[-1]

    assert last["type"] == "response.failed"
    assert last["response"]["usage"]["output_tokens"] == 70
    assert last["response"]["error"]["code"] == "server_error"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_messages_are_valid(scenario: Scenario) -> None:
    Message.model_validate_json(anthropic_messages.whole(Asked(), scenario))
    adapter: TypeAdapter[RawMessageStreamEvent] = TypeAdapter(RawMessageStreamEvent)
    events = list(sse(anthropic_messages.events(Asked(), scenario)))

    kinds = [adapter.validate_python(event).type for event in events if event["type"] != "ping"]

    assert kinds[0] == "message_start"
    assert kinds[-2:] == ["message_delta", "message_stop"]


def test_iterations_are_valid() -> None:
    entries = tuple(
        Iteration(type=kind, model="m", input_tokens=10, cache_read_tokens=4, output_tokens=1)
        for kind in ("message", "compaction", "advisor_message", "fallback_message")
    )
    scenario = Scenario(usage=Usage(iterations=entries))
    adapter: TypeAdapter[BetaRawMessageStreamEvent] = TypeAdapter(BetaRawMessageStreamEvent)

    message = BetaMessage.model_validate_json(anthropic_messages.whole(Asked(), scenario))
    for event in sse(anthropic_messages.events(Asked(), scenario)):
        if event["type"] != "ping":
            adapter.validate_python(event)

    assert message.usage.iterations is not None
    assert [entry.input_tokens for entry in message.usage.iterations] == [6] * 4


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("shape", ["sse", "array", "sse.code_assist", "array.code_assist"])
def test_gemini_is_valid(scenario: Scenario, shape: str) -> None:
    pieces = gemini.events(Asked(shape=shape), scenario)
    chunks = list(sse(pieces)) if shape.startswith("sse") else orjson.loads(b"".join(pieces))

    answers = [chunk["response"] if shape.endswith("assist") else chunk for chunk in chunks]

    for answer in answers:
        GenerateContentResponse.model_validate(answer)
    assert answers[-1]["candidates"][0]["finishReason"] in ("STOP", "MAX_TOKENS", "SAFETY")
    counts = [answer["usageMetadata"]["candidatesTokenCount"] for answer in answers]
    assert counts == sorted(counts)


def test_gemini_counts_thoughts_beside_the_candidates() -> None:
    usage = orjson.loads(gemini.whole(Asked(), Scenario(usage=FULL)))["usageMetadata"]

    assert (usage["candidatesTokenCount"], usage["thoughtsTokenCount"]) == (40, 30)
    assert usage["totalTokenCount"] == 1070


def test_anthropic_counts_cached_input_apart() -> None:
    usage = orjson.loads(anthropic_messages.whole(Asked(), Scenario(usage=FULL)))["usage"]

    assert usage["input_tokens"] == 100
    assert usage["cache_creation"] == {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 200}
    assert (usage["speed"], usage["inference_geo"]) == ("fast", "us")


@pytest.mark.parametrize(
    ("usage_at", "started", "ended"),
    [
        ("usual", 20, {"input_tokens": 20, "output_tokens": 12}),
        ("last", 0, {"input_tokens": 20, "output_tokens": 12}),
        ("sparse", 20, {"output_tokens": 12}),
    ],
)
def test_anthropic_reports_at_both_ends(usage_at: Any, started: int, ended: dict[str, int]) -> None:
    events = list(sse(anthropic_messages.events(Asked(), Scenario(usage_at=usage_at))))

    assert events[0]["message"]["usage"]["input_tokens"] == started
    delta = events[-2]["usage"]
    assert {name: delta.get(name) for name in ended} == ended
    assert ("input_tokens" in delta) == ("input_tokens" in ended)


def test_chat_usage_may_come_in_the_middle_or_everywhere() -> None:
    middle = list(sse(openai_chat.events(Asked(usage=True), Scenario(usage_at="middle"))))
    every = list(sse(openai_chat.events(Asked(usage=False), Scenario(usage_at="every"))))

    assert [bool(chunk["usage"]) for chunk in middle][-3:] == [True, False, False]
    assert all(chunk["usage"]["prompt_tokens"] == 20 for chunk in every)
    assert all(chunk["choices"] for chunk in every)


@pytest.mark.parametrize("dialect", [openai_chat, openai_responses, anthropic_messages, gemini])
def test_usage_may_be_missing(dialect: Any) -> None:
    scenario = Scenario(usage=None)

    written = dialect.whole(Asked(), scenario) + b"".join(dialect.events(Asked(shape="sse"), scenario))

    assert b'"usageMetadata"' not in written
    assert b'"usage":{' not in written


@pytest.mark.parametrize("dialect", [openai_chat, openai_responses, anthropic_messages, gemini])
def test_usage_may_be_anything(dialect: Any) -> None:
    scenario = Scenario(usage=Usage(raw='{"prompt_tokens": "many"}'))

    assert b'{"prompt_tokens": "many"}' in dialect.whole(Asked(), scenario)
    assert b'{"prompt_tokens": "many"}' in b"".join(dialect.events(Asked(shape="sse"), scenario))


@pytest.mark.parametrize("dialect", [openai_chat, openai_completions, openai_responses, anthropic_messages])
def test_a_stream_may_break_off_with_an_error(dialect: Any) -> None:
    events = dialect.events(Asked(), Scenario(finish="error", message="Simulated."))

    assert b"Simulated." in events[-1]
    assert b"[DONE]" not in b"".join(events)


def test_gemini_streams_break_off_in_their_own_shape() -> None:
    scenario = Scenario(finish="error", message="Simulated.")

    array = orjson.loads(b"".join(gemini.events(Asked(shape="array"), scenario)))

    assert array[-1]["error"]["message"] == "Simulated."
    assert orjson.loads(gemini.error(Asked(shape="array"), Scenario(status=429)))[0]["error"]["code"] == 429


@pytest.mark.parametrize(
    ("path", "query", "body", "shape", "model", "stream"),
    [
        ("/v1beta/models/g:streamGenerateContent", "alt=sse&key=x", {}, "sse", "g", True),
        ("/v1beta/models/g:streamGenerateContent", "", {}, "array", "g", True),
        ("/v1beta/models/g:generateContent", "", {}, "generateContent", "g", False),
        ("/v1internal:streamGenerateContent", "alt=sse", {"model": "g"}, "sse.code_assist", "g", True),
        (
            "/v1internal:generateContent",
            "",
            {"model": 7},
            "generateContent.code_assist",
            "gemini-simulated",
            False,
        ),
    ],
)
def test_gemini_reads_the_path(
    path: str, query: str, body: dict[str, Any], shape: str, model: str, stream: bool
) -> None:
    asked = gemini.ask(path, query, body)

    assert (asked.shape, asked.model, asked.stream) == (shape, model, stream)


def test_azure_names_the_model_in_the_path() -> None:
    asked = openai_chat.ask("/openai/deployments/my-gpt/chat/completions", "api-version=1", {})

    assert asked.model == "my-gpt"


def test_compaction_and_counts() -> None:
    compact = orjson.loads(openai_responses.whole(Asked(shape="compact"), Scenario()))
    count = orjson.loads(openai_responses.whole(Asked(shape="input_tokens"), Scenario()))

    assert (compact["object"], compact["usage"]["input_tokens"]) == ("response.compaction", 20)
    assert count == {"object": "response.input_tokens", "input_tokens": 20}


def test_json_is_answered_where_a_schema_asks_for_it() -> None:
    """Gemini CLI's router retries five times otherwise."""
    schema = {
        "type": "OBJECT",
        "properties": {
            "score": {"type": ["integer", "null"]},
            "why": {"type": "array", "items": {"enum": ["a"]}},
        },
    }
    bodies: list[tuple[Any, dict[str, Any]]] = [
        (gemini, {"generationConfig": {"responseJsonSchema": schema}}),
        (openai_chat, {"response_format": {"type": "json_schema", "json_schema": {"schema": schema}}}),
        (openai_responses, {"text": {"format": {"type": "json_schema", "schema": schema}}}),
        (anthropic_messages, {"output_config": {"format": {"type": "json_schema", "schema": schema}}}),
    ]

    for dialect, body in bodies:
        asked = dialect.ask("/models/g:generateContent", "", body)
        assert asked.json == '{"score":1,"why":["a"]}'
        written = dialect.whole(asked, Scenario()).decode()
        assert '{\\"score\\":1' in written
        assert "same words" in dialect.whole(asked, Scenario(text="same words")).decode()


def test_endless_schemas_have_small_examples() -> None:
    schema: dict[str, Any] = {"type": "object"}
    schema["properties"] = {"again": schema}

    assert example(schema).endswith('{"again":null' + "}" * 21)
    assert example({"const": 5}) == "5"
    assert example({"type": "unheard-of"}) == "null"
