"""Realtime's calls have the session's settings, are answered unasked, and what was spoken is written down."""

import json
from typing import Any

import pytest

from tests.tollway.sockets.frames import (
    begins,
    create,
    created,
    ended,
    ends,
    fed,
    received,
    sent,
    socket,
    used,
)  # fmt: skip
from tollway.model import Asked
from tollway.sockets.events import How, Trouble

NAME = "openai_realtime"
WRITTEN = "conversation.item.input_audio_transcription.completed"


def session(kind: str = "session.created", **said: Any) -> tuple[bool, bytes]:
    return received(type=kind, session={"id": "sess_1", "model": "gpt-realtime-2026", **said})


def written(item: str = "item_1", **said: Any) -> tuple[bool, bytes]:
    return received(type=WRITTEN, item_id=item, content_index=0, transcript="Hello", **said)


def test_a_call_asks_what_the_session_asks() -> None:
    """What it sets itself goes before."""
    found = begins(
        fed(
            socket(NAME, "gpt-realtime"),
            [
                create(),
                session(max_output_tokens=500),
                create(),
                create(response={"max_output_tokens": 20}),
                create(response={"max_output_tokens": "inf"}),
                session("session.updated", max_response_output_tokens="inf"),
                create(),
                created("r-unasked-1"),
            ],
        )
    )

    assert [e.asked.max_output_tokens for e in found] == [None, 500, 20, None, None]
    assert {e.asked.model for e in found} == {"gpt-realtime"}
    assert [e.asked.session for e in found] == [None, "sess_1", "sess_1", "sess_1", "sess_1"]
    assert {(e.operation, e.asked.stream) for e in found} == {("realtime", True)}


def test_the_session_names_the_model_where_no_query_does() -> None:
    """And always the one that serves."""
    found = fed(
        socket(NAME, None), [session(), create(), created("r1"), ended("r1", usage={"input_tokens": 1})]
    )

    assert begins(found)[0].asked.model == "gpt-realtime-2026"
    assert ends(found)[0].report.model == "gpt-realtime-2026"


def test_audio_text_images_and_caches_are_told_apart() -> None:
    usage = {
        "total_tokens": 300,
        "input_tokens": 200,
        "output_tokens": 100,
        "input_token_details": {
            "text_tokens": 60,
            "audio_tokens": 110,
            "image_tokens": 30,
            "cached_tokens": 90,
            "cached_tokens_details": {"text_tokens": 20, "audio_tokens": 64, "image_tokens": 6},
        },
        "output_token_details": {"text_tokens": 30, "audio_tokens": 70},
    }

    (end,) = ends(fed(socket(NAME), [ended("r1", status="completed", usage=usage)]))

    assert used(end) == {
        "input_tokens": 200,
        "cache_read_tokens": 90,
        "output_tokens": 100,
        "input_audio_tokens": 110,
        "input_image_tokens": 30,
        "cache_audio_read_tokens": 64,
        "output_audio_tokens": 70,
    }


def item(kind: str = "message", *content: str) -> tuple[bool, bytes]:
    parts = [{"type": part} for part in content]
    return sent(type="conversation.item.create", item={"type": kind, "content": parts})


def test_xai_reports_beside_the_response_and_bills_seconds_and_items_of_text() -> None:
    """Not sound, nor what a tool answered; each once."""
    event = received(
        type="response.done",
        response={"id": "r1", "status": "completed", "status_details": "unimplemented", "usage": {}},
        usage={"input_tokens": 7, "output_tokens": 84, "total_tokens": 91, "billable_audio_seconds": 3},
    )

    again = received(
        type="response.done", response={"id": "r2"}, usage={"input_tokens": 1, "billable_audio_seconds": 0}
    )
    typed = [
        item("message", "input_text"),
        item("message"),
        sent(type="conversation.item.create", item={"content": 7}),
    ]
    free = [
        item("message", "input_text", "input_audio"),
        item("function_call_output"),
        item("message", "audio"),
    ]

    first, second = ends(fed(socket(NAME), [*typed, *free, create(), event, again]))

    assert used(first) == {"input_tokens": 7, "output_tokens": 84, "seconds": 3, "requests": 3}
    assert used(second) == {"input_tokens": 1, "seconds": 0, "requests": 0}


