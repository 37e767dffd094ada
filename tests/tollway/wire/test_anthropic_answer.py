"""Anthropic's answers are read as they come by, whatever their cutting."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Portion, Report, Usage
from tollway.wire.anthropic_answer import MessageStream, MessageWhole

START = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "model": "claude-x",
        "usage": {
            "input_tokens": 10,
            "cache_creation_input_tokens": 50,
            "cache_read_input_tokens": 100,
            "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 30},
            "output_tokens": 3,
            "service_tier": "priority",
            "inference_geo": "us",
            "speed": "fast",
        },
    },
}
STOP = {"type": "message_stop"}


def delta(usage: Any, stop: str | None = "end_turn") -> dict[str, Any]:
    return {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": usage}


def wrote(kind: str, key: str, text: str) -> dict[str, Any]:
    return {"type": "content_block_delta", "index": 0, "delta": {"type": kind, key: text}}


def stream(*events: Any, named: bool = True) -> bytes:
    name = "event: {}\n" if named else ""
    return "".join(f"{name.format(e['type'])}data: {json.dumps(e)}\n\n" for e in events).encode()


def read(data: bytes, places: tuple[int, ...] = ()) -> MessageStream:
    reader = MessageStream()
    ends = sorted(p % (len(data) + 1) for p in places)
    for a, b in zip([0, *ends], [*ends, len(data)], strict=True):
        reader.feed(data[a:b])
    return reader


def test_later_counts_hold_and_are_never_added() -> None:
    events = (
        START,
        delta({"input_tokens": 11, "output_tokens": 5, "cache_read_input_tokens": 0}, stop=None),
        delta({"output_tokens": 7, "cache_creation_input_tokens": 60, "input_tokens": None,
               "server_tool_use": {"web_search_requests": 2}}),
        STOP,
    )  # fmt: skip

    report = read(stream(*events)).report()

    assert report == Report(
        usage=Usage(
            input_tokens=71,
            cache_read_tokens=0,
            cache_write_tokens=60,
            cache_write_1h_tokens=30,
            output_tokens=7,
            web_searches=2,
        ),
        model="claude-x",
        tier="priority",
        speed="fast",
        geo="us",
        id="msg_1",
        complete=True,
    )


@pytest.mark.parametrize("named", [True, False])
def test_events_are_known_by_their_name_or_their_type(named: bool) -> None:
    events = (
        START,
        {"type": "ping"},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        wrote("thinking_delta", "thinking", "hm: "),
        wrote("signature_delta", "signature", "c2ln"),
        wrote("text_delta", "text", 'a "quoted" \\ wörd\n'),
        wrote("input_json_delta", "partial_json", '{"text": "usage"}'),
        {
            "type": "content_block_delta",
            "delta": {"type": "citations_delta", "citation": {"cited_text": "no"}},
        },
        delta({"output_tokens": 9}),
        STOP,
    )

    reader = read(stream(*events, named=named))

    assert reader.delivered().decode() == 'hm: a "quoted" \\ wörd\n{"text": "usage"}'
    assert reader.report().complete
    assert reader.report().usage == Usage(
        input_tokens=160,
        cache_read_tokens=100,
        cache_write_tokens=50,
        cache_write_1h_tokens=30,
        output_tokens=9,
    )


def test_a_cut_stream_knows_its_input_and_not_its_output() -> None:
    report = read(stream(START, wrote("text_delta", "text", "Hel"))).report()

    assert report.usage is not None
    assert (report.usage.input_tokens, report.usage.output_tokens) == (160, None)
    assert not report.complete


def test_an_error_in_the_stream_is_known_by_its_type_and_ends_it_incomplete() -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "the prompt was: ..."}}

    report = read(stream(START, error)).report()

    assert (report.error, report.complete) == ("overloaded_error", False)
    assert read(stream({"type": "error", "error": "?"})).report().error == "error"


def test_the_last_event_counts_though_no_blank_line_ends_it() -> None:
    data = stream(START, delta({"output_tokens": 9})).rstrip(b"\n")

    report = read(data).report()

    assert report.usage is not None
    assert (report.usage.output_tokens, report.complete) == (9, True)


def test_a_report_in_the_middle_of_an_event_disturbs_nothing() -> None:
    data = stream(START, wrote("text_delta", "text", "x"), delta({"output_tokens": 9}), STOP)
    reader = MessageStream()

    for i in range(len(data)):
        reader.feed(data[i : i + 1])
        reader.report()

    assert reader.report() == read(data).report()
    assert reader.delivered() == b"x"


def test_iterations_make_portions() -> None:
    iterations = [
        {"type": "message", "input_tokens": 160, "output_tokens": 9},
        {"type": "advisor_message", "model": "big", "input_tokens": 5, "output_tokens": 6},
    ]

    report = read(stream(START, delta({"output_tokens": 9, "iterations": iterations}), STOP)).report()

    assert report.portions[1] == Portion(model="big", usage=Usage(input_tokens=5, output_tokens=6))
    assert report.portions[0].model == "claude-x"


COPILOT = {"copilot_usage": {"total_nano_aiu": 1_000_000_000}}


@pytest.mark.parametrize("last", [{**delta({"output_tokens": 7}), **COPILOT}, {**STOP, **COPILOT}])
def test_what_copilot_billed_stands_beside_the_usage(last: dict[str, Any]) -> None:
    """On an event, or on the message in one piece."""
    whole = MessageWhole()
    whole.feed(json.dumps({"id": "msg_1", "model": "claude-x", "content": [], **COPILOT}).encode())

    assert read(stream(START, delta({"output_tokens": 7}), last)).report().cost_nano == 10_000_000
    assert read(stream({**START, **COPILOT})).report().cost_nano is None
    assert whole.report().cost_nano == 10_000_000


def test_what_the_provider_billed_is_taken_once_the_answer_is_whole() -> None:
    """OpenRouter and xAI put it into this dialect's usage, too."""
    usage = {"output_tokens": 9, "cost": 0.0125}

    assert read(stream(START, delta(usage), STOP)).report().cost_nano == 12_500_000
    assert read(stream(START, delta(usage, stop=None))).report().cost_nano is None


