"""A socket of OpenAI's is read call by call: each begins once, ends once, and has its own usage."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tollway.sockets.frames import (
    JSON,
    Message,
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
from tollway.sockets.calls import KEPT, MOST
from tollway.sockets.events import Begun, Ended, Event, Gauges, How, Trouble

BOTH = pytest.mark.parametrize("name", ["openai_responses", "openai_realtime"])
NAMES = st.sampled_from(["openai_responses", "openai_realtime"])


def usage(n: int) -> dict[str, int]:
    return {"input_tokens": n, "output_tokens": 2 * n, "total_tokens": 3 * n}


@BOTH
def test_a_call_begins_as_it_is_asked_for_and_ends_with_its_usage(name: str) -> None:
    found = fed(
        socket(name),
        [
            create(),
            created("r1"),
            delta("Hi", response_id="r1"),
            ended("r1", status="completed", usage=usage(3)),
        ],
    )

    begun, end = found
    assert isinstance(begun, Begun)
    assert isinstance(end, Ended)
    assert (begun.call, begun.at, begun.by_server) == (0, 0, False)
    assert (end.call, end.at, end.first, end.how) == (0, 3, 1, How.COMPLETED)
    assert (used(end), end.report.id, end.report.complete) == (
        {"input_tokens": 3, "output_tokens": 6}, "r1", True,
    )  # fmt: skip


@BOTH
@pytest.mark.parametrize(
    ("kind", "status", "how"),
    [
        ("response.done", "completed", How.COMPLETED),
        ("response.done", "cancelled", How.CANCELLED),
        ("response.done", "failed", How.FAILED),
        ("response.done", "incomplete", How.INCOMPLETE),
        ("response.done", None, How.COMPLETED),
        ("response.done", "unheard-of", How.COMPLETED),
        ("response.completed", "completed", How.COMPLETED),
        ("response.incomplete", None, How.INCOMPLETE),
        ("response.failed", None, How.FAILED),
        ("response.cancelled", None, How.CANCELLED),
    ],
)
def test_each_terminal_event_has_its_end_and_its_usage(
    name: str, kind: str, status: str | None, how: How
) -> None:
    """What was cancelled, failed or ran out is billed, too."""
    found = fed(socket(name), [create(), created("r1"), ended("r1", kind, status=status, usage=usage(5))])

    assert [(e.how, used(e)) for e in ends(found)] == [(how, {"input_tokens": 5, "output_tokens": 10})]


@BOTH
def test_an_answer_that_nobody_asked_for_is_a_call(name: str) -> None:
    found = fed(socket(name), [created("r1"), ended("r1", usage=usage(1))])

    assert [(e.call, e.by_server, e.at) for e in begins(found)] == [(0, True, 0)]
    assert [used(e) for e in ends(found)] == [{"input_tokens": 1, "output_tokens": 2}]


@BOTH
def test_an_end_whose_beginning_was_not_seen_is_a_call(name: str) -> None:
    """A socket beside a telephone call that is under way, say."""
    found = fed(socket(name), [ended("r1", usage=usage(1))])

    assert [type(e) for e in found] == [Begun, Ended]
    assert used(ends(found)[0]) == {"input_tokens": 1, "output_tokens": 2}


@BOTH
def test_what_comes_again_counts_once(name: str) -> None:
    done = ended("r1", usage=usage(1))

    found = fed(socket(name), [create(), created("r1"), created("r1"), done, done, created("r1"), done])

    assert (len(begins(found)), len(ends(found))) == (1, 1)


@BOTH
def test_an_end_without_an_id_is_of_the_only_call(name: str) -> None:
    reader = socket(name)
    done = received(type="response.done", response={"usage": usage(1)})

    found = fed(reader, [create(), created("r1"), done, done, received(type="response.created", response={})])

    assert [used(e) for e in ends(found)] == [{"input_tokens": 1, "output_tokens": 2}]
    assert reader.unread == 2


@BOTH
def test_what_is_under_way_is_cut_with_the_socket(name: str) -> None:
    """Texts and sound so far are told, for an estimate."""
    reader = socket(name)
    fed(
        reader,
        [
            create(), created("r1"), create(),
            delta("Hé", response_id="r1"),
            delta("AAAAAAAA", "response.output_audio.delta", response_id="r1"),
            delta("AAAA", "response.audio.delta", response_id="r1"),
            delta(" you", "response.output_audio_transcript.delta", response_id="r1"),
            delta("of the caller", "conversation.item.input_audio_transcription.delta"),
            received(type="response.output_text.delta", response_id="r1", delta={"a": 1}),
        ],
    )  # fmt: skip

    cut = ends(reader.close(99))

    assert [(e.call, e.how, e.at, e.first) for e in cut] == [(0, How.CUT, 99, 1), (1, How.CUT, 99, None)]
    assert (cut[0].delivered.decode(), cut[0].sound) == ("Hé you", 9)
    assert all(e.report.usage is None and not e.report.complete for e in cut)


@BOTH
def test_what_comes_after_the_close_is_not_read(name: str) -> None:
    reader = socket(name)
    reader.close(0)

    assert fed(reader, [create(), created("r1"), ended("r1", usage=usage(1))]) == []
    assert reader.unread == 3
    assert reader.close(1) == []


@BOTH
def test_a_call_that_is_refused_is_not_waited_for(name: str) -> None:
    """Its number is gone; the next answer is to the next call."""
    reader = socket(name)
    found = fed(reader, [create(), create()])

    said = json.loads(reader.refuse(0, 429, "limit team: nothing is left", "budget_exceeded"))
    found += fed(reader, [created("r1"), ended("r1", usage=usage(1))], 2)

    assert said["type"] == "error"
    assert said["error"]["code"] == "budget_exceeded"
    assert [e.call for e in begins(found)] == [0, 1]
    assert [e.call for e in ends(found)] == [1]
    assert reader.close(9) == []


@BOTH
def test_a_refusal_may_be_about_no_call(name: str) -> None:
    reader = socket(name)

    assert json.loads(reader.refuse(None, 403, "no", "x"))["error"]["message"] == "no"
    assert json.loads(reader.refuse(7, 403, "no", "x"))["error"]["message"] == "no"


@BOTH
@pytest.mark.parametrize(
    "content",
    [
        b'{"type":"ping","type":"response.create"}',
        b'{"type":"response.create","type":"ping"}',
        b'{"t\\u0079pe":"response.create","type":"ping"}',
        b'{"type":"response\\u002ecreate"}',
        b'{"type":"response.create","x":"\\ud800"}',
        b'{"type":4,"type":"session.update"}',
    ],
    ids=bytes.decode,
)
def test_a_message_that_may_be_a_call_is_one(name: str, content: bytes) -> None:
    """Whichever of two members the provider goes by."""
    assert len(begins(fed(socket(name), [(True, content)]))) == 1


@BOTH
def test_what_the_client_may_say_besides_begins_no_call(name: str) -> None:
    reader = socket(name)
    text = '"type":"response.create"'

    found = fed(
        reader,
        [
            sent(type="session.update", session={"type": "realtime"}),
            sent(type="conversation.item.create", item={"type": "message", "content": text}),
            sent(type="response.cancel"),
            sent(type="response.steer", input="faster"),
            sent(type="input_audio_buffer.append", audio="AAAA"),
            sent(type="ping"),
        ],
    )

    assert (found, reader.unread) == ([], 0)


@BOTH
def test_what_nobody_knows_is_counted(name: str) -> None:
    reader = socket(name)

    found = fed(
        reader,
        [
            (True, b""), (False, b"\x00\x01"), (True, b"[1]"), (False, b"{}"), (True, b"{}"),
            sent(type="new.thing"), received(type="new.thing"), received(type="response.new_thing"),
            received(type=["response.done"]),
        ],
    )  # fmt: skip

    assert (found, reader.unread) == ([], 8)


@BOTH
def test_gauges_are_told(name: str) -> None:
    limits = [{"name": "tokens", "limit": 10, "remaining": 9, "reset_seconds": 1}]

    found = fed(
        socket(name),
        [received(type="rate_limits.updated", rate_limits=limits), received(type="codex.rate_limits")],
    )

    assert [type(e) for e in found] == [Gauges]


@BOTH
def test_an_error_of_nobodys_is_trouble(name: str) -> None:
    found = fed(socket(name), [received(type="error", error={"type": "server_error", "message": "Oh"})])

    assert found == [Trouble(at=0, error="server_error")]


@BOTH
def test_what_is_kept_is_bounded(name: str) -> None:
    """However many calls are asked for, and however much comes."""
    reader = socket(name)

    found = fed(reader, [create() for _ in range(3 * MOST)])

    assert len(ends(found)) == 2 * MOST
    assert len(reader.close(0)) == MOST


@BOTH
def test_what_came_is_kept_up_to_a_limit(name: str) -> None:
    reader = socket(name)
    fed(reader, [created("r1"), *[delta("x" * 10_000, response_id="r1")] * 100])

    (cut,) = ends(reader.close(0))

    assert 250_000 <= len(cut.delivered) <= KEPT


@BOTH
def test_a_message_of_16_mb_is_read(name: str) -> None:
    """An image that came out is passed over, and so is one that went in."""
    output = [{"type": "image_generation_call", "result": "A" * 2**24}]

    found = fed(socket(name), [create(input="A" * 2**24), ended("r1", output=output, usage=usage(1))])

    assert [used(e) for e in ends(found)] == [{"input_tokens": 1, "output_tokens": 2}]


@st.composite
def conversations(draw: st.DrawFn) -> tuple[list[Message], dict[str, int]]:
    """The messages of several calls, interleaved anyhow, and the usage of each by its id."""
    calls = {f"r{n}": draw(st.integers(1, 10**6)) for n in range(draw(st.integers(1, 6)))}
    rest = list[list[Message]]()
    for id, n in calls.items():
        asked = [create()] if draw(st.booleans()) else []
        deltas = [delta("text", response_id=id)] * draw(st.integers(0, 3))
        kind = draw(st.sampled_from(["response.done", "response.completed", "response.failed"]))
        rest.append([*asked, created(id), *deltas, ended(id, kind, usage=usage(n))])
    messages = []
    while rest:
        one = draw(st.sampled_from(rest))
        messages.append(one.pop(0))
        more = draw(st.booleans())
        if one and more:
            messages.append(messages[-1] if not messages[-1][0] else sent(type="ping"))
        rest = [other for other in rest if other]
    return messages, calls


def _as_told(events: list[Event]) -> dict[str | None, dict[str, int]]:
    return {e.report.id: used(e) for e in ends(events) if e.report.usage is not None}


@settings(deadline=None)
@given(NAMES, conversations())
def test_any_interleaving_gives_each_call_its_own_usage_once(
    name: str, made: tuple[list[Message], dict[str, int]]
) -> None:
    """Events that come twice are in there, too."""
    messages, calls = made
    reader = socket(name)

    found = [*fed(reader, messages), *reader.close(len(messages))]

    metered = [e for e in ends(found) if e.report.usage is not None]
    assert {e.report.id: used(e) for e in metered} == {
        id: {"input_tokens": n, "output_tokens": 2 * n} for id, n in calls.items()
    }
    assert len(metered) == len(calls)
    assert sorted(e.call for e in begins(found)) == sorted(e.call for e in ends(found))
    assert len({e.call for e in begins(found)}) == len(begins(found))


@settings(deadline=None)
@given(NAMES, conversations(), st.data())
def test_wherever_the_socket_is_cut_each_call_ends_once(
    name: str, made: tuple[list[Message], dict[str, int]], data: st.DataObject
) -> None:
    """With the usage of those that had ended, and with none for the rest."""
    messages, _ = made
    at = data.draw(st.integers(0, len(messages)))
    reader = socket(name)

    found = fed(reader, messages[:at])
    cut = reader.close(at)

    assert sorted(e.call for e in begins(found)) == sorted(e.call for e in ends([*found, *cut]))
    assert all(e.how is How.CUT and e.report.usage is None for e in ends(cut))
    assert _as_told(found) == _as_told(fed(socket(name), messages[:at]))


TYPES = st.sampled_from(
    "response.create response.created response.done response.completed error rate_limits.updated"
    " session.created session.updated response.output_text.delta response.audio.delta codex.rate_limits"
    " conversation.item.input_audio_transcription.completed session.update x".split()
)
KEYS = st.sampled_from(
    "response response_id stream_id event_id item_id content_index usage error status session delta"
    " rate_limits metadata input tools instructions item model id output".split()
)
ODD = st.one_of(
    st.binary(max_size=50),
    st.builds(
        lambda kind, said: json.dumps({**said, "type": kind}).encode(),
        TYPES | JSON,
        st.dictionaries(KEYS, JSON | st.dictionaries(KEYS, JSON, max_size=4), max_size=5),
    ),
)


@settings(deadline=None)
@given(NAMES, st.lists(st.tuples(st.booleans(), ODD), max_size=12), st.integers(1, 100))
def test_no_input_raises(name: str, messages: list[tuple[bool, bytes]], maximum: int) -> None:
    reader = socket(name)
    found = fed(reader, messages)

    for _, content in messages:
        assert all(isinstance(text, str) for text in reader.texts(content))
    found += reader.close(0)

    assert sorted(e.call for e in begins(found)) == sorted(e.call for e in ends(found))


def said_maximum(content: bytes, *path: str) -> Any:
    """The value at the end of a path."""
    found = json.loads(content)
    for key in path:
        found = found[key]
    return found


@BOTH
def test_what_is_no_message_has_no_maximum(name: str) -> None:
    assert socket(name).clamped(b"\x00", 5) == b"\x00"
    assert socket(name).clamped(b'{"type":"ping"}', 5) == b'{"type":"ping"}'
