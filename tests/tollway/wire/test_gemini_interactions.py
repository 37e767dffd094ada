"""Gemini's interactions are read whole, streamed, and shown again."""

import json
from typing import Any

import pytest
from google.genai.errors import APIError
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.dialect import Reader
from tollway.wire.gemini_interactions import GeminiInteractions, usage_of

HERE = Endpoint(kind=Kind.INFERENCE, provider="gemini", host="generativelanguage.googleapis.com")
TALK = GeminiInteractions()
EVENTS = "text/event-stream"
USAGE = {
    "total_input_tokens": 10, "total_output_tokens": 4, "total_thought_tokens": 2,
    "total_cached_tokens": 3, "total_tool_use_tokens": 5, "total_tokens": 21,
}  # fmt: skip
USED = Usage(input_tokens=15, cache_read_tokens=3, output_tokens=6, reasoning_tokens=2)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (USAGE, USED),
        ({"total_input_tokens": 10, "total_output_tokens": 4}, Usage(input_tokens=10, output_tokens=4)),
        (
            {
                "total_input_tokens": 90,
                "total_output_tokens": 9,
                "input_tokens_by_modality": [
                    {"modality": "text", "tokens": 10},
                    {"modality": "AUDIO", "tokens": 50},
                    {"modality": "image", "tokens": 20},
                    {"modality": "video", "tokens": 10},
                ],
                "tool_use_tokens_by_modality": [{"modality": "image", "tokens": 1}, 3],
                "cached_tokens_by_modality": [{"modality": "audio", "tokens": 40}, {"modality": "text"}],
                "output_tokens_by_modality": [
                    {"modality": "audio", "tokens": 7}, {"modality": "image", "tokens": 2},
                ],
                "grounding_tool_count": [
                    {"type": "google_search", "count": 3},
                    {"type": "google_maps", "count": 1},
                    {"type": "retrieval", "count": 2},
                    {"type": "google_maps"},
                ],
            },
            Usage(
                input_tokens=90,
                output_tokens=9,
                input_audio_tokens=50,
                input_image_tokens=21,
                input_video_tokens=10,
                cache_audio_read_tokens=40,
                output_audio_tokens=7,
                output_image_tokens=2,
                web_searches=3,
                tool_calls=3,
            ),
        ),
        ({"total_input_tokens": -1, "grounding_tool_count": {"type": "google_search"}}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_thoughts_are_output_and_what_tools_fed_back_is_input(
    usage: dict[str, Any], expected: Usage | None
) -> None:
    """10 + 5 in, 4 + 2 out are the total of 21."""
    assert usage_of(usage) == expected


INTERACTION = {
    "id": "v1_a", "object": "interaction", "status": "completed", "model": "gemini-3.5-flash",
    "service_tier": "standard", "usage": USAGE,
    "steps": [
        {"type": "user_input", "content": [{"type": "text", "text": "not written"}]},
        {"type": "thought", "signature": "c2ln", "summary": [{"type": "text", "text": "Hm. "}]},
        {"type": "function_call", "id": "c", "name": "f", "arguments": {"city": "Paris"}},
        {"type": "model_output", "content": [{"type": "text", "text": "Hi."}]},
    ],
}  # fmt: skip
REPORT = Report(usage=USED, model="gemini-3.5-flash", tier="standard", id="v1_a", complete=True)


def delta(**fields: Any) -> dict[str, Any]:
    return {"event_type": "step.delta", "index": 0, "delta": fields}


CREATED = {"event_type": "interaction.created", "interaction": {"id": "v1_a", "status": "in_progress"}}
DONE = {
    "event_type": "interaction.completed",
    "interaction": {k: v for k, v in INTERACTION.items() if k != "steps"},
}


def events(*messages: dict[str, Any]) -> bytes:
    frames = [f"event: {m['event_type']}\ndata: {json.dumps(m)}\n\n" for m in messages]
    return "".join([*frames, "event: done\ndata: [DONE]\n\n"]).encode()


def read(body: bytes, places: list[int] | None = None, kind: str = EVENTS) -> Reader:
    reader = TALK.reader(HERE, Asked(stream=kind == EVENTS), {"content-type": kind})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


def test_an_interaction_in_one_piece_reports() -> None:
    """What the caller said is not delivered."""
    reader = read(json.dumps(INTERACTION).encode(), kind="application/json; charset=UTF-8")

    assert reader.report() == REPORT
    assert reader.delivered() == b'Hm. {"city":"Paris"}Hi.'


def test_older_answers_call_their_steps_outputs() -> None:
    """And are read all the same."""
    body = {
        "id": "v1_a",
        "outputs": [{"type": "text", "text": "Hi."}],
        "agent": "deep-research",
        "usage": USAGE,
    }

    reader = read(json.dumps(body).encode(), kind="application/json")

    assert reader.report() == Report(usage=USED, model="deep-research", id="v1_a", complete=True)
    assert reader.delivered() == b"Hi."


def test_a_stream_reports_at_its_end() -> None:
    """Texts, summaries of thoughts and arguments are delivered."""
    thought = delta(type="thought_summary", content={"type": "text", "text": "Hm. "})
    body = events(
        CREATED,
        {"event_type": "step.start", "index": 0, "step": {"type": "thought"}},
        thought,
        delta(type="thought_signature", signature="c2ln"),
        delta(type="text", text='It is "so".'),
        delta(type="arguments_delta", arguments='{"a":'),
        {"event_type": "step.stop", "index": 0},
        DONE,
    )

    reader = read(body)

    assert reader.report() == REPORT
    assert reader.delivered() == b'Hm. It is "so".{"a":'


@pytest.mark.parametrize("kind", ["interaction.complete", "interaction.requires_action"])
def test_other_ends_report_as_well(kind: str) -> None:
    """The older name, and a call of a function."""
    assert read(events(CREATED, {**DONE, "event_type": kind})).report() == REPORT


def test_a_step_s_end_may_have_the_usage_so_far() -> None:
    """So a stream that is cut off knows some of it."""
    stop = {"event_type": "step.stop", "index": 0, "metadata": {"total_usage": USAGE}}

    report = read(events(CREATED, stop)).report()

    assert report == Report(usage=USED, id="v1_a")


def test_one_in_the_background_reports_nothing_yet() -> None:
    """Its usage shows where it is fetched."""
    body = {"id": "v1_a", "status": "queued", "agent": "deep-research-pro", "created": "2026-11-20T10:00:00Z"}

    assert read(json.dumps(body).encode(), kind="application/json").report() == Report(
        model="deep-research-pro", id="v1_a", complete=True
    )


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"error": {"code": 429, "message": "secret", "status": "RESOURCE_EXHAUSTED"}}, "RESOURCE_EXHAUSTED"),
        ({"error": {"code": "invalid_request", "message": "secret"}}, "invalid_request"),
        ({"error": "secret"}, "error"),
        ({"status": "failed"}, "failed"),
        ({"status": "budget_exceeded"}, "budget_exceeded"),
        ({"status": "incomplete"}, None),
    ],
)
def test_an_error_is_told_by_its_type(body: dict[str, Any], error: str | None) -> None:
    """Never by its text."""
    report = read(json.dumps(body).encode(), kind="application/json").report()

    assert (report.error, report.complete) == (error, True)
    assert "secret" not in repr(report)


