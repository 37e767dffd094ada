"""A clamp lowers or puts the maximum, and changes no other byte."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tollway.model import Asked, Endpoint, Kind
from tollway.wire import DIALECTS
from tollway.wire.output_fields import places
from tollway.wire.output_maximum import clamped, may_clamp


def endpoint(dialect: str, provider: str = "someone", subscription: bool = False) -> Endpoint:
    return Endpoint(
        kind=Kind.INFERENCE,
        provider=provider,
        host="h",
        operation="chat",
        dialect=dialect,
        errors=dialect,
        subscription=subscription,
    )


def clamp(
    dialect: str, body: bytes, maximum: int, model: str | None = None, provider: str = "someone"
) -> bytes:
    return clamped(endpoint(dialect, provider), Asked(model=model), body, orjson.loads(body), maximum)


@pytest.mark.parametrize(
    ("dialect", "body", "edited"),
    [
        ("anthropic_messages", b'{ "max_tokens" : 64000 ,"a":1.0}', b'{ "max_tokens" : 500 ,"a":1.0}'),
        (
            "anthropic_messages",
            b'{"messages":[{"max_tokens":9000}]}',
            b'{"max_tokens":500,"messages":[{"max_tokens":9000}]}',
        ),
        (
            "anthropic_messages",
            b'{"max_tokens":9000,"thinking":{"budget_tokens":400}}',
            b'{"max_tokens":500,"thinking":{"budget_tokens":400}}',
        ),
        ("anthropic_messages", b'{"max_tokens":0}', b'{"max_tokens":0}'),
        ("openai_responses", b'{"input":"hi"}', b'{"max_output_tokens":500,"input":"hi"}'),
        ("openai_responses", b'{"max_output_tokens":null}', b'{"max_output_tokens":500}'),
        ("openai_chat", b"{}", b'{"max_tokens":500}'),
        ("openai_chat", b'{"max_completion_tokens":9000}', b'{"max_tokens":500,"max_completion_tokens":500}'),
        ("gemini", b'{"contents":[]}', b'{"generationConfig":{"maxOutputTokens":500},"contents":[]}'),
        (
            "gemini",
            b'{"generation_config":{"max_output_tokens":9000}}',
            b'{"generation_config":{"max_output_tokens":500}}',
        ),
        (
            "gemini",
            b'{"generation_config":{"topK": 1}}',
            b'{"generation_config":{"maxOutputTokens":500,"topK": 1}}',
        ),
        ("gemini", b'{"generationConfig":null}', b'{"generationConfig":{"maxOutputTokens":500}}'),
        (
            "gemini",
            b'{"generationConfig":{"maxOutputTokens":"9000"}}',
            b'{"generationConfig":{"maxOutputTokens":500}}',
        ),
        (
            "gemini",
            b'{"generationConfig":{"maxOutputTokens":"90"}}',
            b'{"generationConfig":{"maxOutputTokens":"90"}}',
        ),
        (
            "gemini",
            b'{"generationConfig":{"maxOutputTokens":0}}',
            b'{"generationConfig":{"maxOutputTokens":500}}',
        ),
        (
            "gemini",
            b'{"request":{"contents":[]}}',
            b'{"request":{"generationConfig":{"maxOutputTokens":500},"contents":[]}}',
        ),
        (
            "bedrock_converse",
            b'{"inferenceConfig":{"maxTokens":9000}}',
            b'{"inferenceConfig":{"maxTokens":500}}',
        ),
        (
            "bedrock_converse",
            b'{"inferenceConfig":{"maxTokens":5},"additionalModelRequestFields":{"max_tokens":9000}}',
            b'{"inferenceConfig":{"maxTokens":5},"additionalModelRequestFields":{"max_tokens":500}}',
        ),
        (
            "bedrock_converse",
            b'{"additionalModelRequestFields":null}',
            b'{"inferenceConfig":{"maxTokens":500},"additionalModelRequestFields":null}',
        ),
        (
            "bedrock_converse",
            b'{"max_tokens":2}',
            b'{"inferenceConfig":{"maxTokens":500},"max_tokens":2}',
        ),
        ("ollama", b'{"options":{"num_predict":-1}}', b'{"options":{"num_predict":500}}'),
        ("mistral_conversations", b'{"completion_args":{}}', b'{"completion_args":{"max_tokens":500}}'),
        ("openai_embeddings", b'{"max_tokens":9000}', b'{"max_tokens":9000}'),
    ],
)
def test_a_maximum_is_lowered_or_put(dialect: str, body: bytes, edited: bytes) -> None:
    assert clamp(dialect, body, 500) == edited


@pytest.mark.parametrize(
    ("body", "edited"),
    [
        (b'{"max_tokens":9000}', b'{"max_tokens":500}'),
        (b'{"max_tokens":null}', b'{"max_completion_tokens":500,"max_tokens":null}'),
        (b'{"max_tokens":null,"max_completion_tokens":9}', b'{"max_tokens":null,"max_completion_tokens":9}'),
        (b'{"max_tokens":9000,"max_tokens":null}', b'{"max_tokens":500,"max_tokens":500}'),
        (b'{"max_tokens":8,"max_tokens":9000}', b'{"max_tokens":8,"max_tokens":500}'),
    ],
    ids=["it keeps the name", "null is no value", "null beside a value", "null as a duplicate", "duplicates"],
)
def test_openai_is_never_told_by_two_names(body: bytes, edited: bytes) -> None:
    """It refuses both at once; whichever of the duplicates a reader goes by makes no difference."""
    assert clamp("openai_chat", body, 500, model="gpt-5", provider="openai") == edited


@pytest.mark.parametrize(
    "said", [b"9000", b"9e3", b"501.0", b"1.5", b"-2", b'"9000"', b"true", b"[]", b"1000000000000000"]
)
def test_what_is_no_smaller_count_is_lowered(said: bytes) -> None:
    assert clamp("anthropic_messages", b'{"max_tokens":' + said + b"}", 500) == b'{"max_tokens":500}'


@pytest.mark.parametrize("said", [b"500", b"5e2", b"1", b"7.0"])
def test_a_smaller_maximum_stays_as_it_is_written(said: bytes) -> None:
    body = b'{"max_tokens":' + said + b"}"

    assert clamp("openai_chat", body, 500) == body


def test_duplicates_of_an_object_are_each_clamped() -> None:
    body = (
        b'{"generationConfig":{"maxOutputTokens":9},"generationConfig":null,"generation_config":{"topP":1}}'
    )

    assert clamp("gemini", body, 500) == (
        b'{"generationConfig":{"maxOutputTokens":9},"generationConfig":{"maxOutputTokens":500},'
        b'"generation_config":{"maxOutputTokens":500,"topP":1}}'
    )


FIELDS = [
    "max_tokens", "max_completion_tokens", "max_output_tokens", "maxTokens", "maxOutputTokens", "num_predict",
    "generationConfig", "generation_config", "inferenceConfig", "additionalModelRequestFields", "options",
    "completion_args", "messages", "model", "thinking", "budget_tokens",
]  # fmt: skip
VALUES = st.none() | st.integers(-2, 2000) | st.sampled_from(["a", "700", True, 1e3, 12.5])
OBJECTS = st.dictionaries(st.sampled_from(FIELDS), VALUES | st.lists(VALUES, max_size=2), max_size=5)
BODIES = st.dictionaries(st.sampled_from(FIELDS), VALUES | OBJECTS, max_size=6)


def without_maxima(value: Any, names: frozenset[str]) -> Any:
    """The value without the members that a clamp may change, and objects that are left empty."""
    if not isinstance(value, dict):
        return value
    inner = {key: without_maxima(v, names) for key, v in value.items() if key not in names}
    return {key: v for key, v in inner.items() if v not in ({}, None)}


@given(st.sampled_from(sorted(DIALECTS)), BODIES, st.integers(1, 1500))
def test_a_clamp_changes_nothing_but_maxima_and_a_second_one_nothing(
    dialect: str, body: dict[str, Any], maximum: int
) -> None:
    asked, place = Asked(model=None), places(endpoint(dialect), Asked(), body)
    names = frozenset(name for one in place for name in (*one.names, *one.also))
    if not may_clamp(endpoint(dialect), asked, body):
        return
    written = orjson.dumps(body)

    edited = clamp(dialect, written, maximum)

    assert without_maxima(orjson.loads(edited), names) == without_maxima(body, names)
    assert clamp(dialect, edited, maximum) == edited
    said = DIALECTS[dialect].read_request(endpoint(dialect), orjson.loads(edited)).max_output_tokens
    assert said is not None
    assert said <= maximum


@pytest.mark.parametrize("why", ["signed", "subscription", "form"], ids=["signed", "a flat plan's", "a form"])
def test_what_may_not_change_is_not_clamped(why: str) -> None:
    assert may_clamp(endpoint("openai_chat"), Asked(), {})
    assert not may_clamp(endpoint("openai_chat"), Asked(), {}, **{why: True})


def test_a_host_where_programs_log_in_is_not_clamped() -> None:
    """A flat plan's, or one that bills."""
    free = endpoint("openai_responses")

    assert may_clamp(free, Asked(), {})
    assert not may_clamp(replace(free, subscription=True), Asked(), {})
    assert not may_clamp(replace(free, untouched=True), Asked(), {})


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("openai_embeddings", {}),
        ("gemini", {"generationConfig": []}),
        ("gemini", {"generation_config": "x"}),
        ("gemini", {"request": {"generationConfig": 1}}),
        ("bedrock_converse", {"additionalModelRequestFields": 1}),
        (
            "bedrock_converse",
            {"additionalModelRequestFields": {"reasoningConfig": {"maxReasoningEffort": "high"}}},
        ),
        (
            "bedrock_converse",
            {
                "additionalModelRequestFields": {
                    "inferenceConfig": {"reasoningConfig": {"maxReasoningEffort": "high"}}
                }
            },
        ),
        ("ollama", {"options": "none"}),
    ],
    ids=[
        "no maximum",
        "a list",
        "a text",
        "a number within",
        "no object beside",
        "Nova's effort",
        "deeper",
        "no options",
    ],
)
def test_a_request_that_can_take_no_maximum_is_not_clamped(dialect: str, body: dict[str, Any]) -> None:
    assert not may_clamp(endpoint(dialect), Asked(), body)


@pytest.mark.parametrize("effort", ["low", "medium", None])
def test_novas_lower_efforts_take_a_maximum(effort: str | None) -> None:
    body = {"additionalModelRequestFields": {"reasoningConfig": {"maxReasoningEffort": effort}}}

    assert may_clamp(endpoint("bedrock_converse"), Asked(), body)


def test_a_duplicate_that_is_no_object_is_an_error() -> None:
    with pytest.raises(ValueError, match="no JSON object"):
        clamp("gemini", b'{"generationConfig":[],"generationConfig":{}}', 500)
