"""A stream that would not say what it used is asked to; nothing else of any request is changed."""

from typing import Any

import orjson
import pytest
from mitmproxy.http import Headers, HTTPFlow
from mitmproxy.test import tflow
from msgspec.structs import replace

from tollway import exchange
from tollway.exchange import Exchange
from tollway.hooks.read import Read
from tollway.hooks.refusal import refuse
from tollway.hooks.rewrite import Rewrite
from tollway.model import Billing, Endpoint, Kind
from tollway.translation.thoughts import MARK
from tollway.wire.coding import decode

STREAM = b'{"model": "gpt-4o", "stream": true,  "messages": []}'


def flow_of(body: bytes, dialect: str = "openai_chat", *, ask_usage: bool = True, **headers: str) -> HTTPFlow:
    """A flow whose request was read; `headers` by their names with underscores."""
    flow = tflow.tflow()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    flow.request.headers = Headers([(n.encode(), v.encode()) for n, v in named.items()])
    flow.request.raw_content = body
    endpoint = Endpoint(
        kind=Kind.INFERENCE, provider="p", host="h", operation="chat", dialect=dialect, ask_usage=ask_usage
    )
    exchange.begin(flow, Exchange(id="c1", started_us=0, endpoint=endpoint))
    Read().request(flow)
    return flow


def rewritten(flow: HTTPFlow) -> Exchange:
    """What is known of the flow behind this step."""
    Rewrite().request(flow)
    known = exchange.of(flow)
    assert known is not None
    return known


@pytest.mark.parametrize(
    ("body", "options"),
    [
        (STREAM, {"include_usage": True}),
        (b'{"stream": true, "stream_options": {"include_obfuscation": false}}',
         {"include_obfuscation": False, "include_usage": True}),
        (b'{"stream": true, "stream_options": {"include_usage": false}}', {"include_usage": True}),
        (b'{"stream": true, "stream_options": null}', {"include_usage": True}),
        (b'{"stream": true, "stream_options": "yes"}', {"include_usage": True}),
    ],
    ids=["absent", "others kept", "declined", "null", "wrong type"],
)  # fmt: skip
def test_a_stream_without_usage_is_asked_for_it(body: bytes, options: dict[str, Any]) -> None:
    """Uncoded, with a length that is true; all other members stay."""
    flow = flow_of(body, content_length=str(len(body)), accept_encoding="gzip, br")
    known = rewritten(flow)
    sent = flow.request.raw_content or b""

    assert orjson.loads(sent) == {**orjson.loads(body), "stream_options": options}
    assert known.asked_for_usage
    assert known.body == sent
    assert flow.request.headers["content-length"] == str(len(sent))
    assert flow.request.headers["accept-encoding"] == "identity"


def test_the_bytes_around_what_is_added_stay() -> None:
    """Spaces, order, spelling."""
    flow = flow_of(STREAM)
    rewritten(flow)

    assert STREAM[1:] in (flow.request.raw_content or b"")


def test_a_coded_request_goes_on_uncoded() -> None:
    """And a length is not given where none was (chunks)."""
    import gzip

    flow = flow_of(gzip.compress(STREAM), content_encoding="gzip", transfer_encoding="chunked")
    rewritten(flow)

    assert "content-encoding" not in flow.request.headers
    assert "content-length" not in flow.request.headers
    assert orjson.loads(flow.request.raw_content or b"")["stream_options"] == {"include_usage": True}
    assert decode(flow.request.raw_content or b"", "", 1000) == flow.request.raw_content


def unasked(case: str) -> HTTPFlow:
    """A flow that is not to be changed, and why."""
    body = {
        "not a stream": b'{"model": "gpt-4o"}',
        "asked already": b'{"stream": true, "stream_options": {"include_usage": true}}',
        "not JSON": b"stream=true",
        "no body": b"",
    }.get(case, STREAM)
    dialect = "anthropic_messages" if case == "another dialect" else "openai_chat"
    flow = flow_of(body, dialect, ask_usage=case != "a host that may not know it", accept_encoding="gzip")
    known = exchange.of(flow)
    assert known is not None
    if case == "a flat plan":
        known.billing = Billing.NOTIONAL
    if case == "a log-in":
        known.endpoint = replace(known.endpoint, untouched=True)
    if case == "refused":
        refuse(flow, 403, "no", "blocked")
    return flow


@pytest.mark.parametrize(
    "case",
    [
        "not a stream", "asked already", "not JSON", "no body", "another dialect",
        "a host that may not know it", "a flat plan", "a log-in", "refused",
    ],
)  # fmt: skip
def test_every_other_request_stays_as_it_is(case: str) -> None:
    """To the byte."""
    flow = unasked(case)
    before, headers = flow.request.raw_content, flow.request.headers.fields
    known = rewritten(flow)

    assert (flow.request.raw_content, flow.request.headers.fields) == (before, headers)
    assert not known.asked_for_usage


def test_a_flow_of_nobody_is_not_looked_at() -> None:
    """Other hosts' requests pass."""
    flow = tflow.tflow()
    before = flow.request.raw_content
    Rewrite().request(flow)

    assert flow.request.raw_content == before


OURS = {"type": "thinking", "thinking": "hm", "signature": MARK}
WELL = {"type": "text", "text": "Well"}
TALK = orjson.dumps({"messages": [{"role": "assistant", "content": [OURS, WELL]}]})


def test_what_another_model_thought_goes_back_to_anthropic_without_its_thoughts() -> None:
    """With a length that is true."""
    flow = flow_of(TALK, "anthropic_messages", content_length=str(len(TALK)))
    known = rewritten(flow)
    sent = flow.request.raw_content or b""

    assert orjson.loads(sent)["messages"][0]["content"] == [WELL]
    assert known.body == sent
    assert flow.request.headers["content-length"] == str(len(sent))


@pytest.mark.parametrize(
    ("dialect", "changes"),
    [
        ("openai_chat", {}),
        ("anthropic_messages", {"billing": Billing.NOTIONAL}),
        ("anthropic_messages", {"signed": True}),
        ("anthropic_messages", {"parsed": None}),
    ],
    ids=["another dialect", "a flat plan", "signed", "unread"],
)
def test_thoughts_stay_where_nothing_may_be_changed(dialect: str, changes: dict[str, Any]) -> None:
    flow = flow_of(TALK, dialect)
    known = exchange.of(flow)
    for name, value in changes.items():
        setattr(known, name, value)
    rewritten(flow)

    assert flow.request.raw_content == TALK
