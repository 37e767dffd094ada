"""On a Live socket the voice is one call, billed by the second; what it delegates are others."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.sockets.frames import (
    Message,
    begins,
    create,
    ends,
    fed,
    received,
    sent,
    socket,
    used,
)
from tollway.model import Asked
from tollway.prices import PriceBook, Priced
from tollway.sockets.events import How, Trouble

BACKEND = {
    "type": "responses",
    "responses": {"model": "gpt-5.6", "instructions": "Look", "tools": [{"name": "find"}]},
}
START = sent(
    type="session.start", session={"model": "gpt-live-1", "instructions": "Sing", "delegation": BACKEND}
)
STARTED = received(type="session.started", session={"id": "sess_1", "model": "gpt-live-1"})


def live() -> Any:
    return socket("openai_live", None)


def spent(seconds: object) -> Message:
    return received(type="session.usage.updated", usage={"seconds": seconds})


def closed(seconds: float, reason: str = "close_requested") -> Message:
    return received(type="session.closed", reason=reason, usage={"seconds": seconds})


def delegated(kind: str, id: str, **said: Any) -> Message:
    return received(
        type="response.event", delegation_id="d", event={"type": kind, "response": {"id": id, **said}}
    )


def test_a_session_is_a_call_whose_seconds_are_never_summed() -> None:
    found = fed(live(), [START, STARTED, spent(10.2), spent(61.4), closed(65.1)])

    ((begun,), (end,)) = begins(found), ends(found)
    assert (begun.asked, begun.operation, begun.by_server) == (
        Asked(model="gpt-live-1", stream=True), "realtime", False,
    )  # fmt: skip
    assert (end.how, end.first, end.at, used(end)) == (How.COMPLETED, 1, 4, {"seconds": 66})
    assert (end.report.model, end.report.id, end.report.complete) == ("gpt-live-1", "sess_1", True)


def test_it_is_priced_by_the_hour() -> None:
    (end,) = ends(fed(live(), [START, STARTED, closed(120)]))

    cost = PriceBook().price(
        Priced(
            provider="openai", host="api.openai.com", operation="realtime", model_asked="gpt-live-1",
            report=end.report, tier_asked=None, at=datetime(2026, 11, 1, tzinfo=UTC), notional=False,
        )
    )  # fmt: skip

    assert (cost.nano, cost.flags) == (100_000_000, ())


def test_what_it_delegates_are_calls_of_their_own() -> None:
    """Of the backend's model, whoever asks for them."""
    usage = {"input_tokens": 5, "output_tokens": 3}
    found = fed(
        live(),
        [
            START, STARTED, spent(1),
            delegated("response.created", "r1"),
            delegated("response.completed", "r1", model="gpt-5.6", usage=usage),
            create(), delegated("response.created", "r2"), delegated("response.completed", "r2", usage=usage),
            closed(2),
        ],
    )  # fmt: skip

    assert [(e.call, e.operation, e.by_server, e.asked.model) for e in begins(found)] == [
        (0, "realtime", False, "gpt-live-1"),
        (1, "chat", True, "gpt-5.6"),
        (2, "chat", False, "gpt-5.6"),
    ]
    assert [(e.call, used(e)) for e in ends(found)] == [
        (1, {"input_tokens": 5, "output_tokens": 3}),
        (2, {"input_tokens": 5, "output_tokens": 3}),
        (0, {"seconds": 2}),
    ]


@pytest.mark.parametrize(
    ("reason", "how", "error"),
    [
        ("expired", How.COMPLETED, None),
        ("remote_hangup", How.COMPLETED, None),
        ("content", How.FAILED, "content"),
        ("connection_lost", How.CUT, None),
    ],
)
def test_a_session_says_why_it_closed(reason: str, how: How, error: str | None) -> None:
    (end,) = ends(fed(live(), [START, STARTED, closed(3, reason)]))

    assert (end.how, end.report.error, used(end)) == (how, error, {"seconds": 3})


def test_what_is_under_way_is_cut_with_the_socket() -> None:
    """What the voice had used by then is known."""
    reader = live()
    fed(reader, [START, STARTED, spent(7), delegated("response.created", "r1")])

    cut = ends(reader.close(9))

    assert [(e.call, e.how, used(e), e.report.complete) for e in cut] == [
        (0, How.CUT, {"seconds": 7}, False),
        (1, How.CUT, {}, False),
    ]
    assert fed(reader, [STARTED]) == []
    assert (reader.unread, reader.close(10)) == (1, [])


