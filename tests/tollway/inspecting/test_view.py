"""`tollway.inspecting.view`: mitmproxy's view of a call."""

import gzip

import pytest
from mitmproxy.contentviews import Metadata
from mitmproxy.http import HTTPFlow, Message
from mitmproxy.test import tflow
from mitmproxy.test.tutils import tresp
from msgspec.structs import replace

from tests.tollway.inspecting.flows import ANTHROPIC, claude
from tollway import exchange
from tollway.inspecting.view import FIRST, NOT_DECODED, ConversationView
from tollway.inspection.said import Outcome
from tollway.model import CallRecord, Kind
from tollway.providers.load import load

ANSWER = b'{"content": [{"type": "text", "text": "Nine."}]}'
CODED = gzip.compress(ANSWER, mtime=0)
SAID = "── assistant ──\nNine.\n"
CALL = CallRecord(id="c1", state="done", started_us=0, provider="anthropic", model="m")


@pytest.fixture(scope="module")
def view() -> ConversationView:
    """One that knows nothing but the providers."""
    return ConversationView(load(()))


def shown(view: ConversationView, flow: HTTPFlow, message: Message | None) -> str:
    """What it makes of a message."""
    return view.prettify(b"", Metadata(flow=flow, http_message=message))


def answered(content: bytes = ANSWER, **headers: str) -> HTTPFlow:
    """A flow with this answer."""
    flow, _ = claude()
    flow.response = tresp(headers=((b"content-type", b"application/json"),))
    for name, value in headers.items():
        flow.response.headers[name.replace("_", "-")] = value
    flow.response.raw_content = content
    return flow


def test_a_request_and_an_answer_are_conversations(view: ConversationView) -> None:
    """By their dialect."""
    flow = answered()

    assert shown(view, flow, flow.request) == "── user ──\nsay hi\n"
    assert shown(view, flow, flow.response) == SAID


def test_an_answer_stands_below_what_it_cost() -> None:
    """And says where it was cut."""
    flow = answered()
    view = ConversationView(load(()), lambda flow: Outcome(CALL), lambda flow: True)

    text = shown(view, flow, flow.response)

    assert text.startswith("     model  anthropic/m\n      cost  none\n   verdict  passed\n")
    assert text.endswith(f"\n\n{SAID}\n! only the beginning of the answer was kept\n")


@pytest.mark.parametrize(
    ("content", "coding", "text"),
    [
        (CODED, "gzip", SAID),
        (CODED[:-9], "gzip", SAID),
        (b"no gzip", "gzip", f"! {NOT_DECODED}\n"),
        (ANSWER, "new", f"{SAID}\n! the body's coding is unknown: new\n"),
    ],
    ids=["whole", "cut off", "broken", "unknown"],
)
def test_a_coded_body_is_read_as_far_as_it_came(
    view: ConversationView, content: bytes, coding: str, text: str
) -> None:
    """A stream that still comes is coded, too."""
    flow = answered(content, content_encoding=coding)

    assert shown(view, flow, flow.response) == text


def test_a_flow_of_a_file_is_known_by_where_it_went(view: ConversationView) -> None:
    """The chain never saw it."""
    flow = answered().copy()

    assert exchange.of(flow) is None
    assert shown(view, flow, flow.response) == SAID
    assert view.render_priority(ANSWER, Metadata(flow=flow, http_message=flow.response)) == FIRST


def test_what_a_route_had_translated_is_in_the_clients_dialect(view: ConversationView) -> None:
    """The answer: known by what it has. The request is the target's."""
    flow = answered(b'{"choices": [{"message": {"content": "Nine."}}]}')
    known = exchange.of(flow)
    assert known is not None
    known.translated = {}

    assert shown(view, flow, flow.response) == SAID
    assert shown(view, flow, flow.request) == "── user ──\nsay hi\n"


def test_what_is_no_call_is_left_to_other_views(view: ConversationView) -> None:
    """Telemetry, other hosts, no body, no HTTP."""
    passes, _ = claude(replace(ANTHROPIC, kind=Kind.PASS))
    other = tflow.tflow(resp=True)
    call = answered()

    for data, flow, message in [
        (b"x", passes, passes.request),
        (b"x", other, other.response),
        (b"", call, call.response),
        (b"x", tflow.ttcpflow(), None),
        (b"x", call, None),
        (b"x", None, None),
    ]:
        assert view.render_priority(data, Metadata(flow=flow, http_message=message)) < 0


def test_asked_for_what_it_can_not_show_it_says_so(view: ConversationView) -> None:
    """As mitmproxy's own views do."""
    with pytest.raises(ValueError, match="no call of an AI model"):
        view.prettify(b"x", Metadata())
