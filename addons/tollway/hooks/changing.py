"""What limits change of a request: where it goes, how much it may write, and how often its tools may run."""

from mitmproxy.http import HTTPFlow

from tollway.candidate import Candidate
from tollway.exchange import Exchange, Origin
from tollway.hooks.rewrite import replace_body
from tollway.routing.rewrite import Moved
from tollway.wire.output_maximum import clamped
from tollway.wire.tool_cap import capped


def change(flow: HTTPFlow, known: Exchange, candidate: Candidate) -> None:
    """Make the flow what was admitted; what it was stays known where another attempt may begin with it."""
    if candidate.tries is not None and known.origin is None:
        known.origin = Origin.of(flow.request, known)
    known.tries = candidate.tries
    if candidate.moved is not None:
        move(flow, known, candidate, candidate.moved)
    if candidate.cap is not None:
        assert known.body is not None
        known.body = capped(known.endpoint.dialect, known.body, candidate.cap)
        replace_body(flow, known.body)
    if candidate.clamp is not None:
        assert known.asked is not None
        assert known.body is not None
        assert known.parsed is not None
        known.body = clamped(known.endpoint, known.asked, known.body, known.parsed, candidate.clamp)
        replace_body(flow, known.body)


def move(flow: HTTPFlow, known: Exchange, candidate: Candidate, moved: Moved) -> None:
    """Send it elsewhere, or otherwise: with another host, path, model, credential and body, as far as they
    differ."""
    before = f"{known.endpoint.provider}/{candidate.call.ruling.asked}"
    if (after := f"{moved.endpoint.provider}/{moved.model}") != before:
        known.route = f"{before} -> {after}"
    for name in moved.remove:
        flow.request.headers.pop(name, None)
    for name, value in moved.set.items():
        flow.request.headers[name] = value
    if not moved.same_host:
        flow.request.scheme = "https"  # its key goes by TLS, however the call came
        flow.request.trailers = None
        known.injected = moved.injected
        flow.request.host, flow.request.port = moved.host, moved.port
    flow.request.path = moved.path
    call = candidate.call
    known.endpoint, known.host, known.asked = call.endpoint, call.host, call.asked
    known.body, known.parsed = call.body, call.parsed
    known.dialect, known.translated = call.dialect, call.translated
    replace_body(flow, moved.body)
