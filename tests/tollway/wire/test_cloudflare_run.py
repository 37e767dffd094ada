"""Workers AI reports its usage in a wrapper, or on a stream's last event."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollway.model import Asked, Endpoint, Kind, Report, Usage
from tollway.wire.cloudflare_run import CloudflareRun
from tollway.wire.dialect import Reader

HERE = Endpoint(
    kind=Kind.INFERENCE, provider="cloudflare", host="api.cloudflare.com", model="@cf/meta/llama-4-scout"
)
RUN = CloudflareRun()
USAGE = {"prompt_tokens": 14, "completion_tokens": 8, "total_tokens": 22}
USED = Usage(input_tokens=14, output_tokens=8)


def read(body: bytes, places: list[int] | None = None) -> Reader:
    reader = RUN.reader(HERE, Asked(), {})
    ends = sorted(p % (len(body) + 1) for p in places or [])
    for a, b in zip([0, *ends], [*ends, len(body)], strict=True):
        reader.feed(body[a:b])
    return reader


def wrapped(result: Any, **more: Any) -> bytes:
    return json.dumps({"result": result, "success": True, "errors": [], "messages": [], **more}).encode()


STREAM = (
    b'data: {"response":"Hel","p":"abcdefg"}\n\ndata: {"response":"lo \\"you\\"","p":"abc"}\n\n'
    b'data: {"response":"","usage":' + json.dumps(USAGE).encode() + b"}\n\ndata: [DONE]\n\n"
)


@given(st.lists(st.integers(0, 400), max_size=6))
def test_a_stream_reports_on_its_last_event(places: list[int]) -> None:
    """However it is cut; what pads the events is not delivered."""
    reader = read(STREAM, places)

    assert reader.report() == Report(usage=USED, complete=True)
    assert reader.delivered() == b'Hello "you"'


@pytest.mark.parametrize(
    ("result", "delivered"),
    [
        ({"response": "Hello", "usage": USAGE, "tool_calls": []}, b"Hello"),
        ({"choices": [{"message": {"content": "Hello"}}], "usage": USAGE}, b"Hello"),
    ],
)
def test_an_answer_in_one_piece_reports(result: dict[str, Any], delivered: bytes) -> None:
    """Models of OpenAI's format have choices in the wrapper."""
    reader = read(wrapped(result))

    assert reader.report() == Report(usage=USED, complete=True)
    assert reader.delivered() == delivered


def test_an_answer_without_usage_is_whole_all_the_same() -> None:
    """Vectors and images."""
    assert read(wrapped({"shape": [1, 2], "data": [[0.1, 0.2]]})).report() == Report(complete=True)
    assert read(b"\x89PNG\r\n\x1a\n" + bytes(300)).report() == Report()


def test_an_error_is_told_without_its_text() -> None:
    """It stands in a list."""
    body = wrapped(None, success=False, errors=[{"code": 5007, "message": "No such model secret"}])

    assert read(body).report() == Report(error="error", complete=True)


def test_a_request_is_read() -> None:
    """The path has the model."""
    body = {"prompt": "Hi", "stream": True, "max_tokens": 9}

    assert RUN.read_request(HERE, body) == Asked(
        model="@cf/meta/llama-4-scout", stream=True, max_output_tokens=9
    )
    assert list(RUN.texts(body)) == ["Hi"]
    assert list(RUN.texts({"text": ["a", "b"]})) == ["a", "b"]


def test_an_error_is_written_as_its_sdk_reads_it() -> None:
    """A list of errors, and no success."""
    error = json.loads(RUN.error(403, "no", "limit_reached"))

    assert error["success"] is False
    assert error["errors"][0]["message"] == "no"


@given(st.binary(max_size=99))
def test_whatever_comes_nothing_is_raised(body: bytes) -> None:
    """Bytes are a stranger's."""
    for opening in (b"", b"{", b'data: {"response":', b'{"result":', b'{"result":{"usage":'):
        reader = read(opening + body)
        assert isinstance(reader.report(), Report)
        assert isinstance(reader.delivered(), bytes)
