"""Mistral's conversations report what their model, agents and connectors used."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.dialect import Reader
from tollway.wire.mistral_conversations import MistralConversations, usage_of

HERE = Endpoint(
    kind=Kind.INFERENCE, provider="mistral", host="api.mistral.ai", dialect="mistral_conversations"
)
TALK = MistralConversations()
USAGE = {
    "prompt_tokens": 188, "completion_tokens": 55, "total_tokens": 7355,
    "connector_tokens": 7112, "connectors": {"web_search": 1},
}  # fmt: skip
USED = Usage(input_tokens=7300, output_tokens=55, web_searches=1)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (USAGE, USED),
        (
            {"prompt_tokens": 91, "completion_tokens": 29, "connector_tokens": None, "connectors": None},
            Usage(input_tokens=91, output_tokens=29),
        ),
        (
            {
                "prompt_tokens": 9,
                "completion_tokens": 2,
                "connector_tokens": 1,
                "connectors": {
                    "web_search": 1, "web_search_premium": 2, "code_interpreter": 3, "image_generation": 4,
                },
            },
            Usage(input_tokens=10, output_tokens=2, web_searches=3, tool_calls=7),
        ),
        ({"prompt_tokens": -1, "connectors": {"web_search": "x"}}, None),
        ({"connectors": [1], "connector_tokens": True}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_what_connectors_fetched_is_input(usage: dict[str, Any], expected: Usage | None) -> None:
    """188 + 7,112 + 55 are the total of 7,355."""
    assert usage_of(usage) == expected


def said(content: Any, **more: Any) -> dict[str, Any]:
    return {"type": "message.output.delta", "id": "msg_1", "content": content, "role": "assistant", **more}


STARTED = {"type": "conversation.response.started", "conversation_id": "conv_1"}
DONE = {"type": "conversation.response.done", "usage": USAGE}


def events(*messages: dict[str, Any]) -> bytes:
    return "".join(f"event: {m['type']}\ndata: {json.dumps(m)}\n\n" for m in messages).encode()


def read(body: bytes, places: list[int] | None = None, stream: bool = True, kind: str = "") -> Reader:
    reader = TALK.reader(HERE, Asked(stream=stream), {"content-type": kind} if kind else {})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


def test_a_stream_reports_at_its_end() -> None:
    """Its model is named by what it says; thoughts, and the arguments of calls, are delivered, too."""
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm. "}]}
    body = events(
        STARTED,
        {"type": "tool.execution.started", "id": "t_1", "name": "web_search", "arguments": "no"},
        said(thought, model="mistral-medium-2505"),
        said({"type": "tool_reference", "title": "no", "url": "https://a"}),
        said("It is"),
        said({"type": "text", "text": ' "so".'}),
        {"type": "function.call.delta", "id": "fc_1", "name": "f", "arguments": '{"a":1}'},
        DONE,
    )

    reader = read(body)

    assert reader.report() == Report(usage=USED, model="mistral-medium-2505", id="msg_1", complete=True)
    assert reader.delivered() == b'Hm. It is "so".{"a":1}'


def test_an_answer_in_one_piece_reports() -> None:
    """Its model is that of the first output that names one."""
    outputs = [
        {"type": "tool.execution", "name": "web_search", "id": "t_1", "arguments": '{"q":1}'},
        {"type": "message.output", "id": "msg_1", "model": "mistral-medium-2505", "content": "Hi."},
        {"type": "message.output", "content": [{"type": "text", "text": " So."}]},
    ]
    body = {
        "conversation_id": "conv_1",
        "outputs": outputs,
        "usage": USAGE,
        "object": "conversation.response",
    }

    reader = read(json.dumps(body).encode(), stream=False)

    assert reader.report() == Report(usage=USED, model="mistral-medium-2505", id="t_1", complete=True)
    assert reader.delivered() == b'{"q":1}Hi. So.'


def test_a_stream_may_fail() -> None:
    """By an event of its own, whose text is not told."""
    error = {"type": "conversation.response.error", "message": "secret", "code": 3001}

    report = read(events(STARTED, said("a", model="m"), error)).report()

    assert report == Report(model="m", id="msg_1", error="3001", complete=True)


@pytest.mark.parametrize(("stream", "kind"), [(True, "application/json"), (False, "")])
def test_an_error_in_one_piece_is_told_by_its_type(stream: bool, kind: str) -> None:
    """Whatever was asked for."""
    body = b'{"object":"error","message":"secret","type":"invalid_request_error","code":3000}'

    assert read(body, stream=stream, kind=kind).report() == Report(
        error="invalid_request_error", complete=True
    )


def test_a_cut_stream_names_its_model_and_what_it_delivered() -> None:
    """Usage is in the last event alone."""
    reader = read(events(STARTED, said("It", model="m"), said(" is"))[:-1])

    assert reader.report() == Report(model="m", id="msg_1")
    assert reader.delivered() == b"It"


@given(st.lists(st.text(max_size=6), max_size=5), st.lists(st.integers(0, 1500), max_size=8))
def test_any_cutting_of_a_stream_gives_the_same(texts: list[str], places: list[int]) -> None:
    """However the network cuts it."""
    body = events(STARTED, *map(said, texts), DONE)
    whole, cut = read(body), read(body, places)

    assert cut.report() == whole.report()
    assert cut.delivered() == whole.delivered() == "".join(texts).encode()
    assert whole.report().usage == USED


def test_a_request_is_read() -> None:
    """An agent's names no model."""
    body = {"model": "mistral-medium-latest", "stream": True, "completion_args": {"max_tokens": 9}}

    assert TALK.read_request(HERE, body) == Asked(
        model="mistral-medium-latest", stream=True, max_output_tokens=9
    )
    assert TALK.read_request(HERE, {"agent_id": "ag_1", "completion_args": None}) == Asked()