def test_a_failed_call_tells_of_which_error() -> None:
    details = {"type": "failed", "error": {"type": "rate_limit_error", "code": "rate_limit_exceeded"}}

    (end,) = ends(fed(socket(NAME), [ended("r1", status="failed", status_details=details)]))

    assert (end.how, end.report.error, end.report.usage) == (How.FAILED, "rate_limit_error", None)


def test_who_falls_silent_is_answered() -> None:
    """A call that the server begins, with the session's settings."""
    found = fed(
        socket(NAME),
        [
            session(max_output_tokens=64),
            received(type="input_audio_buffer.speech_stopped"),
            created("r1"),
            ended("r1", usage={"input_tokens": 5, "output_tokens": 5}),
        ],
    )

    assert [(e.by_server, e.asked) for e in begins(found)] == [
        (True, Asked(model="m", stream=True, max_output_tokens=64, session="sess_1"))
    ]


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (
            {
                "type": "tokens", "total_tokens": 35, "input_tokens": 26, "output_tokens": 9,
                "input_token_details": {"text_tokens": 0, "audio_tokens": 26},
            },
            {"input_tokens": 26, "output_tokens": 9, "input_audio_tokens": 26},
        ),
        ({"type": "duration", "seconds": 2.4}, {"seconds": 3}),
        (None, {}),
    ],
    ids=["tokens", "duration", "none"],
)  # fmt: skip
@pytest.mark.parametrize(
    "settings",
    [
        {"audio": {"input": {"transcription": {"model": "gpt-4o-transcribe"}}}},
        {"input_audio_transcription": {"model": "gpt-4o-transcribe"}},
    ],
    ids=["as it is", "as it was"],
)
def test_what_was_spoken_is_written_down_by_a_model_of_its_own(
    usage: dict[str, Any] | None, expected: dict[str, int], settings: dict[str, Any]
) -> None:
    """Which is a call of its own, over as it begins."""
    found = fed(socket(NAME), [session("session.updated", **settings), written(usage=usage)])

    ((begun,), (end,)) = begins(found), ends(found)
    assert (begun.operation, begun.by_server, begun.asked.model) == (
        "transcription",
        True,
        "gpt-4o-transcribe",
    )
    assert (end.how, end.report.model, used(end)) == (How.COMPLETED, "gpt-4o-transcribe", expected)


def test_a_transcription_is_counted_once() -> None:
    """xAI tells of it while more is spoken."""
    found = fed(
        socket(NAME),
        [
            written(status="in_progress"),
            written(status="completed"),
            written(status="completed"),
            written("item_2"),
        ],
    )

    assert len(ends(found)) == 2


def test_an_error_ends_the_call_that_it_names() -> None:
    """Others wait on."""
    error = {"type": "invalid_request_error", "code": "bad", "message": "Oh", "event_id": "mine"}

    found = fed(
        socket(NAME),
        [
            create(event_id="other"),
            create(event_id="mine"),
            received(type="error", error=error),
            created("r1"),
        ],
    )

    assert Trouble(at=2, error="invalid_request_error", call=1) in found
    assert [(e.call, e.how) for e in ends(found)] == [(1, How.FAILED)]
    assert len(begins(found)) == 2


