"""A call on a socket, as the steps of the road know calls: from the message that asks for it."""

from collections.abc import Mapping

from msgspec.structs import replace

from tollway.budget.amounts import Unit
from tollway.exchange import Exchange, begun_anew
from tollway.hooks.recognise import call_id
from tollway.model import Asked, Kind, Ruling
from tollway.sockets.envelope import JSON, RESPONSES, body
from tollway.sockets.events import Begun, Ended
from tollway.sockets.outcome import outcome
from tollway.wire import DIALECTS
from tollway.wire.request_body import parsed


def begun(opened: Exchange, call: Begun, content: bytes, slice: Mapping[Unit, int]) -> Exchange:
    """The call as it begins, with the message that asks for it. `opened`: its socket; `slice`: what hard
    limits hold where its message does not bound it."""
    made = _new(opened, call.at, call.operation, call.asked, b"" if call.by_server else content)
    model = call.asked.model
    is_body = opened.endpoint.socket == RESPONSES and not call.by_server
    members = parsed(content, JSON) if is_body else None
    if members is None:
        made.slice, made.parsed = slice, {"model": model} if model else {}
        return made
    made.dialect, made.media_type = DIALECTS[RESPONSES], JSON
    made.parsed = body(members, model)
    return made


def said(opened: Exchange, at: int, content: bytes) -> Exchange:
    """A message that asks for nothing, and is not to leave."""
    return _new(opened, at, opened.endpoint.operation, Asked(), content)


def _new(opened: Exchange, at: int, operation: str, asked: Asked, content: bytes) -> Exchange:
    endpoint = replace(opened.endpoint, kind=Kind.INFERENCE, operation=operation)
    return begun_anew(opened, call_id(at), at).with_(
        endpoint=endpoint,
        ruling=_led(opened, asked),
        asked=asked if asked.session is not None else replace(asked, session=opened.session),
        body=content,
        request_bytes=len(content),
        response_bytes=0,
        findings=(),
        refused=False,
        error=None,
        left=False,
        status=None,
        first_byte_us=None,
        socket=None,
        settled=False,
        finished=False,
    )


def _led(opened: Exchange, asked: Asked) -> Ruling:
    """What a route did when the socket was opened; which model was asked for tells nothing of a call that
    names one of its own."""
    routed = opened.asked
    is_its_model = routed is not None and asked.model == routed.model
    return opened.ruling if is_its_model else replace(opened.ruling, asked=None)


def ended(call: Exchange, end: Ended) -> bool:
    """What is known of the call now that it ended; whether it was cut.

    What the provider refused before it answered, and what never was passed on, costs nothing.
    """
    found = outcome(end)
    call.reader, call.first_byte_us, call.status = found.reader, end.first, found.status
    if found.error is not None:
        call.left, call.error = False, call.error or found.error
    return found.cut