def test_the_texts_are_what_is_sent() -> None:
    """Not what the conversation has already."""
    body = {
        "instructions": "I",
        "inputs": [{"role": "user", "content": "U", "type": "message.input"}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
        "name": "no",
    }

    assert list(TALK.texts(body)) == ["I", "f", '{"type":"object"}', "U"]
    assert list(TALK.texts({"inputs": "U"})) == ["U"]


def test_an_error_is_written_in_mistral_s_shape() -> None:
    """As its other operations."""
    assert json.loads(TALK.error(403, "no", "limit_reached"))["object"] == "error"


@pytest.mark.parametrize("value", [None, 1, "x", [], [1], {"a": 1}])
@pytest.mark.parametrize("name", ["usage", "outputs", "model", "id", "content"])
def test_wrong_types_are_absent(name: str, value: Any) -> None:
    """Wherever they stand."""
    for body, stream in (({name: value}, False), ({"outputs": [{name: value}]}, False)):
        reader = read(json.dumps(body).encode(), stream=stream)
        assert reader.report().usage is None
        assert isinstance(reader.delivered(), bytes)
    assert read(events({**DONE, "usage": None, name: value})).report().usage is None


@given(st.binary(max_size=99), st.booleans())
def test_whatever_comes_nothing_is_raised(body: bytes, stream: bool) -> None:
    """Bytes are a stranger's."""
    for opening in (b"", b"{", b'data: {"type":"conversation.response.done","usage":', b'{"outputs":'):
        reader = read(opening + body + b"\n\n", stream=stream)
        assert isinstance(reader.report(), Report)
        assert isinstance(reader.delivered(), bytes)


@pytest.mark.parametrize("kind", ["[]", "{}", "5", "null"])
def test_an_event_that_says_its_type_twice_ends_nothing_if_one_is_no_text(kind: str) -> None:
    """Of members of one name the last holds."""
    odd = f'data: {{"type": "conversation.response.done", "type": {kind}}}\n\n'.encode()

    assert read(odd).report() == Report()