def test_a_session_that_nobody_saw_start_is_a_call() -> None:
    found = fed(live(), [spent(4), closed(5)])

    assert [e.by_server for e in begins(found)] == [True]
    assert [used(e) for e in ends(found)] == [{"seconds": 5}]


def test_a_socket_has_one_session() -> None:
    found = fed(live(), [START, START, STARTED, closed(5), closed(5), spent(6), START])

    assert (len(begins(found)), len(ends(found))) == (1, 1)


@pytest.mark.parametrize("seconds", [True, "4", -1, None, 1e300, {}], ids=str)
def test_what_is_no_length_of_time_is_no_usage(seconds: object) -> None:
    reader = live()
    fed(reader, [START, STARTED, spent(seconds)])

    assert [used(e) for e in ends(reader.close(9))] == [{}]


def test_an_error_ends_a_session_that_has_not_started() -> None:
    """Of others nobody can tell what it is about."""
    error = received(type="error", error={"type": "invalid_request_error", "code": "unknown_parameter"})

    before, after = fed(live(), [START, error]), fed(live(), [START, STARTED, error])

    assert [(e.how, e.report.error) for e in ends(before)] == [(How.FAILED, "invalid_request_error")]
    assert Trouble(at=1, error="invalid_request_error", call=0) in before
    assert after[1:] == [Trouble(at=2, error="invalid_request_error")]


def test_a_refusal_is_an_error_event() -> None:
    """Of the session, of what it delegates, or of nothing that began."""
    reader = live()
    fed(reader, [START, create()])

    said = [json.loads(reader.refuse(call, 429, "no money", "budget")) for call in (1, 0, None)]

    assert {(s["type"], s["error"]["message"]) for s in said} == {("error", "no money")}
    assert reader.close(9) == []


@pytest.mark.parametrize(
    ("given", "clamped"),
    [
        (
            b'{"type":"session.start","session":{"delegation":{"responses":{"model":"m"}}}}',
            b'{"type":"session.start","session":{"delegation":{"responses":{"max_output_tokens":50,"model":"m"}}}}',
        ),
        (
            b'{"type":"session.start","session":{"model":"m"}}',
            b'{"type":"session.start","session":{"model":"m"}}',
        ),
        (b'{"type":"response.create"}', b'{"type":"response.create"}'),
        (b"\0", b"\0"),
    ],
    ids=["backend", "no backend", "call", "no message"],
)
def test_what_the_backend_writes_has_a_maximum(given: bytes, clamped: bytes) -> None:
    assert live().clamped(given, 50) == clamped


def test_texts_are_the_voices_and_the_backends() -> None:
    _, added = sent(type="session.instructions.append", instructions="Louder")

    assert [list(live().texts(m)) for m in (START[1], added, b"\0")] == [
        ["Sing", "Look", "find"],
        ["Louder"],
        [],
    ]


def test_what_nobody_knows_is_counted() -> None:
    reader = live()

    fed(
        reader,
        [
            (True, b"\0"), sent(type="new"), received(type="new"), received(type="response.event"),
            received(type="response.event", event={"type": "new"}),
            received(type="session.output_audio.delta"), received(nothing=1),
            sent(type="session.input_audio.append", audio="AAAA"),
        ],
    )  # fmt: skip

    assert reader.unread == 6


KEYS = st.sampled_from(
    "session usage seconds event response id model delegation responses error reason".split()
)
TYPES = st.sampled_from(
    "session.start session.started session.usage.updated session.closed response.event"
    " response.create error".split()
)
LEAF = st.none() | st.integers(-1, 99) | st.floats(-1, 99) | st.text(max_size=3) | TYPES
INNER = LEAF | st.dictionaries(KEYS, LEAF | st.dictionaries(KEYS, LEAF, max_size=2), max_size=3)
ODD = st.dictionaries(KEYS, INNER, max_size=3)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), TYPES | LEAF, ODD), max_size=8))
def test_no_input_raises(given: list[tuple[bool, Any, dict[str, Any]]]) -> None:
    reader = live()
    messages = [(sent_, json.dumps({**said, "type": kind}).encode()) for sent_, kind, said in given]

    found = [*fed(reader, messages), *reader.close(0)]

    assert all(isinstance(text, str) for _, content in messages for text in reader.texts(content))
    assert sorted(e.call for e in begins(found)) == sorted(e.call for e in ends(found))
