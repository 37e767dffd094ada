"""A call on a socket, as the steps of the road know it."""

from typing import Any

import orjson
import pytest

from tollway.budget.amounts import Unit
from tollway.exchange import Exchange
from tollway.hooks.socket_call import begun, ended, said
from tollway.model import Asked, Endpoint, Kind, Report, Ruling, Usage
from tollway.sockets.events import Begun, Ended, How

SLICE = {Unit.USD: 10**9}
CREATE = {"type": "response.create", "stream_id": "a", "model": "gpt-5", "input": "hi"}


def opened(socket: str = "openai_responses", operation: str = "chat") -> Exchange:
    endpoint = Endpoint(
        kind=Kind.SOCKET, provider="openai", host="h", operation=operation, socket=socket, dialect=""
    )
    return Exchange(id="s", started_us=1, endpoint=endpoint, session="of a header", status=101, left=True)


def call(by_server: bool = False, socket: str = "openai_responses", **asked: Any) -> Exchange:
    begins = Begun(call=0, at=5, operation="chat", asked=Asked(model="gpt-5", **asked), by_server=by_server)
    return begun(opened(socket), begins, orjson.dumps(CREATE), SLICE)


def test_a_response_is_asked_for_as_over_http() -> None:
    """Its message is the body of a request, with an envelope around."""
    made = call()

    assert made.parsed == {"model": "gpt-5", "input": "hi"}
    assert (made.slice, made.media_type, made.dialect is not None) == (None, "application/json", True)
    assert (made.endpoint.kind, made.started_us, made.left, made.status) == (Kind.INFERENCE, 5, False, None)
    assert made.id != "s"


def test_what_nothing_bounds_is_held_by_a_slice() -> None:
    spoken, unasked = call(socket="openai_realtime"), call(by_server=True)

    assert (spoken.slice, spoken.parsed, spoken.dialect) == (SLICE, {"model": "gpt-5"}, None)
    assert (unasked.slice, unasked.body) == (SLICE, b"")


def test_a_message_that_is_no_body_is_held_by_a_slice_too() -> None:
    begins = Begun(call=0, at=5, operation="chat", asked=Asked())

    made = begun(opened(), begins, b'{"type": 7,', SLICE)

    assert (made.slice, made.parsed) == (SLICE, {})


def test_the_session_is_the_message_s_else_the_header_s() -> None:
    assert call().asked == Asked(model="gpt-5", session="of a header")
    assert call(session="own").asked == Asked(model="gpt-5", session="own")


def test_a_message_that_asks_for_nothing_is_a_call_of_nothing() -> None:
    made = said(opened(operation="realtime"), 7, b"{}")

    assert (made.endpoint.operation, made.body, made.started_us) == ("realtime", b"{}", 7)


@pytest.mark.parametrize(
    ("end", "left", "status", "cut"),
    [
        (Ended(call=0, at=9, how=How.COMPLETED, first=8, report=Report(usage=Usage())), True, 101, False),
        (Ended(call=0, at=9, how=How.FAILED, first=8, report=Report()), True, 101, False),
        (Ended(call=0, at=9, how=How.FAILED, report=Report(error="rate_limit")), False, 101, False),
        (Ended(call=0, at=9, how=How.FAILED, report=Report()), False, 101, False),
        (Ended(call=0, at=9, how=How.CUT, report=Report()), True, None, True),
    ],
)
def test_how_it_ended(end: Ended, left: bool, status: int | None, cut: bool) -> None:
    """What was refused before it was answered never went."""
    made = call()
    made.left = True

    assert ended(made, end) is cut
    assert (made.left, made.status, made.first_byte_us) == (left, status, end.first)
    assert bool(made.error) is not left


def test_what_was_told_is_all_that_is_read() -> None:
    made = call()
    ended(made, Ended(call=0, at=9, how=How.COMPLETED, report=Report(id="r"), delivered=b"hi"))

    assert made.reader is not None
    made.reader.feed(b"more")
    assert (made.reader.report(), made.reader.delivered()) == (Report(id="r"), b"hi")


def test_what_a_route_did_is_said_of_each_call_on_its_socket() -> None:
    """Of one with a model of its own, what writes down say, not which model was asked for."""
    socket = opened()
    socket.asked, socket.ruling = Asked(model="gpt-5"), Ruling(actions=("route less",), asked="gpt-5-pro")
    routed, other = (
        begun(socket, Begun(call=0, at=5, operation="chat", asked=Asked(model=model)), b"{}", SLICE)
        for model in ("gpt-5", "whisper-1")
    )

    assert (routed.ruling.actions, routed.ruling.asked) == (("route less",), "gpt-5-pro")
    assert (other.ruling.actions, other.ruling.asked) == (("route less",), None)
