"""Chat's requests, objects and streams are read as their providers mean them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.wire.chat import CHAT, HERE, USAGE, USED, chunk, read, stream
from tollway.model import Asked, Report, Usage

PLAIN = stream(
    chunk({"role": "assistant", "content": "", "refusal": None}, usage=None),
    chunk({"content": "The"}, usage=None),
    chunk({"content": ' "quoted\\" é😀'}, usage=None),
    chunk({}, usage=None),
    chunk(usage=USAGE, service_tier="default"),
)


def test_an_object_reports() -> None:
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "gpt-4o-2024-08-06",
        "service_tier": "priority",
        "choices": [{"message": {"role": "assistant", "content": "Hello."}}],
        "usage": USAGE,
    }

    reader = read(json.dumps(body).encode())

    assert reader.report() == Report(
        usage=USED, model="gpt-4o-2024-08-06", tier="priority", id="chatcmpl-1", complete=True
    )
    assert reader.delivered() == b"Hello."


def test_a_stream_reports() -> None:
    reader = read(PLAIN)

    assert reader.report() == Report(
        usage=USED, model="gpt-4o-2024-08-06", tier="default", id="chatcmpl-1", complete=True
    )
    assert reader.delivered() == 'The "quoted\\" é😀'.encode()


USAGES = st.sampled_from([None, USAGE, {"prompt_tokens": 0, "completion_tokens": 0}])
DELTAS = st.dictionaries(
    st.sampled_from(["content", "reasoning_content", "role"]),
    st.none()
    | st.text(max_size=5)
    | st.sampled_from(['"usage":{"prompt_tokens":9}', "\\", '"', "\n\ndata: x\n\n"]),
    max_size=2,
)


@given(
    st.lists(st.builds(lambda d, u: chunk(*d, usage=u), st.lists(DELTAS, max_size=2), USAGES), max_size=6),
    st.booleans(),
    st.booleans(),
    st.lists(st.integers(0, 4000), max_size=8),
)
def test_any_cutting_of_a_stream_gives_the_same(
    chunks: list[dict[str, Any]], done: bool, compact: bool, places: list[int]
) -> None:
    body = stream(*chunks, done=done, compact=compact)
    whole, cut = read(body), read(body, places)

    assert cut.report() == whole.report()
    assert cut.delivered() == whole.delivered()
    reported = [c["usage"] for c in chunks if c["usage"]]
    expected = reported[-1] if reported else {}
    assert whole.report().usage == (
        Usage(input_tokens=expected["prompt_tokens"], output_tokens=expected["completion_tokens"])
        if expected
        else None
    )
    texts = [v for c in chunks for k in c["choices"] for n, v in k["delta"].items() if v and n != "role"]
    assert whole.delivered() == "".join(texts).encode()


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=4))
def test_whatever_comes_nothing_is_raised(body: bytes, places: list[int]) -> None:
    for opening in (b"", b"{", b"data: ", b'data: {"usage":', b'{"usage":'):
        reader = read(opening + body, places)
        assert isinstance(reader.report(), Report)
        assert isinstance(reader.delivered(), bytes)


@pytest.mark.parametrize(
    "value", [None, 1, "x", [], [1], [None], {"a": 1}, [{"delta": 1}], [{"delta": {"content": 1}}]]
)
@pytest.mark.parametrize(
    "name", ["choices", "usage", "x_groq", "usage_breakdown", "model", "id", "service_tier"]
)
def test_wrong_types_are_absent(name: str, value: object) -> None:
    if name in ("model", "id", "service_tier") and isinstance(value, str):
        return
    body = {**chunk({}), name: value}

    for text in (json.dumps(body).encode(), stream(body, done=False)):
        report = read(text).report()
        assert report.usage is None
        assert (report.portions, report.error, report.tier) == ((), None, None)


def test_usage_in_the_middle_of_a_stream_is_taken_and_null_takes_nothing_away() -> None:
    body = stream(
        chunk({"content": "a"}, usage=USAGE), chunk({"content": "b"}, usage=None), chunk({"content": "c"})
    )

    report = read(body).report()

    assert report.usage == USED
    assert report.complete


def test_the_last_usage_counts_where_each_chunk_has_one() -> None:
    growing = [chunk({"content": "a"}, usage={"prompt_tokens": 14, "completion_tokens": n}) for n in range(8)]

    report = read(stream(*growing, chunk(usage=USAGE))).report()

    assert report.usage == USED


def test_usage_on_a_last_chunk_that_still_has_choices_is_taken() -> None:
    report = read(stream(chunk({"content": ""}, usage=USAGE), done=False)).report()

    assert report.usage == USED
    assert not report.complete


def test_a_chunk_of_usage_alone_is_the_end() -> None:
    assert read(stream(chunk(usage=USAGE), done=False)).report().complete
    assert not read(stream(chunk(prompt_filter_results=[]), done=False)).report().complete


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (
            {"error": {"message": "secret text", "type": "invalid_request_error", "code": "x"}},
            "invalid_request_error",
        ),
        ({"error": {"message": "secret text", "type": None, "code": "model_not_found"}}, "model_not_found"),
        ({"error": {"message": "secret text", "code": 429}}, "429"),
        ({"error": {"message": "secret text", "type": "a secret text"}}, "error"),
        ({"error": "secret text"}, "error"),
        ({"error": {}}, None),
        ({"error": None}, None),
        (
            {"object": "error", "message": "secret text", "type": "BadRequestError", "code": 40303},
            "BadRequestError",
        ),
        ({"detail": "secret text"}, None),
    ],
)
def test_of_an_error_the_type_is_told_and_never_the_text(error: dict[str, Any], kind: str | None) -> None:
    for body in (json.dumps(error).encode(), stream(chunk({"content": "a"}), error, done=False)):
        report = read(body).report()
        assert report.error == kind
        assert report.usage is None
        assert "secret" not in repr(report)


def test_an_error_ends_a_stream() -> None:
    body = (
        stream(chunk({"content": "a"}), done=False)
        + b'event: error\ndata: {"error":{"type":"server_error"}}\n\n'
    )

    report = read(body).report()

    assert (report.error, report.complete) == ("server_error", True)


def test_a_late_chunk_that_is_an_error_by_its_object_is_seen() -> None:
    chunks = [chunk({"content": "a"})] * 6

    report = read(stream(*chunks, {"object": "error", "type": "InternalError"}, done=False)).report()

    assert report.error == "InternalError"


def test_a_last_chunk_without_its_blank_line_counts() -> None:
    report = read(stream(chunk({"content": "a"}), chunk(usage=USAGE), done=False).rstrip()).report()

    assert (report.usage, report.complete) == (USED, True)
    assert read(PLAIN.rstrip()).report().complete


def test_texts_of_every_kind_are_delivered() -> None:
    body = stream(
        chunk({"reasoning_content": "R1"}),
        chunk({"content": "", "reasoning": "R2"}),
        chunk({"content": "C"}, {"content": "D"}),
        chunk({"refusal": "F"}),
        chunk({"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": '{"a":'}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": "1}"}}]}),
        chunk({"content": [{"type": "text", "text": "L"}]}),
    )

    assert read(body).delivered() == b'R1R2CDF{"a":1}L'


def test_texts_before_a_cut_are_delivered() -> None:
    assert read(PLAIN[: len(PLAIN) // 2]).delivered() == b"The"


@pytest.mark.parametrize("content_type", ["text/event-stream", "application/json", "text/html", ""])
def test_what_an_answer_is_shows_in_its_first_byte_not_in_its_content_type(content_type: str) -> None:
    for body, complete in (
        (b'\r\n {"usage": {"prompt_tokens": 3}}', True),
        (b"\n\n" + PLAIN, True),
        (b"<html>", False),
    ):
        reader = CHAT.reader(HERE, Asked(stream=True), {"content-type": content_type})
        reader.feed(body)
        assert reader.report().complete == complete


def test_before_anything_came_nothing_is_known() -> None:
    reader = read(b"  ")

    assert reader.report() == Report()
    assert reader.delivered() == b""


def test_a_request_is_read() -> None:
    body = {
        "model": "gpt-5",
        "stream": True,
        "max_completion_tokens": 9,
        "service_tier": "flex",
        "prompt_cache_key": "k",
    }

    assert CHAT.read_request(HERE, body) == Asked(
        model="gpt-5", stream=True, max_output_tokens=9, reports_usage=False, tier="flex", session="k"
    )


@pytest.mark.parametrize(
    ("body", "reports"),
    [
        ({}, True),
        ({"stream": False}, True),
        ({"stream": True}, False),
        ({"stream": True, "stream_options": None}, False),
        ({"stream": True, "stream_options": {"include_usage": False}}, False),
        ({"stream": True, "stream_options": {"include_usage": "true"}}, False),
        ({"stream": True, "stream_options": {"include_usage": True}}, True),
    ],
)
def test_a_stream_reports_usage_only_if_asked(body: dict[str, Any], reports: bool) -> None:
    assert CHAT.read_request(HERE, body).reports_usage == reports


def test_the_texts_are_what_the_model_reads() -> None:
    body = {
        "model": "m",
        "messages": [
            {"role": "system", "content": "S"},
            {
                "role": "user",
                "content": [{"type": "text", "text": "U"}, {"type": "image_url", "image_url": {"url": "I"}}],
            },
            {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{}"}}]},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    }

    assert list(CHAT.texts(body)) == ["S", "U", "f", "{}", "f", '{"type":"object"}']


def test_an_error_is_written_as_the_sdk_reads_it() -> None:
    error = json.loads(CHAT.error(403, "no", "limit_reached"))["error"]

    assert error == {"message": "no", "type": "permission_error", "param": None, "code": "limit_reached"}
