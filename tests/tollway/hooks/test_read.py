"""A provider's request is decoded and parsed once; a body that is not what its dialect says stays unread."""

import gzip
import zlib

import brotli
import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.hooks.read import Read, hinted
from tollway.hooks.refusal import refuse
from tollway.model import Asked, Endpoint, Kind
from tollway.wire import DIALECTS

BODY = {"model": "gpt-4o", "messages": [{"role": "user", "content": "say hi"}], "max_tokens": 9}
JSON = orjson.dumps(BODY)


def flow_of(body: bytes, coding: str = "", kind: Kind = Kind.INFERENCE) -> tuple[HTTPFlow, Exchange]:
    """A flow with this body."""
    flow = tflow.tflow()
    flow.request.raw_content = body
    flow.request.headers["content-encoding"] = coding
    dialect = "openai_chat" if kind is Kind.INFERENCE else ""
    endpoint = Endpoint(kind=kind, provider="openai", host="h", operation="chat", dialect=dialect)
    return flow, exchange.begin(flow, Exchange(id="c1", started_us=0, endpoint=endpoint))


CODED = {
    "": JSON,
    "identity": JSON,
    "gzip": gzip.compress(JSON),
    "deflate": zlib.compress(JSON),
    "br": brotli.compress(JSON),
    "zstd": zstandard.compress(JSON),
}


@pytest.mark.parametrize("coding", CODED)
def test_a_body_is_read_in_each_coding(coding: str) -> None:
    """What was sent is not changed; its size is that on the wire."""
    flow, known = flow_of(CODED[coding], coding)
    Read().request(flow)

    assert known.asked is not None
    assert (known.asked.model, known.asked.max_output_tokens) == ("gpt-4o", 9)
    assert (known.body, known.parsed) == (JSON, BODY)
    assert known.dialect is DIALECTS["openai_chat"]
    assert known.request_bytes == len(CODED[coding])
    assert flow.request.raw_content == CODED[coding]
    assert known.error is None


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (b"stream=true", ""),
        (JSON[:-5], ""),
        (b"[1, 2]", ""),
        (b'"text"', ""),
        (b"null", ""),
        (b"\xff\xfe", ""),
        (b"[" * 10_000 + b"]" * 10_000, ""),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, ""),
        (JSON, "gzip"),
        (gzip.compress(JSON)[:-12], "gzip"),
        (JSON, "rot13"),
    ],
    ids=["form", "cut", "list", "string", "null", "no text", "deep list", "deep", "not gzip",
        "cut gzip", "coding"],
)  # fmt: skip
def test_what_is_no_json_object_is_unreadable(body: bytes, coding: str) -> None:
    """It goes on as it is, and the row says so."""
    flow, known = flow_of(body, coding)
    Read().request(flow)

    assert (known.asked, known.parsed, known.error) == (None, None, "unreadable")
    assert known.dialect is DIALECTS["openai_chat"]
    assert flow.request.raw_content == body


@pytest.mark.parametrize("body", [b"", None])
def test_no_body_at_all_is_no_mistake(body: bytes | None) -> None:
    """A GET of an answer has none."""
    flow, known = flow_of(b"")
    flow.request.raw_content = body
    Read().request(flow)

    assert (known.asked, known.error, known.request_bytes) == (None, None, 0)


def test_a_body_that_grows_beyond_bounds_passes_unread() -> None:
    """A few KB that decode to a megabyte, where half of one is read."""
    large = orjson.dumps({**BODY, "padding": "x" * 2**20})
    for body, coding in ((gzip.compress(large), "gzip"), (large, "")):
        flow, known = flow_of(body, coding)
        Read(largest=2**19).request(flow)
        assert (known.asked, known.parsed, known.error) == (None, None, "unreadable")
        assert flow.request.raw_content == body


@pytest.mark.parametrize("kind", [Kind.PASS, Kind.UNKNOWN])
def test_what_no_dialect_reads_is_not_read(kind: Kind) -> None:
    """Its body may be streamed past."""
    flow, known = flow_of(JSON, kind=kind)
    Read().request(flow)

    assert (known.asked, known.body, known.dialect, known.request_bytes) == (None, None, None, 0)


def test_what_is_refused_or_of_nobody_is_not_read() -> None:
    """An answer is there already; or there is no exchange."""
    flow, known = flow_of(JSON)
    refuse(flow, 403, "no", "blocked")
    Read().request(flow)
    Read().request(tflow.tflow())

    assert known.asked is None


def test_a_form_is_read_too() -> None:
    """Uploads of sounds and images come as one."""
    body = b'--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--x--\r\n'
    flow, known = flow_of(body)
    flow.request.headers["content-type"] = "multipart/form-data; boundary=x"
    Read().request(flow)

    assert known.parsed == {"model": "whisper-1"}
    assert known.asked is not None
    assert known.asked.model == "whisper-1"
    assert known.error is None


@given(st.binary())
def test_no_bytes_make_it_raise(body: bytes) -> None:
    """Whatever a client sends."""
    flow, known = flow_of(body, "gzip" if body[:1] > b"\x7f" else "")
    Read().request(flow)

    assert known.request_bytes == len(body)


@pytest.mark.parametrize(("own", "session"), [({}, "of a header"), ({"session_id": "own"}, "of a header")])
def test_a_header_hints_at_the_session_whatever_the_body_does(own: dict[str, str], session: str) -> None:
    flow, known = flow_of(orjson.dumps({**BODY, **own}))
    known.session = "of a header"
    Read().request(flow)

    assert known.asked is not None
    assert known.asked.session == session


@pytest.mark.parametrize(
    ("header", "body", "session"), [(None, "own", "own"), ("agent", "own", "agent"), ("agent", None, "agent")]
)
def test_an_agents_header_tells_the_session_where_bodies_have_their_own(
    header: str | None, body: str | None, session: str
) -> None:
    """A sub-agent's body has the sub-agent's."""
    _, known = flow_of(JSON)
    known.session, known.account = header, header

    found = hinted(known, Asked(session=body, account=body))

    assert (found.session, found.account) == (session, session)


def test_what_no_header_tells_is_as_the_body_has_it() -> None:
    _, known = flow_of(JSON)
    asked = Asked(session="s", account="a")

    assert hinted(known, asked) is asked