def test_a_stream_may_fail() -> None:
    """By an event of its own, or at its end."""
    error = {"event_type": "error", "error": {"code": "unavailable", "message": "secret"}}
    failed = {"event_type": "interaction.completed", "interaction": {"id": "v1_a", "status": "failed"}}

    assert read(events(CREATED, error)).report() == Report(id="v1_a", error="unavailable", complete=True)
    assert read(events(CREATED, failed)).report() == Report(id="v1_a", error="failed", complete=True)


@given(st.lists(st.text(max_size=6), max_size=5), st.lists(st.integers(0, 1500), max_size=8))
def test_any_cutting_of_a_stream_gives_the_same(texts: list[str], places: list[int]) -> None:
    """However the network cuts it."""
    body = events(CREATED, *[delta(type="text", text=t) for t in texts], DONE)
    whole, cut = read(body), read(body, places)

    assert cut.report() == whole.report() == REPORT
    assert cut.delivered() == whole.delivered() == "".join(texts).encode()


def test_a_request_is_read() -> None:
    """An agent's name stands for the models that it will use."""
    body = {
        "model": "models/gemini-3.5-flash",
        "stream": True,
        "generation_config": {"max_output_tokens": 9},
        "service_tier": "flex",
        "previous_interaction_id": "v1_z",
    }

    assert TALK.read_request(HERE, body) == Asked(
        model="gemini-3.5-flash", stream=True, max_output_tokens=9, tier="flex", session="v1_z"
    )
    assert TALK.read_request(HERE, {"agent": "deep-research-pro"}) == Asked(model="deep-research-pro")
    assert TALK.read_request(HERE, {"generation_config": [1], "model": 3}) == Asked()


def test_the_texts_are_what_is_sent() -> None:
    """Not what the provider has stored."""
    body = {
        "system_instruction": "S",
        "tools": [{"type": "function", "name": "f", "parameters": {"type": "object"}}],
        "input": [{"type": "text", "text": "U"}, {"type": "image", "data": "aGk=", "mime_type": "image/png"}],
    }

    assert list(TALK.texts(body)) == ["S", "f", '{"type":"object"}', "U"]
    assert list(TALK.texts({"input": "U"})) == ["U"]


def test_an_error_is_written_in_google_s_shape() -> None:
    """As its SDK raises it."""
    error = json.loads(TALK.error(402, "limit team-month", "limit_reached"))

    assert APIError(402, error).message == "limit team-month"


@given(st.binary(max_size=99), st.sampled_from([EVENTS, "application/json", ""]))
def test_whatever_comes_nothing_is_raised(body: bytes, kind: str) -> None:
    """Bytes are a stranger's."""
    for opening in (b"", b"{", b'data: {"event_type":"interaction.completed","interaction":', b'{"usage":'):
        reader = read(opening + body + b"\n\n", kind=kind)
        assert isinstance(reader.report(), Report)
        assert isinstance(reader.delivered(), bytes)


@pytest.mark.parametrize("value", [None, 1, "x", [], [1], {"a": 1}])
@pytest.mark.parametrize("name", ["usage", "steps", "outputs", "interaction", "metadata", "model"])
def test_wrong_types_are_absent(name: str, value: Any) -> None:
    """Wherever they stand."""
    whole = read(json.dumps({name: value}).encode(), kind="application/json")
    streamed = read(events({"event_type": "interaction.completed", name: value}))

    assert whole.report().usage is None
    assert streamed.report().usage is None
    assert isinstance(whole.delivered(), bytes)
