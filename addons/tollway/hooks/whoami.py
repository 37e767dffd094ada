"""What is asked of the proxy itself: `GET http://tollway.internal/whoami` says who the caller is.

To the caller alone: in a browser no other origin gets to read it (no CORS header, `nosniff`, a resource
policy), nothing keeps it (`no-store`), and a page that has come to stand under the proxy's name by DNS
rebinding does not get here (see `own_name`). None of it reaches the network or the ledger.
"""

import msgspec
from mitmproxy.http import HTTPFlow, Response

from tollway import exchange
from tollway.callers import Callers
from tollway.exchange import Exchange
from tollway.hooks.identify import is_own
from tollway.hooks.refusal import plain_error
from tollway.identity.whoami import whoami

PATH = "/whoami"
HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
NOT_HERE = "Tollway has no such page; it has /whoami"
ONLY_GET = "Tollway's pages are only read here: use GET"


class Whoami:
    """Tells callers what the step before it made of them. A token that was not taken is answered there."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers

    def requestheaders(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if flow.response or known is None or not is_own(known):
            return
        if flow.request.path.partition("?")[0] != PATH:
            flow.response = _answer(404, plain_error(NOT_HERE, "not_found"))
        elif flow.request.method != "GET":
            flow.response = _answer(405, plain_error(ONLY_GET, "method_not_allowed"), allow="GET")
        else:
            flow.response = _answer(200, self._said(flow, known))

    def _said(self, flow: HTTPFlow, known: Exchange) -> bytes:
        address = str(flow.client_conn.peername[0])
        return msgspec.json.encode(whoami(known.identity, address, self._callers.refuses)) + b"\n"


def _answer(status: int, body: bytes, **more: str) -> Response:
    return Response.make(status, body, {**HEADERS, **more})
