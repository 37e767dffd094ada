"""Which models a request may run."""

import json
from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.access.named import (
    A_BATCH,
    CHOSEN,
    MOST_MODELS,
    NAMED_TWICE,
    NO_MODEL,
    NOT_A_BODY,
    NOT_READ,
    TOO_MANY,
    Named,
    named,
    named_in,
)
from tollway.bound.grammar import table_of
from tollway.model import BATCH, RETRIEVE, Endpoint, Kind
from tollway.wire import DIALECTS
from tollway.wire.request_body import parsed

JSON = "application/json"
FORM = "multipart/form-data; boundary=b"
DIALECT = "openai_chat"
TALK = [{"role": "user", "content": "say hi"}]


def endpoint(dialect: str = DIALECT, kind: Kind = Kind.INFERENCE, **known: Any) -> Endpoint:
    return Endpoint(kind=kind, provider="openai", host="h", dialect=dialect, **{"operation": "chat", **known})


def found(body: Mapping[str, Any] | bytes, media_type: str = JSON, **known: Any) -> Named:
    """What is named in a body."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return named(endpoint(**known), parsed(raw, media_type), raw, media_type)


@pytest.mark.parametrize(
    ("body", "models"),
    [
        ({"model": "gpt-5", "messages": TALK}, ("gpt-5",)),
        ({"model_id": "ibm/granite"}, ("ibm/granite",)),
        ({"modelId": "x"}, ("x",)),
        ({"Model": "b", "model": "a"}, ("b", "a")),
        ({"model": "a", "models": ["b", "a", "c"]}, ("a", "b", "c")),
        ({"model": "a", "fallbacks": ["b", {"model": "c"}]}, ("a", "b", "c")),
        ({"model": "a", "tools": [{"type": "advisor_20260301", "model": "b"}]}, ("a", "b")),
        (
            {"model": "a", "tools": [{"type": "image_generation", "model": "gpt-image-1"}]},
            ("a", "gpt-image-1"),
        ),
        ({"model": "a", "providerOptions": {"gateway": {"models": ["b"]}}}, ("a", "b")),
        ({"model": "a", "plugins": [{"id": "fusion", "judge_model": "b"}]}, ("a", "b")),
        ({"requests": [{"model": "models/a", "content": {"parts": [{"text": "model"}]}}]}, ("models/a",)),
        ({"model": "a" * 300}, ("a" * 300,)),
        ({"-" * 100 + "model": "a"}, ("a",)),
        ({"model\x00": "b", "mo del": "c", "model": "a"}, ("b", "c", "a")),
        ({"model": "a", "model_id": None, "models": []}, ("a",)),
    ],
)
def test_every_model_that_a_body_names_is_found(body: dict[str, Any], models: tuple[str, ...]) -> None:
    assert found(body) == Named(models)


@pytest.mark.parametrize(
    "more",
    [
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "model": "b"}]}]},
        {"input": {"model": "b"}},
        {"metadata": {"model": "b"}},
        {"tools": [{"name": "t", "input_schema": {"properties": {"model": {"type": "string"}}}}]},
        {"tools": [{"type": "function", "function": {"name": "t", "parameters": {"model": "b"}}}]},
        {"response_format": {"type": "json_schema", "json_schema": {"schema": {"model": "b"}}}},
    ],
)
def test_what_models_read_or_a_caller_made_up_names_none(more: dict[str, Any]) -> None:
    assert found({"model": "a", **more}) == Named(("a",))


def test_the_path_names_a_model_beside_the_body() -> None:
    """Whichever counts: both have to be admitted."""
    assert found({"model": "b"}, model="a") == Named(("a", "b"))
    assert found({}, model="a") == Named(("a",))


@pytest.mark.parametrize("body", [{}, {"messages": TALK}, {"model": ""}, {"prompt": {"id": "pmpt_1"}}])
def test_a_call_may_name_no_model(body: dict[str, Any]) -> None:
    """Then it is stored somewhere, or the provider has one by default."""
    assert found(body) == Named(unknown=NO_MODEL)


def test_some_calls_have_no_model_at_all() -> None:
    assert found({"query": "x"}, dialect="perplexity_search") == Named()


@pytest.mark.parametrize(
    "body",
    [
        {"model": 5},
        {"model": {"id": "x"}},
        {"models": [["x"]]},
        {"model": True},
        {
            "generationConfig": {"routingConfig": {"autoMode": {}}, "model": "a"},
            "model_selection_config": {"x": 1},
        },
    ],
)
def test_what_is_no_name_leaves_it_to_the_provider(body: dict[str, Any]) -> None:
    assert found(body).unknown == CHOSEN


def test_a_choice_that_is_not_made_is_none() -> None:
    assert found({"model": "a", "routingConfig": None}) == Named(("a",))


def test_more_models_than_anybody_chooses_from_are_not_looked_at() -> None:
    many = [f"m{i}" for i in range(100_000)]

    assert found({"models": many}) == Named(tuple(many[:MOST_MODELS]), unknown=TOO_MANY)
    assert found({"models": many[:MOST_MODELS]}) == Named(tuple(many[:MOST_MODELS]))


def test_agents_and_presets_have_a_model_of_their_own() -> None:
    assert found({"agent": "deep-research"}) == Named(opaque=("deep-research",))
    assert found({"model": "a", "preset": "cheap"}) == Named(("a",), ("cheap",))
    assert found({"agent_id": "", "model": "a"}) == Named(("a",))
    assert found({"agent": {"id": "x"}}) == Named(unknown=CHOSEN)
    assert found({"model": "a", "voice": {"preset": "warm"}}) == Named(("a",))


@pytest.mark.parametrize(
    "body",
    [
        b'{"model": "a", "model": "b"}',
        b'{"model": "a", "\\u006dodel": "b"}',
        b'{"model": "a", "m\\u006Fdel": "b"}',
        b'{"models": ["a"], "models": ["b"]}',
        b'{"Model": "a", "Model": "b"}',
        b'{"model": "a", "tools": [{"model": "b", "model": "c"}]}',
        b'{"model": "a", "tools": [{"model": "b"}], "tools": []}',
        b'{"agent": "a", "agent": "b"}',
        b'{"model": "a", "generationConfig": {"routingConfig": {"x": 1}}, "generationConfig": {}}',
        b'{"model": "a", "preset": "b", "preset": null}',
    ],
)
def test_of_two_members_of_one_name_nobody_knows_which_counts(body: bytes) -> None:
    assert found(body).unknown == NAMED_TWICE


def test_a_name_that_stands_in_a_text_too_is_not_twice_there() -> None:
    text = '"model": "b", "model"'

    assert found({"model": "a", "messages": [{"role": "user", "content": text}]}) == Named(("a",))


def form(*heads: str) -> bytes:
    """A form with these heads, each with a content that is its place."""
    parts = [f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\nm{i}\r\n" for i, head in enumerate(heads)]
    return "".join([*parts, "--b--\r\n"]).encode()


def test_a_form_names_its_model() -> None:
    assert found(form('name="model"', 'name="file"; filename="a.wav"'), FORM) == Named(("m0",))
    assert found(form('name="model"', 'name="speech_model"'), FORM) == Named(("m0", "m1"))
    assert found(form('name="model"', 'name="image[]"', 'name="image[]"'), FORM) == Named(("m0",))


@pytest.mark.parametrize(
    "heads",
    [
        ('name="model"', 'name="model"'),
        ('name="model"', "name=model"),
        ('name="model"', "name*=utf-8''model"),
        ('name="model"', 'name="x"; name="model"'),
        ('name="model"', 'name="mo\\del"'),
        ('name="model"', 'name="m%6fdel"'),
        ('name="model"', '\r\n name="model"'),
    ],
)
def test_a_form_in_which_readers_may_find_another_is_ambiguous(heads: tuple[str, ...]) -> None:
    assert found(form(*heads), FORM).unknown == NAMED_TWICE


def test_what_nothing_reads_may_name_any() -> None:
    video = endpoint(kind=Kind.UNKNOWN, dialect="", operation="video", model="a")

    assert named(video, None, None, "") == Named(("a",), unknown=NOT_READ)
    assert named(endpoint(kind=Kind.UNKNOWN, operation=""), None, None, "") == Named(
        unknown=NOT_READ, tells_operation=False
    )
    assert named(endpoint(kind=Kind.UNKNOWN, operation=BATCH), None, None, "") == Named(unknown=A_BATCH)
    assert named(endpoint(), None, b"{", JSON) == Named(unknown=NOT_A_BODY)


def test_to_show_an_answer_runs_no_model() -> None:
    assert named(endpoint(operation=RETRIEVE), None, None, "") == Named(runs_none=True)


def test_where_no_rule_asks_for_models_none_is_looked_for() -> None:
    assert named(endpoint(), None, None, "", models=False) == Named()
    assert not named(endpoint(kind=Kind.UNKNOWN, operation=""), None, None, "", models=False).tells_operation


def test_lists_by_which_the_bound_table_says_that_the_provider_chooses_are_known() -> None:
    """A route without one leads nowhere; agents have none."""
    lists = [
        (dialect, member)
        for dialect in DIALECTS
        for member in ("fallbacks", "models")
        if f"'{member}'" in repr(getattr(table_of(dialect), "request", None))
    ]

    assert len(lists) == 5
    for dialect, member in lists:
        assert found({"model": "a", member: ["b"]}, dialect=dialect) == Named(("a", "b"))


KEYS = ("model", "Model", "MODEL", "m\\u006fdel", "\\u006d\\u006F\\u0064el", "mode", "messages")
"""As they stand in a body."""
MEMBERS = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(["a", "b", "c"])), max_size=4)


@given(MEMBERS)
def test_whichever_member_a_reader_goes_by_its_model_is_named(members: list[tuple[str, str]]) -> None:
    """The first of a name or the last, in this case or in any."""
    body = "{" + ", ".join(f'"{key}": "{value}"' for key, value in members) + "}"
    pairs: list[tuple[str, str]] = json.loads(body, object_pairs_hook=list)
    read = [[value for key, value in pairs if same(key) == "model"] for same in (str, str.lower)]
    by = {values[at] for values in read if values for at in (0, -1)}
    said = found(body.encode())

    assert said.unknown is not None or by <= set(said.models)


def test_members_are_found_at_any_depth() -> None:
    """Of a batch, say, in which whole requests stand."""
    body = {"model": "a", "requests": [{"body": {"model": "b", "messages": [{"model": "c"}]}}]}

    assert named_in(body, ("d",)) == Named(("d", "a", "b"))