@pytest.mark.parametrize(
    "usage", [None, 5, [], {"output_tokens": -1}, {"output_tokens": True}, {"output_tokens": "9"}]
)
def test_a_delta_without_counts_leaves_what_is_known(usage: object) -> None:
    report = read(stream(START, delta({"output_tokens": 8}, None), delta(usage), STOP)).report()

    assert report.usage is not None
    assert report.usage.output_tokens == 8


@given(st.binary(max_size=200), st.lists(st.integers(0, 300), max_size=5))
def test_nothing_it_is_fed_makes_it_raise(data: bytes, places: list[int]) -> None:
    for frame in (b"%b", b"event: message_start\ndata: %b\n\n", b"data: {%b}\n\n"):
        reader = read(frame % data, tuple(places))
        reader.report()
        reader.delivered()


EVENTS = st.lists(
    st.sampled_from([
        START,
        STOP,
        {"type": "ping"},
        wrote("text_delta", "text", "é\u2028"),
        wrote("thinking_delta", "thinking", '"'),
        delta({"output_tokens": 9}),
        delta({"output_tokens": 12, "input_tokens": 0}, None),
        {"type": "error", "error": {"type": "api_error"}},
    ]),
    max_size=8,
)  # fmt: skip


@given(EVENTS, st.booleans(), st.lists(st.integers(0, 3000), max_size=8))
def test_any_cutting_gives_the_same_report(events: list[Any], named: bool, places: list[int]) -> None:
    data = stream(*events, named=named)

    reader, whole = read(data, tuple(places)), read(data)

    assert reader.report() == whole.report()
    assert reader.delivered() == whole.delivered()


MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "model": "claude-x",
    "content": [
        {"type": "thinking", "thinking": "hm: ", "signature": "c2ln"},
        {"type": "text", "text": "Hello"},
        {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {"at": "it"}},
    ],
    "usage": {"input_tokens": 1, "output_tokens": 2, "inference_geo": "not_available"},
}


@given(st.lists(st.integers(0, 3000), max_size=8))
def test_a_message_in_one_piece_is_read_however_it_is_cut(places: list[int]) -> None:
    data = json.dumps(MESSAGE).encode()
    reader = MessageWhole()
    ends = sorted(p % (len(data) + 1) for p in places)
    for a, b in zip([0, *ends], [*ends, len(data)], strict=True):
        reader.feed(data[a:b])

    assert reader.report() == Report(
        usage=Usage(input_tokens=1, output_tokens=2), model="claude-x", id="msg_1", complete=True
    )
    assert reader.delivered() == b'hm: Hellolook{"at":"it"}'


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"type": "error", "error": {"type": "not_found_error", "message": "model: x"}}, "not_found_error"),
        ({"error": "no"}, "error"),
        ({}, None),
        ([], None),
        ("x", None),
    ],
)
def test_an_error_in_one_piece_is_known_by_its_type(body: object, error: str | None) -> None:
    reader = MessageWhole()
    reader.feed(json.dumps(body).encode())

    assert reader.report() == Report(complete=True, error=error)
    assert reader.delivered() == b""


@given(st.binary(max_size=100))
def test_a_body_that_is_no_message_is_read_as_nothing(data: bytes) -> None:
    reader = MessageWhole()
    reader.feed(b"{" + data)
    reader.report()
    reader.delivered()
