"""Responses' requests, objects and streams are read as OpenAI means them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Portion, Report, Usage
from tollway.wire.dialect import Reader
from tollway.wire.openai_responses import OpenAIResponses

RESPONSES = OpenAIResponses()
HERE = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com", dialect="openai_responses")
USAGE = {
    "input_tokens": 120,
    "input_tokens_details": {"cached_tokens": 100},
    "output_tokens": 20,
    "output_tokens_details": {"reasoning_tokens": 5},
    "total_tokens": 140,
}
USED = Usage(input_tokens=120, cache_read_tokens=100, output_tokens=20, reasoning_tokens=5)
RESPONSE: dict[str, Any] = {
    "id": "resp_1", "object": "response", "status": "completed", "error": None, "model": "gpt-5.4-2026-03-05",
    "output": [], "service_tier": "default", "tools": [], "usage": USAGE,
}  # fmt: skip
STARTED = {**RESPONSE, "status": "in_progress", "service_tier": "auto", "usage": None}


def event(kind: str, named: bool = True, compact: bool = True, **more: Any) -> bytes:
    text = json.dumps({"type": kind, **more}, separators=(",", ":") if compact else (", ", ": "))
    return (f"event: {kind}\n" if named else "").encode() + f"data: {text}\n\n".encode()


def delta(text: str, kind: str = "response.output_text.delta", named: bool = True) -> bytes:
    return event(kind, named, item_id="msg_1", delta=text, logprobs=[], obfuscation="x")


def read(body: bytes, places: list[int] | None = None) -> Reader:
    ends = sorted(p % (len(body) + 1) for p in places or [])
    reader = RESPONSES.reader(HERE, Asked(), {})
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


STREAM = b"".join([
    event("response.created", response=STARTED),
    event("response.in_progress", response=STARTED),
    event("response.output_item.added", item={"type": "message"}),
    delta("The"),
    delta(' "end" é'),
    event("response.output_text.done", text='The "end" é'),
    event("response.completed", response=RESPONSE),
])  # fmt: skip
REPORT = Report(usage=USED, model="gpt-5.4-2026-03-05", tier="default", id="resp_1", complete=True)


def test_an_object_reports() -> None:
    output = [{"type": "message", "content": [{"type": "output_text", "text": "Hello.", "annotations": []}]}]

    reader = read(json.dumps({**RESPONSE, "output": output}).encode())

    assert reader.report() == REPORT
    assert reader.delivered() == b"Hello."


def test_a_stream_reports() -> None:
    reader = read(STREAM)

    assert reader.report() == REPORT
    assert reader.delivered() == 'The "end" é'.encode()


KINDS = st.sampled_from(
    [
        "response.output_text.delta",
        "response.reasoning_summary_text.delta",
        "response.function_call_arguments.delta",
    ]
)
TEXTS = st.text(max_size=6) | st.sampled_from(['{"type":"response.failed"}', '"delta":"x"', "\\"])


@given(
    st.lists(st.tuples(TEXTS, KINDS, st.booleans()), max_size=5),
    st.sampled_from(["response.completed", "response.incomplete", "response.failed", None]),
    st.booleans(),
    st.lists(st.integers(0, 3000), max_size=8),
)
def test_any_cutting_of_a_stream_gives_the_same(
    deltas: list[tuple[str, str, bool]], end: str | None, named: bool, places: list[int]
) -> None:
    body = event("response.created", named, response=STARTED) + b"".join(delta(*d) for d in deltas)
    if end is not None:
        body += event(end, named, response=RESPONSE)

    cut = read(body, places)

    assert cut.delivered() == "".join(text for text, _, _ in deltas).encode()
    expected = REPORT if end else Report(model=REPORT.model, tier="auto", id="resp_1")
    assert cut.report() == expected


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=4))
def test_whatever_comes_nothing_is_raised(body: bytes, places: list[int]) -> None:
    for opening in (b"", b"{", b"event: response.completed\ndata: ", b'data: {"type":"error"', b'{"usage":'):
        reader = read(opening + body, places)
        assert isinstance(reader.report(), Report)
        assert isinstance(reader.delivered(), bytes)


@pytest.mark.parametrize("value", [None, 1, "x", [], [1], {"a": 1}, [{"type": 1, "action": 1}]])
@pytest.mark.parametrize("name", ["usage", "tool_usage", "output", "tools", "error"])
def test_wrong_types_are_absent(name: str, value: object) -> None:
    response = {**RESPONSE, name: value}

    for body in (json.dumps(response).encode(), event("response.completed", response=response)):
        report = read(body).report()
        assert report.usage == (None if name == "usage" else USED)
        assert report.complete


@pytest.mark.parametrize("kind", ["response.completed", "response.incomplete", "response.failed"])
@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("compact", [True, False])
def test_each_end_reports(kind: str, named: bool, compact: bool) -> None:
    body = event("response.created", named, compact, response=STARTED) + event(
        kind, named, compact, response=RESPONSE
    )

    assert read(body).report() == REPORT


def test_an_event_without_a_name_may_have_its_type_last() -> None:
    nameless = {"sequence_number": 3, "response": RESPONSE, "type": "response.completed"}

    assert read(b"data: " + json.dumps(nameless).encode() + b"\n\n").report() == REPORT


def test_events_of_others_are_skipped() -> None:
    others = (
        event("codex.rate_limits", rate_limits={"usage": 1}) + event("keepalive") + event("ping", named=False)
    )

    assert read(others + STREAM).report() == REPORT


def test_a_stream_that_is_cut_off_names_its_model_and_id_and_no_usage() -> None:
    reader = read(STREAM[: STREAM.index(b"event: response.completed")])

    assert reader.report() == Report(model=REPORT.model, tier="auto", id="resp_1")
    assert reader.delivered() == 'The "end" é'.encode()


def test_a_last_event_without_its_blank_line_counts() -> None:
    assert read(STREAM.rstrip()).report() == REPORT


def test_a_failure_tells_its_code_and_what_was_used() -> None:
    response = {**RESPONSE, "status": "failed", "error": {"code": "server_error", "message": "secret text"}}

    report = read(event("response.failed", response=response)).report()

    assert (report.error, report.usage, report.complete) == ("server_error", USED, True)
    assert "secret" not in repr(report)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (event("error", code="rate_limit_exceeded", message="secret"), "rate_limit_exceeded"),
        (event("error", error={"type": "server_error", "message": "secret"}), "server_error"),
        (event("error", named=False, code="x", message="secret"), "x"),
        (event("error", code=None, message="secret"), "error"),
        (json.dumps({"error": {"type": "overloaded", "message": "secret"}}).encode(), "overloaded"),
    ],
)
def test_an_error_is_the_end(body: bytes, kind: str) -> None:
    report = read(body).report()

    assert (report.error, report.complete, report.usage) == (kind, True, None)


def test_an_answer_in_the_background_reports_nothing_yet() -> None:
    assert read(json.dumps({**STARTED, "status": "queued"}).encode()).report().usage is None


def test_a_compaction_reports() -> None:
    compaction = {"id": "resp_2", "object": "response.compaction", "output": [], "usage": USAGE}

    assert read(json.dumps(compaction).encode()).report() == Report(usage=USED, id="resp_2", complete=True)


def tools(searches: int | None = None, **image: Any) -> dict[str, Any]:
    image_gen = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0, **image}
    web_search = {} if searches is None else {"num_requests": searches}
    return {"tool_usage": {"image_gen": image_gen, "web_search": web_search}}


SEARCHES: list[dict[str, Any]] = [
    {"type": "web_search_call", "action": {"type": "search"}},
    {"type": "web_search_call"},
    {"type": "web_search_call", "action": {"type": "open_page"}},
    {"type": "file_search_call"},
    {"type": "function_call"},
]


@pytest.mark.parametrize(
    ("more", "searches", "calls"),
    [
        (tools(3), 3, None),
        (tools(0), 0, None),
        ({**tools(1), "output": SEARCHES}, 1, 1),
        ({**tools(None), "output": SEARCHES}, 2, 1),
        ({"output": SEARCHES}, 2, 1),
        ({}, None, None),
    ],
)
def test_searches_are_those_that_the_provider_counts_or_else_those_it_shows(
    more: dict[str, Any], searches: int | None, calls: int | None
) -> None:
    usage = read(event("response.completed", response={**RESPONSE, **more})).report().usage

    assert usage is not None
    assert (usage.web_searches, usage.tool_calls) == (searches, calls)


@pytest.mark.parametrize(
    ("asked", "model"),
    [
        ([{"type": "image_generation", "model": "gpt-image-2"}], "gpt-image-2"),
        ([{"type": "function"}, 1, {"type": "image_generation", "model": None}], "gpt-image-2.6-sunburst"),
        (None, "gpt-image-2.6-sunburst"),
    ],
)
def test_images_are_billed_at_the_model_that_draws(asked: object, model: str) -> None:
    drawn = tools(
        input_tokens=50,
        input_tokens_details={"image_tokens": 40, "text_tokens": 10},
        output_tokens=1000,
        output_tokens_details={"image_tokens": 990, "text_tokens": 10},
        total_tokens=1050,
    )

    report = read(json.dumps({**RESPONSE, **drawn, "tools": asked}).encode()).report()

    image = Usage(input_tokens=50, input_image_tokens=40, output_tokens=1000, output_image_tokens=990)
    assert report.portions == (Portion(model=REPORT.model, usage=USED), Portion(model=model, usage=image))
    assert report.usage == Usage(
        input_tokens=170,
        cache_read_tokens=100,
        input_image_tokens=40,
        output_tokens=1020,
        reasoning_tokens=5,
        output_image_tokens=990,
    )


def test_sound_is_no_text() -> None:
    sound = delta("UklGRg==", "response.audio.delta") + delta("Hi", "response.audio.transcript.delta")

    assert read(sound).delivered() == b"Hi"


def test_a_delta_that_is_no_string_is_skipped() -> None:
    assert read(event("response.output_text.delta", delta=None)).delivered() == b""


def test_what_openrouter_billed_is_taken() -> None:
    response = {**RESPONSE, "usage": {**USAGE, "cost": 0.00114, "is_byok": False}}

    assert read(event("response.completed", response=response)).report().cost_nano == 1_140_000


def test_what_copilot_billed_stands_beside_the_response() -> None:
    """On the last event; on an object, in it."""
    billed = {"total_nano_aiu": 1_000_000_000}
    last = event("response.completed", response=RESPONSE, copilot_usage=billed)

    assert read(event("response.created", response=STARTED) + last).report().cost_nano == 10_000_000
    whole = json.dumps({**RESPONSE, "copilot_usage": billed}).encode()
    assert read(whole).report().cost_nano == 10_000_000


@pytest.mark.parametrize("kind", [[], {}, None, 5, [["response.completed"]]])
def test_an_event_whose_type_is_no_text_says_nothing(kind: object) -> None:
    """Though its name says that it ends the answer."""
    odd = b"event: response.completed\ndata: " + json.dumps({"type": kind, "response": RESPONSE}).encode()

    assert read(odd + b"\n\n").report() == Report()


def test_a_router_s_count_of_tools_is_taken_where_the_output_shows_none() -> None:
    """Perplexity's agents and OpenRouter count in the usage what they ran, and say what they billed."""
    cost = {"currency": "USD", "input_cost": 0.001, "tool_calls_cost": 0.01, "total_cost": 0.0125}
    tools = {"search_web": {"invocation": 2}, "fetch_url": {"invocation": 1}}
    usage = {"input_tokens": 9, "output_tokens": 2, "tool_calls_details": tools, "cost": cost}

    report = read(event("response.completed", response={**RESPONSE, "usage": usage})).report()

    assert report.usage == Usage(input_tokens=9, output_tokens=2, web_searches=2, tool_calls=1)
    assert report.cost_nano == 12_500_000


