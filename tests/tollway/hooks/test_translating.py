"""An answer of another dialect on its way to the client; `test_translation` has the whole road."""

import gzip
import json
from collections.abc import Callable

import pytest
from mitmproxy.http import Headers, Response

from tests.tollway.admitting import ENDPOINT, asked
from tests.tollway.translation.chats import DONE, chunk
from tollway.exchange import Exchange
from tollway.hooks.translating import put_translated, translating, unframed
from tollway.wire.coding import decoder

STREAM = chunk({"content": "hi"}) + chunk({}, "stop") + DONE


def call() -> Exchange:
    """One that was translated, and asked for a stream."""
    body = {"model": "gpt-5-mini", "messages": [], "stream": True}
    return asked(body, endpoint=ENDPOINT, translated={})


def answer(kind: str = "text/event-stream", **headers: str) -> Response:
    """The head of the provider's answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = Response.make(200, b"", Headers(content_type=kind))
    response.headers.update(named)
    return response


def tapping(
    known: Exchange, response: Response, read: Callable[[bytes], None] = lambda data: None
) -> Callable[[bytes], bytes]:
    """The tap of an answer."""
    coding = response.headers.get("content-encoding", "")
    return translating(known, response, read, decoder(coding, 2**20))


def test_the_reader_gets_what_came_and_the_client_what_that_is() -> None:
    """Decoded, at once, and under a head that is true."""
    read: list[bytes] = []
    known, response = call(), answer(content_encoding="gzip")
    coded = gzip.compress(STREAM)
    tap = tapping(known, response, read.append)
    said = tap(coded) + tap(b"")

    assert b"".join(read) == STREAM
    assert b'"text":"hi"' in said
    assert said.endswith(b'data: {"type":"message_stop"}\n\n')
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert "content-encoding" not in response.headers
    assert known.response_bytes == len(coded)


@pytest.mark.parametrize("coding", ["gzip", "rot13"])
def test_what_can_not_be_decoded_is_not_taken_for_whole(coding: str) -> None:
    """A stream ends there; an answer in one piece is an error."""
    stream, whole = answer(content_encoding=coding), answer("application/json", content_encoding=coding)
    tap = tapping(call(), whole)
    assert json.loads(tap(b"not coded") + tap(b""))["type"] == "error"
    assert whole.headers["content-type"] == "application/json"

    tap = tapping(call(), stream)
    if coding == "gzip":
        with pytest.raises(ValueError, match="not coded as it says"):
            tap(b"not coded")
    else:
        assert b"event: error" in tap(b"not coded") + tap(b"")


@pytest.mark.parametrize(
    ("version", "headers", "after"),
    [
        ("HTTP/1.1", {"content_length": "5"}, {"transfer-encoding": "chunked"}),
        ("HTTP/2.0", {"content_length": "5"}, {}),
        ("HTTP/1.1", {"transfer_encoding": "chunked"}, {"transfer-encoding": "chunked"}),
        ("HTTP/1.1", {}, {}),
    ],
)
def test_a_stream_is_not_as_long_as_the_provider_said(
    version: str, headers: dict[str, str], after: dict[str, str]
) -> None:
    response = answer(**headers)
    if "content_length" not in headers:
        response.headers.pop("content-length", None)
    response.http_version = version
    unframed(response)

    assert {n: v for n, v in response.headers.items() if n != "content-type"} == after


@pytest.mark.parametrize(
    ("status", "body", "after"),
    [(200, b'{"type":"message"}', 200), (200, b'{"type":"error"}', 502), (429, b'{"type":"error"}', 429)],
)
def test_an_answer_in_one_piece_has_its_own_length_and_status(status: int, body: bytes, after: int) -> None:
    response = answer("application/json", transfer_encoding="chunked")
    response.status_code = status
    put_translated(response, body)

    assert (response.status_code, response.raw_content) == (after, body)
    assert response.headers["content-length"] == str(len(body))
    assert "transfer-encoding" not in response.headers
