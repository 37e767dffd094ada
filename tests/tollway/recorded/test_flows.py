"""Flows of mitmproxy are exchanges; what is none is told."""

import io
from typing import Any

import pytest
from mitmproxy import flow, http
from mitmproxy.io import FlowWriter, tnetstring
from mitmproxy.test import tflow, tutils
from mitmproxy.websocket import WebSocketMessage
from wsproto.frame_protocol import Opcode

from tests.tollway.recorded.samples import TIME_US
from tollway.recorded.exchange import Damaged, Other, Recorded
from tollway.recorded.flows import UNREADABLE, read

SECONDS = TIME_US / 1_000_000


def written(made: flow.Flow) -> bytes:
    """The flow as a file has it."""
    file = io.BytesIO()
    FlowWriter(file).add(made)
    return file.getvalue()


def http_flow(**changes: Any) -> http.HTTPFlow:
    """A call that was answered; changes are to its parts."""
    request = tutils.treq(
        method=b"POST", host="api.openai.com", port=443, scheme=b"https",
        path=b"/v1/chat/completions?key=secret",
        headers=http.Headers(((b"Content-Type", b"application/json"), (b"X-A", b"\xff"))),
        content=b'{"model": "gpt-4o"}', timestamp_start=SECONDS, timestamp_end=SECONDS + 1,
    )  # fmt: skip
    made = tflow.tflow(req=request, resp=tutils.tresp(content=b"answer"))
    made.client_conn.sni = None
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def recorded(made: flow.Flow) -> Recorded:
    found = read(written(made))
    assert isinstance(found, Recorded), found
    return found


def test_a_flow_is_an_exchange() -> None:
    found = recorded(http_flow())

    assert (found.method, found.started_us, found.status) == ("POST", TIME_US, 200)
    assert found.url == "https://api.openai.com/v1/chat/completions?key=secret"
    assert (found.request_body, found.request_bytes) == (b'{"model": "gpt-4o"}', 19)
    assert (found.response_body, found.response_bytes) == (b"answer", 6)
    assert found.request_headers["content-type"] == "application/json"
    assert (found.left, found.cut, found.websocket, found.cached) == (True, False, False, False)


def test_the_name_in_the_clients_hello_goes_first() -> None:
    """Where traffic was redirected, the request's own host is an address, or the proxy."""
    made = http_flow()
    made.client_conn.sni = "api.anthropic.com"
    made.request.host = "10.0.0.1"
    made.request.headers["host"] = "api.groq.com"

    assert recorded(made).names == ("api.anthropic.com", "10.0.0.1", "api.groq.com")


def test_a_body_that_was_streamed_past_is_not_recorded() -> None:
    made = http_flow()
    made.request.raw_content = None
    assert made.response is not None
    made.response.raw_content = None
    found = recorded(made)

    assert (found.request_body, found.response_body, found.response_bytes) == (None, None, 0)


@pytest.mark.parametrize(
    ("tcp", "tls", "ended", "left"),
    [(1.0, 2.0, 3.0, True), (1.0, None, 3.0, False), (None, None, 3.0, False), (1.0, 2.0, None, False)],
)
def test_a_request_left_if_it_was_whole_and_a_connection_stood(
    tcp: float | None, tls: float | None, ended: float | None, left: bool
) -> None:
    made = http_flow(response=None, error=flow.Error("reset"))
    made.server_conn.timestamp_tcp_setup, made.server_conn.timestamp_tls_setup = tcp, tls
    made.request.timestamp_end = ended
    found = recorded(made)

    assert (found.status, found.left, found.cut) == (None, left, True)


def test_without_tls_a_connection_is_enough() -> None:
    made = http_flow(response=None)
    made.request.scheme = "http"
    made.server_conn.timestamp_tls_setup = None

    assert recorded(made).left


def test_a_websocket_is_known_as_one() -> None:
    assert recorded(tflow.twebsocketflow()).websocket


def test_a_websockets_messages_are_those_that_the_provider_sent_or_got() -> None:
    made = tflow.twebsocketflow(messages=False)
    assert made.websocket is not None
    made.websocket.messages = [
        WebSocketMessage(Opcode.TEXT, from_client, content, SECONDS, dropped, injected)
        for from_client, content, dropped, injected in (
            (True, b"sent", False, False), (True, b"dropped", True, False), (True, b"injected", False, True),
            (False, b"came", False, False), (False, b"came, dropped", True, False),
            (False, b"made up", False, True),
        )
    ]  # fmt: skip
    found = recorded(made).messages

    assert found is not None
    assert [one.content for one in found] == [b"sent", b"injected", b"came", b"came, dropped"]
    assert {one.at_us for one in found} == {TIME_US}
    assert recorded(http_flow()).messages is None


def test_a_tunnel_has_a_url_too() -> None:
    made = http_flow()
    made.request.method = "CONNECT"

    assert recorded(made).url == "https://api.openai.com:443/"


@pytest.mark.parametrize(
    ("made", "kind"), [(tflow.ttcpflow(), "tcp"), (tflow.tudpflow(), "udp"), (tflow.tdnsflow(), "dns")]
)
def test_what_is_not_http_is_told(made: flow.Flow, kind: str) -> None:
    found = read(written(made))

    assert isinstance(found, Other)
    assert (found.reason, found.url) == (kind, f"{kind}://address:22")


def test_what_has_no_server_has_no_address() -> None:
    made = tflow.ttcpflow()
    made.server_conn.address = None

    assert read(written(made)) == Other(reason="tcp", url="tcp:")


def changed(**changes: Any) -> bytes:
    """A flow whose state is changed before it is written."""
    state = http_flow().get_state()
    return tnetstring.dumps({**state, **changes})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", UNREADABLE),
        (b"3:abc,", UNREADABLE),
        (b"2:ab}", UNREADABLE),
        (tnetstring.dumps({"version": [0, 1]}), UNREADABLE),
        (tnetstring.dumps({"version": 99}), "this mitmproxy cannot read files with flow format version 99"),
        (changed(type="unheard-of"), UNREADABLE),
        (changed(request=None), UNREADABLE),
        (changed(request={"method": b"secret"}), UNREADABLE),
        (changed(request={**http_flow().request.get_state(), "timestamp_start": -5.0}), UNREADABLE),
        (changed(request={**http_flow().request.get_state(), "timestamp_start": 1e300}), UNREADABLE),
    ],
)
def test_a_flow_that_is_none_is_told_and_not_quoted(text: bytes, said: str) -> None:
    assert read(text) == Damaged(reason=said)


def test_a_flow_of_an_older_mitmproxy_is_converted() -> None:
    """Version 19 kept a connection's state."""
    state = http_flow().get_state()
    for name in ("client_conn", "server_conn"):
        state[name] = {**state[name], "state": 3}
    found = read(tnetstring.dumps({**state, "version": 19}))

    assert found == recorded(http_flow())
