"""Gemini's answers are read in each framing, wrapped or not, whatever their cutting."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Report, Usage
from tollway.wire.framing import Elements, Events
from tollway.wire.gemini_answer import AnswerWhole, ChunkStream


def wrote(*parts: Any, **more: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, "index": 0, **more}]}


def counted(prompt: int, answer: int, **more: Any) -> dict[str, Any]:
    return {
        "usageMetadata": {"promptTokenCount": prompt, "candidatesTokenCount": answer, **more},
        "modelVersion": "gemini-x",
        "responseId": "r1",
    }


CHUNKS = [
    wrote({"text": "Hel", "thought": True}) | {"usageMetadata": {"trafficType": "ON_DEMAND"}},
    wrote({"text": 'lo "wörld"\n'}) | counted(10, 3),
    wrote({"text": "!"}, finishReason="STOP")
    | counted(10, 5, thoughtsTokenCount=2, trafficType="ON_DEMAND_FLEX"),
]
REPORT = Report(
    usage=Usage(input_tokens=10, output_tokens=7, reasoning_tokens=2),
    model="gemini-x",
    tier="flex",
    id="r1",
    complete=True,
)


def as_events(chunks: Sequence[Any]) -> bytes:
    return "".join(f"data: {json.dumps(c)}\r\n\r\n" for c in chunks).encode()


def as_array(chunks: Sequence[Any]) -> bytes:
    return ("[" + "\n,\r\n".join(json.dumps(c, indent=2) for c in chunks) + "]").encode()


def wrapped(chunks: Sequence[Any]) -> list[Any]:
    return [{"response": chunk, "traceId": "t"} for chunk in chunks]


def plain(chunks: Sequence[Any]) -> list[Any]:
    return list(chunks)


def read(framing: Any, data: bytes, places: Sequence[int] = ()) -> ChunkStream:
    reader = ChunkStream(framing())
    ends = sorted(p % (len(data) + 1) for p in places)
    for a, b in zip([0, *ends], [*ends, len(data)], strict=True):
        reader.feed(data[a:b])
    return reader


FRAMINGS = [(Events, as_events), (Elements, as_array)]
WRAPPERS = [plain, wrapped]
Write = Callable[[Sequence[Any]], bytes]
Wrap = Callable[[Sequence[Any]], list[Any]]


@pytest.mark.parametrize("wrap", WRAPPERS)
@pytest.mark.parametrize(("framing", "write"), FRAMINGS)
def test_the_last_counts_are_taken_and_never_added(framing: type, write: Write, wrap: Wrap) -> None:
    reader = read(framing, write(wrap(CHUNKS)))

    assert reader.report() == REPORT
    assert reader.delivered().decode() == 'Hello "wörld"\n!'


@pytest.mark.parametrize("wrap", WRAPPERS)
def test_an_answer_in_one_piece_is_read_alike(wrap: Wrap) -> None:
    reader = AnswerWhole()
    reader.feed(json.dumps(wrap(CHUNKS)[2]).encode())

    assert reader.report() == REPORT
    assert reader.delivered() == b"!"


def test_counts_are_kept_though_the_last_chunk_has_none() -> None:
    report = read(Events, as_events([*CHUNKS, {"usageMetadata": {"trafficType": "ON_DEMAND"}}, {}])).report()

    assert report == REPORT


def test_without_counts_the_model_is_known_all_the_same() -> None:
    report = read(Events, as_events([{"modelVersion": "gemini-x", "usageMetadata": {}}])).report()

    assert report == Report(model="gemini-x")


def test_searches_are_the_distinct_queries_of_all_chunks() -> None:
    def grounded(*queries: Any) -> dict[str, Any]:
        return wrote({"text": "x"}, groundingMetadata={"webSearchQueries": list(queries)})

    chunks = [
        grounded("a", ""),
        CHUNKS[1],
        grounded("a", "b", 5),
        wrote(groundingMetadata={"webSearchQueries": 1}),
    ]

    reader = read(Events, as_events(chunks))

    assert (reader.report().usage or Usage()).web_searches == 2
    assert reader.delivered().decode() == 'xlo "wörld"\nx'
    whole = AnswerWhole()
    whole.feed(json.dumps(grounded("a", "b") | counted(1, 2)).encode())
    assert whole.report().usage == Usage(input_tokens=1, output_tokens=2, web_searches=2)


def test_what_was_retrieved_is_not_what_the_model_wrote() -> None:
    chunks = [{"retrievedContext": {"text": "a page"}}, {"web": {"uri": "https://example.com"}}]

    reader = read(Events, as_events([wrote({"text": "seen"}, groundingMetadata={"groundingChunks": chunks})]))

    assert reader.delivered() == b"seen"


def test_calls_of_functions_are_delivered_with_their_arguments() -> None:
    call = {"functionCall": {"name": "look", "args": {"text": "it", "n": 1}}, "thoughtSignature": "c2ln"}
    code = {"executableCode": {"language": "PYTHON", "code": "1+1"}}

    reader = read(Events, as_events([wrote(call), wrote(code)]))

    assert reader.delivered() == b'look{"text":"it","n":1}PYTHON1+1'


@pytest.mark.parametrize(("framing", "write"), FRAMINGS)
def test_a_blocked_prompt_is_an_answer_with_its_reason(framing: type, write: Write) -> None:
    body = {
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 9, "totalTokenCount": 9},
    }
    whole = AnswerWhole()
    whole.feed(json.dumps(body).encode())

    expected = Report(
        usage=Usage(input_tokens=9, output_tokens=0), complete=True, error="blocked: PROHIBITED_CONTENT"
    )
    assert read(framing, write([body])).report() == expected
    assert whole.report() == expected


@pytest.mark.parametrize(("framing", "write"), FRAMINGS)
def test_a_block_reason_may_come_as_a_number(framing: type, write: Write) -> None:
    assert read(framing, write([{"promptFeedback": {"blockReason": 3}}])).report().error == "blocked: 3"
    assert read(framing, write([{"promptFeedback": {"blockReason": ""}}])).report().error is None


@pytest.mark.parametrize(("framing", "write"), FRAMINGS)
def test_an_error_in_a_stream_is_known_by_its_status(framing: type, write: Write) -> None:
    error = {"error": {"code": 503, "status": "UNAVAILABLE", "message": "the prompt was: ..."}}

    report = read(framing, write([CHUNKS[1], error])).report()

    assert (report.error, report.complete) == ("UNAVAILABLE", False)
    assert report.usage == Usage(input_tokens=10, output_tokens=3)


@pytest.mark.parametrize(
    ("error", "kind"), [({"status": "NOT_FOUND"}, "NOT_FOUND"), ({}, None), ("?", "error")]
)
def test_an_error_that_stands_alone_is_read_in_place_of_an_array(error: object, kind: str | None) -> None:
    data = json.dumps({"error": error}).encode()
    whole = AnswerWhole()
    whole.feed(data)

    assert read(Elements, data).report().error == kind
    assert whole.report() == Report(error=kind, complete=True)


def test_the_last_event_counts_though_no_blank_line_ends_it() -> None:
    assert read(Events, as_events(CHUNKS).rstrip()).report() == REPORT


def test_a_last_event_that_no_blank_line_ends_counts_with_its_searches() -> None:
    """Its end makes the answer complete, so all that it says is billed."""
    last = wrote({"text": "!"}, groundingMetadata={"webSearchQueries": ["a", "b"]}, finishReason="STOP")

    report = read(Events, as_events([*CHUNKS[:-1], {**CHUNKS[-1], **last}]).rstrip()).report()

    assert report.complete
    assert report.usage is not None
    assert report.usage.web_searches == 2


def test_so_many_searches_are_told_apart_and_no_more() -> None:
    """A stream that names ever new ones takes no memory without end."""
    reader = ChunkStream(Events())

    for n in range(0, 1200, 4):
        named = [str(n + i) for i in range(4)]
        reader.feed(as_events([wrote({"text": "x"}, groundingMetadata={"webSearchQueries": named})]))
    reader.feed(as_events([CHUNKS[-1]]))

    usage = reader.report().usage
    assert usage is not None
    assert usage.web_searches == 1000


@pytest.mark.parametrize(("framing", "write"), FRAMINGS)
def test_a_report_at_any_moment_disturbs_nothing(framing: type, write: Write) -> None:
    data = write(CHUNKS)
    reader = ChunkStream(framing())

    for i in range(len(data)):
        reader.feed(data[i : i + 1])
        reader.report()

    assert reader.report() == REPORT
    assert reader.delivered().decode() == 'Hello "wörld"\n!'


STREAMS = st.lists(
    st.sampled_from([
        *CHUNKS,
        wrote({"functionCall": {"name": "f", "args": {"a": "é\u2028]["}}}),
        wrote({"text": '"text": "x"'}, groundingMetadata={"webSearchQueries": ["q"]}),
        {"error": {"status": "INTERNAL"}},
        {"promptFeedback": {"blockReason": "SAFETY"}},
        {},
    ]),
    max_size=6,
)  # fmt: skip


@given(
    STREAMS, st.sampled_from(FRAMINGS), st.sampled_from(WRAPPERS), st.lists(st.integers(0, 5000), max_size=8)
)
def test_any_cutting_gives_the_same_report(
    chunks: list[Any], framed: tuple[type, Write], wrap: Wrap, places: list[int]
) -> None:
    framing, write = framed
    data = write(wrap(chunks))

    reader, uncut = read(framing, data, places), read(framing, data)

    assert reader.report() == uncut.report()
    assert reader.delivered() == uncut.delivered()


@given(STREAMS)
def test_framing_and_wrapper_make_no_difference(chunks: list[Any]) -> None:
    readers = [read(f, write(wrap(chunks))) for f, write in FRAMINGS for wrap in WRAPPERS]

    assert len({(r.report(), r.delivered()) for r in readers}) == 1


@given(st.binary(max_size=200), st.sampled_from([Events, Elements]))
def test_nothing_it_is_fed_makes_it_raise(data: bytes, framing: type) -> None:
    for frame in (b"%b", b"data: %b\n\n", b'[{"error": %b}', b'data: {"functionCall" %b}\n\n'):
        reader = read(framing, frame % data)
        reader.report()
        reader.delivered()
    whole = AnswerWhole()
    whole.feed(b"{" + data)
    whole.report()
    whole.delivered()


@pytest.mark.parametrize("junk", [[], "x", 5, None, [5], [[]], [{"content": 5}], [{"content": {"parts": 5}}]])
def test_candidates_of_any_type_are_read_as_none(junk: object) -> None:
    body = {"candidates": junk, "promptFeedback": junk, "usageMetadata": junk, "response": junk}
    whole = AnswerWhole()
    whole.feed(json.dumps(body).encode())

    assert whole.report() == Report(complete=True)
    assert whole.delivered() == b""
