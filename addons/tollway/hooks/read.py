"""Step 3: decode the body, and read what it asks for."""

from mitmproxy.http import HTTPFlow
from msgspec.structs import replace

from tollway import exchange
from tollway.exchange import Exchange
from tollway.model import Asked, Kind
from tollway.wire import DIALECTS
from tollway.wire.coding import decode
from tollway.wire.request_body import LARGEST, most, parsed


class Read:
    """Body -> Asked, parsed once. A body that is not what its dialect says leaves `asked` unset."""

    def __init__(self, largest: int = LARGEST) -> None:
        """`largest`: bytes of a decoded body that are read. A larger one passes unread."""
        self._largest = largest

    def request(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if flow.response or known is None or known.endpoint.kind is not Kind.INFERENCE:
            return
        headers, raw = flow.request.headers, flow.request.raw_content or b""
        known.request_bytes = len(raw)
        known.dialect = DIALECTS[known.endpoint.dialect]
        known.media_type = headers.get("content-type", "")
        known.body = decode(raw, headers.get("content-encoding", ""), most(len(raw), self._largest))
        known.parsed = parsed(known.body, known.media_type, self._largest)
        if known.parsed is not None:
            asked = known.dialect.read_request(known.endpoint, known.parsed)
            known.asked = hinted(known, asked)
        elif raw:
            known.error = "unreadable"


def hinted(known: Exchange, asked: Asked) -> Asked:
    """With the session and the account that an agent's headers tell: sub-agents have ids of their own in
    their bodies, and their agent's in a header."""
    session, account = known.session or asked.session, known.account or asked.account
    if (session, account) == (asked.session, asked.account):
        return asked
    return replace(asked, session=session, account=account)
