"""Responses on a socket is Responses over HTTP, message by message, on as many lanes as the client names."""

import json

import pytest

from tests.tollway.sockets.frames import (
    begins,
    create,
    created,
    delta,
    ended,
    ends,
    fed,
    received,
    sent,
    socket,
    used,
)  # fmt: skip
from tollway.model import Asked, Portion, Usage
from tollway.sockets.events import How, Trouble

NAME = "openai_responses"


def test_a_call_asks_as_a_request_does() -> None:
    """The query's model is taken where it names none."""
    found = begins(
        fed(
            socket(NAME),
            [
                create(
                    model="gpt-5.6", input="Hi", max_output_tokens=100, service_tier="flex",
                    prompt_cache_key="turn-1", stream_id="a",
                ),
                create(input="Hi"),
                (True, b'{"type":"response.create","input":' + b"[" * 5000 + b"]" * 5000 + b"}"),
            ],
        )
    )  # fmt: skip

    assert [e.asked for e in found] == [
        Asked(model="gpt-5.6", stream=True, max_output_tokens=100, tier="flex", session="turn-1"),
        Asked(model="m", stream=True),
        Asked(model="m", stream=True),
    ]
    assert {e.operation for e in found} == {"chat"}


def test_what_is_reported_is_what_is_reported_over_http() -> None:
    """Caches, thoughts, searches, and images that a tool drew with a model of its own."""
    usage = {
        "input_tokens": 100,
        "input_tokens_details": {"cached_tokens": 40},
        "output_tokens": 9,
        "output_tokens_details": {"reasoning_tokens": 4},
        "total_tokens": 109,
    }
    output = [{"type": "web_search_call", "action": {"type": "search"}}, {"type": "message", "content": [{}]}]
    response = {
        "model": "gpt-5.6-2026-01-01", "service_tier": "default", "status": "completed", "usage": usage,
        "output": output, "tools": [{"type": "image_generation", "model": "gpt-image-3"}],
        "tool_usage": {"image_gen": {"input_tokens": 5, "output_tokens": 7}},
    }  # fmt: skip

    (end,) = ends(fed(socket(NAME), [create(), ended("r1", "response.completed", **response)]))

    own = Usage(
        input_tokens=100, cache_read_tokens=40, output_tokens=9, reasoning_tokens=4, web_searches=1
    )  # fmt: skip
    assert end.report.model == "gpt-5.6-2026-01-01"
    assert end.report.tier == "default"
    assert end.report.portions == (
        Portion(model="gpt-5.6-2026-01-01", usage=own),
        Portion(model="gpt-image-3", usage=Usage(input_tokens=5, output_tokens=7)),
    )
    assert used(end)["output_tokens"] == 16


def test_what_copilot_says_it_billed_stands_beside_the_response() -> None:
    """As over HTTP."""
    event = received(
        type="response.completed",
        response={"id": "r1", "usage": {"input_tokens": 1, "output_tokens": 1}},
        copilot_usage={"total_nano_aiu": 1_000_000_000},
    )

    (end,) = ends(fed(socket(NAME), [event]))

    assert end.report.cost_nano == 10_000_000


def test_output_that_can_not_be_read_does_not_hide_the_usage() -> None:
    message = ended("r1", "response.completed", output="none", usage={"input_tokens": 1, "output_tokens": 2})

    (end,) = ends(fed(socket(NAME), [message]))

    assert used(end) == {"input_tokens": 1, "output_tokens": 2}


def test_a_failed_call_tells_of_which_error() -> None:
    failed = ended(
        "r1", "response.failed", status="failed", error={"code": "server_is_overloaded", "message": "Oh"}
    )

    (end,) = ends(fed(socket(NAME), [create(), failed]))

    assert (end.how, end.report.error, end.report.usage) == (How.FAILED, "server_is_overloaded", None)


def test_calls_on_several_lanes_are_told_apart() -> None:
    """Deltas name no call, but their lane."""
    reader = socket(NAME)
    found = fed(
        reader,
        [
            create(stream_id="a"), create(stream_id="b"),
            created("rb", "b"), created("ra", "a"),
            delta("of b", stream_id="b"), delta("of a", stream_id="a"), delta("of nobody", stream_id="c"),
            received(type="error", status=400, stream_id="b", error={"code": "bad", "message": "Oh"}),
        ],
    )  # fmt: skip

    (failed,) = ends(found)
    (cut,) = ends(reader.close(9))

    assert (failed.call, failed.how, failed.report.error, failed.delivered) == (1, How.FAILED, "bad", b"of b")
    assert (cut.call, cut.delivered) == (0, b"of a")


