"""Step 4: where a socket is opened, by the route that its caller asks for, or by `always`.

Once it is open it is where it is: a call on it is asked for there, or not at all.
"""

from functools import partial

from mitmproxy.http import HTTPFlow
from msgspec.structs import replace

from tollway import exchange
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.hooks.budget import request_of
from tollway.hooks.changing import move
from tollway.hooks.refusal import refuse
from tollway.model import Asked, Kind
from tollway.sockets.opening import model_of


class Aim:
    """Changes the upgrade as a route says that holds by its address, by who calls, and by when."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def requestheaders(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if flow.response or known is None or known.endpoint.kind is not Kind.SOCKET:
            return
        if not self._governing.always and known.wish is None:
            return
        first = self._governing.candidates.any(named(known, flow.request.path))
        if (why := self._governing.wish_refused(first)) is not None:
            known.recorded = True
            refuse(flow, 400, why, "route_not_allowed")
            return
        sent, done = self._governing.sent(first, partial(request_of, flow.request))
        known.ruling = replace(known.ruling, actions=done, asked=sent.call.ruling.asked)
        known.asked = sent.call.asked
        if sent.moved is not None:
            move(flow, known, sent, sent.moved)


def named(known: Exchange, path: str) -> Exchange:
    """The socket as the call that its address asks for. Limits hold nothing of it yet."""
    model = known.endpoint.model or model_of(path.partition("?")[2])
    asked = Asked(model=model, stream=True, session=known.session)
    return known.with_(asked=asked, parsed={"model": model} if model else {}, body=b"", slice={})
