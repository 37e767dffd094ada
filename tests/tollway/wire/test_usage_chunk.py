"""The chunk of usage is cut out, and every other byte is passed on, at once."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tollway.wire.usage_chunk import UsageChunk

USAGE = {"prompt_tokens": 1, "completion_tokens": 2}
EXTRA = b'{"id":"x","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}'
KEPT = [
    b'{"id":"x","choices":[{"delta":{"content":"a"}}],"usage":null}',
    b'{"choices":[],"prompt_filter_results":[{"prompt_index":0}]}',
    b'{"choices":[],"usage":null}',
    b'{"choices":[{"delta":{}}],"usage":{"prompt_tokens":1}}',
    b'{"usage":{"prompt_tokens":1}}',
    b'{"choices":[],"usage":{"prompt_tokens":1}',
    b'{"a":"\\"choices\\":[],\\"usage\\":{}"}',
    b'{"x":{"choices":[],"usage":{}}}',
    b"[DONE]",
    b"[]",
    b"",
]
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])


def relayed(stream: bytes, places: list[int]) -> bytes:
    ends = sorted(p % (len(stream) + 1) for p in places)
    chunks = UsageChunk()
    pieces = [chunks.feed(stream[a:b]) for a, b in zip([0, *ends], [*ends, len(stream)], strict=True)]
    return b"".join([*pieces, chunks.flush()])


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A stream, and the same without the chunks to cut."""
    end, space = draw(ENDS), draw(st.sampled_from([b"", b" "]))
    before, after = [], []
    for _ in range(draw(st.integers(0, 5))):
        data, prefix = (
            draw(st.sampled_from([EXTRA, EXTRA, *KEPT])),
            draw(st.sampled_from([b"", b"", b": hi", b"id: 7"])),
        )
        line = b"data:" + space + data + end
        lead = prefix + end if prefix else b""
        before.append(lead + line + end)
        if data != EXTRA:
            after.append(lead + line + end)
        elif lead:  # what stood with it stays, and its blank line, too
            after.append(lead + end)
    return b"".join(before), b"".join(after)


@given(streams(), st.lists(st.integers(0, 500), max_size=8))
@example((b"data: " + EXTRA + b"\r\n\r\n", b""), list(range(100)))
@example((b": hi\r\rdata: " + EXTRA + b"\r\rdata: x\r\r", b": hi\r\rdata: x\r\r"), [])
def test_any_cutting_cuts_the_same_chunk_out_and_no_other_byte(
    pair: tuple[bytes, bytes], places: list[int]
) -> None:
    stream, expected = pair

    assert relayed(stream, places) == expected


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=6))
def test_any_other_bytes_pass(stream: bytes, places: list[int]) -> None:
    assert relayed(stream, places) == stream


@pytest.mark.parametrize("spaced", [True, False])
def test_the_chunk_may_be_written_with_spaces(spaced: bool) -> None:
    chunk: dict[str, Any] = {"choices": [], "usage": USAGE}
    line = json.dumps(chunk, separators=(", ", ": ") if spaced else (",", ":"))

    assert relayed(f"data: {line}\n\ndata: [DONE]\n\n".encode(), []) == b"data: [DONE]\n\n"


@pytest.mark.parametrize(
    "body", [b"data: " + k for k in KEPT if k] + [b": OPENROUTER PROCESSING", b"event: x", b"{}"]
)
def test_a_line_waits_only_until_it_can_no_longer_be_the_chunk(body: bytes) -> None:
    chunks = UsageChunk()
    held = 0
    for at in range(len(body)):
        passed = chunks.feed(body[at : at + 1])
        held = 0 if passed else held + 1
        if b'"choices":[{' in body[: at + 1] or not b"data: {".startswith(body[: min(at + 1, 7)]):
            assert held == 0


def test_whole_chunks_are_passed_on_at_once() -> None:
    chunks = UsageChunk()

    for data in KEPT:
        frame = b"data: " + data + b"\n\n"
        assert chunks.feed(frame) == frame


def test_a_line_too_long_to_be_the_chunk_does_not_wait() -> None:
    chunks = UsageChunk()
    start = b'data: {"x":"' + b"x" * 20_000

    assert chunks.feed(start) == start
    assert chunks.feed(b'","choices":[],"usage":{}}\n\n') == b'","choices":[],"usage":{}}\n\n'
    assert chunks.feed(b"data: " + EXTRA + b"\n\n") == b""


def test_a_stream_that_ends_without_a_line_end_is_whole() -> None:
    assert relayed(b"data: " + EXTRA, []) == b""
    assert relayed(b'data: {"id":', []) == b'data: {"id":'


def test_a_million_line_ends_cost_one_pass() -> None:
    stream = b"data: " + EXTRA + b"\n\n" + b"\n" * 1_000_000

    assert relayed(stream, []) == b"\n" * 1_000_000