def test_an_error_ends_the_call_that_waits() -> None:
    """As codex has it: the error stands in an event of its own, with the status that HTTP would have had."""
    limit = {"type": "usage_limit_reached", "message": "The usage limit has been reached", "plan_type": "pro"}

    found = fed(
        socket(NAME), [create(), received(type="error", status=429, error=limit), create(), created("r2")]
    )

    assert found[1] == Trouble(at=1, error="usage_limit_reached", call=0)
    assert [(e.call, e.how, e.report.error) for e in ends(found)] == [(0, How.FAILED, "usage_limit_reached")]
    assert [e.call for e in begins(found)] == [0, 1]


def test_a_usage_that_follows_an_error_is_not_lost() -> None:
    found = fed(
        socket(NAME),
        [
            create(), created("r1"), received(type="error", code="server_error", message="Oh"),
            ended("r1", "response.failed", usage={"input_tokens": 4, "output_tokens": 1}),
        ],
    )  # fmt: skip

    assert [used(e) for e in ends(found)] == [{}, {"input_tokens": 4, "output_tokens": 1}]


def test_a_steered_answer_has_a_successor() -> None:
    """It is a call of its own, which nobody asked for."""
    found = fed(
        socket(NAME),
        [
            create(model="gpt-6", stream_id="a"), created("r1", "a"),
            sent(type="response.steer", stream_id="a", input="no"),
            ended("r1", "response.incomplete", usage={"input_tokens": 1, "output_tokens": 1}),
            created("r2", "a"), delta("x", stream_id="a"),
            ended("r2", "response.completed", model="gpt-6", usage={"input_tokens": 2, "output_tokens": 2}),
        ],
    )  # fmt: skip

    assert [(e.call, e.by_server) for e in begins(found)] == [(0, False), (1, True)]
    assert [(e.how, used(e)["input_tokens"]) for e in ends(found)] == [
        (How.INCOMPLETE, 1),
        (How.COMPLETED, 2),
    ]


def test_metadata_tell_which_call_is_answered() -> None:
    found = fed(
        socket(NAME), [create(), create(metadata={"n": "2"}), ended("r1", metadata={"n": "2"}), ended("r2")]
    )

    assert [(e.call, e.report.id) for e in ends(found)] == [(1, "r1"), (0, "r2")]


def test_a_refusal_has_the_status_and_the_lane() -> None:
    reader = socket(NAME)
    fed(reader, [create(stream_id="a"), create()])

    on_lane, plain = (
        json.loads(reader.refuse(0, 429, "no", "x")),
        json.loads(reader.refuse(1, 403, "no", "x")),
    )

    assert (on_lane["type"], on_lane["status"], on_lane["stream_id"]) == ("error", 429, "a")
    assert (plain["status"], "stream_id" in plain) == (403, False)


@pytest.mark.parametrize(
    ("given", "clamped"),
    [
        (
            b'{"type":"response.create","max_output_tokens": 900 }',
            b'{"type":"response.create","max_output_tokens": 50 }',
        ),
        (
            b'{"type":"response.create","max_output_tokens":7}',
            b'{"type":"response.create","max_output_tokens":7}',
        ),
        (b'{ "type":"response.create"}', b'{ "max_output_tokens":50,"type":"response.create"}'),
        (b'{"type":"response.steer"}', b'{"type":"response.steer"}'),
    ],
    ids=["lowered", "less", "put", "no call"],
)
def test_only_the_maximum_is_changed(given: bytes, clamped: bytes) -> None:
    assert socket(NAME).clamped(given, 50) == clamped


def test_texts_are_those_of_a_request() -> None:
    _, message = create(instructions="Be brief", input=[{"role": "user", "content": "Hi"}], model="gpt-6")
    _, steer = sent(type="response.steer", input=[{"role": "user", "content": "No"}])

    assert list(socket(NAME).texts(message)) == ["Be brief", "Hi"]
    assert list(socket(NAME).texts(steer)) == ["No"]
    assert list(socket(NAME).texts(b"\x00")) == []
