"""Cohere's answers are read, of both versions, whole and streamed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.cohere_chat import CohereChat
from tollway.wire.dialect import Reader

HERE = Endpoint(kind=Kind.INFERENCE, provider="cohere", host="api.cohere.com", dialect="cohere_chat")
COUNTS = {
    "billed_units": {"input_tokens": 13.0, "output_tokens": 61.0},
    "tokens": {"input_tokens": 542.0, "output_tokens": 63.0},
}
USED = Usage(input_tokens=13, output_tokens=61)


def delta(kind: str, **message: Any) -> dict[str, Any]:
    return {"type": kind, "index": 0, "delta": {"message": message}}


def content(written: str) -> dict[str, Any]:
    return delta("content-delta", content={"text": written})


START = {"id": "co-1", "type": "message-start", "delta": {"message": {"role": "assistant", "content": []}}}
END = {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": COUNTS}}
OLD_START = {"is_finished": False, "event_type": "stream-start", "generation_id": "gen-1"}


def old_end(**more: Any) -> dict[str, Any]:
    answer = {"response_id": "res-1", "generation_id": "gen-1", "text": "Hi.", "meta": COUNTS, **more}
    return {"is_finished": True, "event_type": "stream-end", "response": answer, "finish_reason": "COMPLETE"}


def said(written: str) -> dict[str, Any]:
    return {"is_finished": False, "event_type": "text-generation", "text": written}


def events(*messages: dict[str, Any]) -> bytes:
    frames = [f"event: {m.get('type', m.get('event_type'))}\ndata: {json.dumps(m)}\n\n" for m in messages]
    return "".join(frames).encode()


def lines(*messages: dict[str, Any]) -> bytes:
    return "".join(json.dumps(m) + "\n" for m in messages).encode()


def read(body: bytes, places: list[int] | None = None, stream: bool = True) -> Reader:
    reader = CohereChat().reader(HERE, Asked(stream=stream), {})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


def test_a_stream_reports_at_its_message_end() -> None:
    """Texts, thoughts, plans and arguments are delivered; documents that are cited are not."""
    source = {"type": "document", "id": "d", "document": {"text": "of the caller"}}
    call = {"id": "t", "type": "function", "function": {"name": "weather", "arguments": ""}}
    body = events(
        START,
        delta("content-start", content={"type": "text", "text": ""}),
        delta("content-delta", content={"thinking": "Hm. "}),
        content('Par"is"'),
        delta("citation-start", citations={"start": 0, "text": "Par", "sources": [source]}),
        delta("tool-plan-delta", tool_plan=" I ask."),
        delta("tool-call-start", tool_calls=call),
        delta("tool-call-delta", tool_calls={"function": {"arguments": '{"city":'}}),
        {"type": "content-end", "index": 0},
        END,
    )

    reader = read(body)

    assert reader.report() == Report(usage=USED, id="co-1", complete=True)
    assert reader.delivered() == b'Hm. Par"is" I ask.{"city":'


@pytest.mark.parametrize("frame", [events, lines])
def test_a_stream_of_the_first_version_reports_at_its_end(frame: Any) -> None:
    """As lines, or as events if the client asks for them. Its last message repeats all that was said."""
    chunk = {"event_type": "tool-calls-chunk", "tool_call_delta": {"index": 0, "parameters": '{"a"'}}
    found = {"event_type": "search-results", "documents": [{"text": "of the web"}]}
    history = [{"role": "USER", "message": "Hello"}]

    reader = read(frame(OLD_START, said("Hi"), found, said("."), chunk, old_end(chat_history=history)))

    assert reader.report() == Report(usage=USED, id="res-1", complete=True)
    assert reader.delivered() == b'Hi.{"a"'


def test_a_generate_stream_ends_without_counts() -> None:
    """So it will be estimated."""
    end = {"event_type": "stream-end", "response": {"id": "gen-2", "generations": [{"text": "Hi."}]}}

    reader = read(lines(said("Hi"), said("."), end))

    assert reader.report() == Report(id="gen-2", complete=True)
    assert reader.delivered() == b"Hi."


@pytest.mark.parametrize(
    ("body", "delivered"),
    [
        (
            {
                "id": "co-1",
                "finish_reason": "TOOL_CALL",
                "message": {
                    "role": "assistant",
                    "content": [{"type": "thinking", "thinking": "Hm. "}, {"type": "text", "text": "Hi."}],
                    "tool_plan": "Plan. ",
                    "tool_calls": [{"id": "t", "function": {"name": "f", "arguments": "{}"}}],
                    "citations": [{"text": "Hi", "sources": [{"tool_output": {"x": "no"}}]}],
                },
                "usage": COUNTS,
            },
            b"Plan. Hm. Hi.f{}",
        ),
        (
            {"response_id": "co-1", "text": "Hi.", "documents": [{"text": "no"}], "meta": COUNTS},
            b"Hi.",
        ),
        ({"id": "co-1", "generations": [{"id": "g", "text": "Hi."}], "meta": COUNTS}, b"Hi."),
    ],
    ids=["v2", "v1", "generate"],
)
def test_an_answer_in_one_piece_reports(body: dict[str, Any], delivered: bytes) -> None:
    """Its usage, or the `meta` of the first version."""
    reader = read(json.dumps(body).encode(), stream=False)

    assert reader.report() == Report(usage=USED, id="co-1", complete=True)
    assert reader.delivered() == delivered


@pytest.mark.parametrize("stream", [True, False])
def test_an_error_is_told_without_its_text(stream: bool) -> None:
    """A stream that is refused is answered by an object."""
    report = read(b'{"id":"e-1","message":"secret is no model"}', stream=stream).report()

    assert report == Report(id="e-1", error="error", complete=True)


@pytest.mark.parametrize(
    ("end", "error"),
    [
        ({"type": "message-end", "delta": {"finish_reason": "ERROR", "error": "secret"}}, "error"),
        ({"type": "message-end", "delta": {"finish_reason": "TIMEOUT"}}, "timeout"),
        ({"type": "message-end", "delta": {"error": "secret"}}, "error"),
        ({"event_type": "stream-end", "response": {"finish_reason": "ERROR_TOXIC"}}, "error_toxic"),
        ({"event_type": "stream-error", "finish_reason": "ERROR", "err": "secret"}, "error"),
        ({"type": "message-end", "delta": {"finish_reason": "MAX_TOKENS"}}, None),
    ],
)
def test_a_stream_may_fail_at_its_end(end: dict[str, Any], error: str | None) -> None:
    """By its finish reason, or by an error."""
    report = read(lines(said("a"), end)).report()

    assert (report.error, report.complete) == (error, True)
    assert "secret" not in repr(report)


def test_a_cut_stream_reports_nothing_and_what_it_delivered() -> None:
    """Usage is in the last message alone."""
    reader = read(events(START, content("Par"), content("is"))[:-1])

    assert reader.report() == Report(id="co-1")
    assert reader.delivered() == b"Par"


def test_a_last_message_without_its_end_counts() -> None:
    """Some servers close without it."""
    assert read(events(START, END).rstrip()).report() == Report(usage=USED, id="co-1", complete=True)
    assert read(lines(OLD_START, old_end()).rstrip()).report().usage == USED


def test_a_text_that_looks_like_an_end_is_none() -> None:
    """Quotes inside a string are escaped."""
    looks = json.dumps({"type": "message-end", "delta": {"usage": COUNTS}})

    report = read(events(START, content(looks))).report()

    assert (report.usage, report.complete) == (None, False)


@given(st.lists(st.text(max_size=6), max_size=5), st.booleans(), st.lists(st.integers(0, 2000), max_size=8))
def test_any_cutting_of_a_stream_gives_the_same(texts: list[str], old: bool, places: list[int]) -> None:
    """Of both versions."""
    body = lines(OLD_START, *map(said, texts), old_end()) if old else events(START, *map(content, texts), END)
    whole, cut = read(body), read(body, places)

    assert cut.report() == whole.report()
    assert cut.delivered() == whole.delivered() == "".join(texts).encode()
    assert whole.report().usage == USED


@given(st.binary(max_size=99), st.booleans())
def test_whatever_comes_nothing_is_raised(body: bytes, stream: bool) -> None:
    """Bytes are a stranger's."""
    for opening in (b"", b"{", b'{"type":"message-end",', b'data: {"type":"message-end",', b'{"message":'):
        reader = read(opening + body + b"\n\n{", stream=stream)
        assert isinstance(reader.report(), Report)
        assert isinstance(reader.delivered(), bytes)


@pytest.mark.parametrize("value", [None, 1, "x", [], [1], {"a": 1}])
@pytest.mark.parametrize("name", ["usage", "meta", "delta", "response", "finish_reason", "tool_calls"])
def test_wrong_types_are_absent(name: str, value: Any) -> None:
    """Wherever they stand."""
    for body, stream in (({name: value}, False), ({"type": "message-end", name: value}, True)):
        reader = read(lines(body), stream=stream)
        assert reader.report().usage is None
        assert isinstance(reader.delivered(), bytes)