@pytest.mark.parametrize(
    ("error", "ended_calls"),
    [
        ({"code": "conversation_already_has_active_response"}, [0]),
        ({"param": "response.max_output_tokens"}, [0]),
        ({"param": "item.content"}, []),
        ({"event_id": "of another message"}, []),
        ({}, []),
    ],
    ids=str,
)
def test_an_error_that_names_none_ends_a_call_only_if_it_is_about_one(
    error: dict[str, Any], ended_calls: list[int]
) -> None:
    """What is said of another message must not make a hold go."""
    found = fed(socket(NAME), [create(), created("r1"), create(), received(type="error", error=error)])

    assert [e.call for e in ends(found)] == [n + 1 for n in ended_calls]
    assert any(isinstance(e, Trouble) for e in found)


def test_metadata_tell_which_call_is_answered() -> None:
    """A call beside the conversation, while voice is answered."""
    beside = {"topic": "classify"}

    found = fed(
        socket(NAME),
        [
            create(),
            create(response={"metadata": beside}),
            created("r1", metadata=beside),
            created("r2", metadata=None),
        ],
    )
    found += fed(socket(NAME), [])

    assert len(begins(found)) == 2
    reader = socket(NAME)
    fed(reader, [create(), create(response={"metadata": beside})])
    (end,) = ends(fed(reader, [ended("r1", metadata=beside)]))
    assert end.call == 1


def test_a_refusal_names_the_clients_message() -> None:
    reader = socket(NAME)
    fed(reader, [create(event_id="mine"), create()])

    named, plain = json.loads(reader.refuse(0, 429, "no", "x")), json.loads(reader.refuse(1, 429, "no", "x"))

    assert named["error"]["event_id"] == "mine"
    assert "event_id" not in plain["error"]
    assert named["event_id"] != plain["event_id"]


@pytest.mark.parametrize(
    ("given", "clamped"),
    [
        (
            b'{"type":"response.create","response":{"max_output_tokens":"inf","tools":[]}}',
            b'{"type":"response.create","response":{"max_output_tokens":50,"tools":[]}}',
        ),
        (
            b'{"type":"response.create","response":{"max_output_tokens":7}}',
            b'{"type":"response.create","response":{"max_output_tokens":7}}',
        ),
        (
            b'{"type":"response.create"}',
            b'{"response":{"max_output_tokens":50},"type":"response.create"}',
        ),
        (
            b'{"type":"session.update","session":{"type":"realtime"}}',
            b'{"type":"session.update","session":{"max_output_tokens":50,"type":"realtime"}}',
        ),
        (
            b'{"type":"session.update","session":{"voice":"alloy","max_response_output_tokens":4096}}',
            b'{"type":"session.update","session":{"voice":"alloy","max_response_output_tokens":50}}',
        ),
        (
            b'{"type":"session.update","session":{"voice":"alloy"}}',
            b'{"type":"session.update","session":{"max_response_output_tokens":50,"voice":"alloy"}}',
        ),
        (
            b'{"type":"session.update","session":{"type":"transcription"}}',
            b'{"type":"session.update","session":{"type":"transcription"}}',
        ),
        (b'{"type":"input_audio_buffer.append"}', b'{"type":"input_audio_buffer.append"}'),
    ],
    ids=["inf", "less", "put", "session", "beta's session", "put in it", "transcription", "sound"],
)
def test_only_the_maximum_is_changed(given: bytes, clamped: bytes) -> None:
    assert socket(NAME).clamped(given, 50) == clamped


def test_a_maximum_has_no_place_in_what_is_no_object() -> None:
    with pytest.raises(ValueError, match="object"):
        socket(NAME).clamped(b'{"type":"response.create","response":[]}', 50)


def test_texts_are_instructions_tools_and_items() -> None:
    reader = socket(NAME)
    _, update = sent(type="session.update", session={"instructions": "Be brief", "tools": [{"name": "look"}]})
    _, item = sent(type="conversation.item.create", item={"content": [{"type": "input_text", "text": "Hi"}]})
    _, call = create(response={"instructions": "Sing", "input": [{"content": [{"text": "Now"}]}]})

    assert [list(reader.texts(m)) for m in (update, item, call)] == [
        ["Be brief", "look"],
        ["Hi"],
        ["Sing", "Now"],
    ]