def test_a_request_is_read() -> None:
    body = {
        "model": "gpt-5",
        "stream": True,
        "max_output_tokens": 9,
        "service_tier": "flex",
        "prompt_cache_key": "k",
    }

    assert RESPONSES.read_request(HERE, body) == Asked(
        model="gpt-5", stream=True, max_output_tokens=9, tier="flex", session="k"
    )


def test_the_texts_are_what_the_model_reads() -> None:
    body = {
        "model": "m",
        "instructions": "S",
        "input": [
            {"role": "user", "content": "U"},
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "V"}]},
            {"type": "function_call", "name": "f", "arguments": "{}", "call_id": "call_1"},
            {"type": "function_call_output", "call_id": "call_1", "output": "O"},
        ],
        "tools": [{"type": "function", "name": "f", "parameters": {"type": "object"}}],
    }

    assert list(RESPONSES.texts(body)) == ["S", "f", '{"type":"object"}', "U", "V", "f", "{}", "O"]
    assert list(RESPONSES.texts({"input": "U"})) == ["U"]


def test_an_error_is_written_as_the_sdk_reads_it() -> None:
    error = json.loads(RESPONSES.error(503, "no", "our_fault"))["error"]

    assert error == {"message": "no", "type": "server_error", "param": None, "code": "our_fault"}


@pytest.mark.parametrize(("status", "failed"), [("failed", True), ("cancelled", False), ("completed", False)])
def test_what_its_provider_gave_up_says_so(status: str, failed: bool) -> None:
    body = json.dumps({"id": "r", "object": "response", "status": status, "output": []}).encode()

    assert read(body).report().failed is failed
