"""Step 2: who calls, by what the client shows: to the proxy when it connects, and with each request."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from weakref import WeakKeyDictionary

from mitmproxy.connection import Client
from mitmproxy.http import HTTPFlow, Response

from tollway import exchange
from tollway.callers import Callers
from tollway.exchange import Exchange
from tollway.hooks.refusal import refuse, refuse_here
from tollway.identity.credential import HEADERS
from tollway.identity.judge import Known, Missing, Refused
from tollway.identity.presented import PROXY_AUTHORIZATION, in_header, in_proxy_authorization
from tollway.identity.repeated import Repeated
from tollway.identity.whoami import MAY_NOT_CALL
from tollway.model import Billing, Kind
from tollway.sources import Answer, Shown

logger = logging.getLogger(__name__)

NO_TOKEN = (
    "Tollway wants to know who calls: put your token into the proxy's address, as in "
    "HTTPS_PROXY=http://jwt:TOKEN@proxy:8080"
)
NOT_ACCEPTED = (
    "Tollway did not accept the token or key that says who calls: get a new one, or ask who runs this proxy"
)
NOT_ACCEPTED_ANY_MORE = (
    "Tollway does not accept the token any more that this connection was opened with: connect again, with a "
    "new one if it has expired"
)
NO_KEYS = "Tollway can't check who calls: the keys of the identity provider could not be fetched; try again"
NOT_TAKEN = "a token or key that %s showed was not taken: %s"
NOBODY = "a call from %s was refused: %s"
SHOWS_NOTHING = "it shows nothing by which a source of the policy knows who calls"
SHOWN = PROXY_AUTHORIZATION.encode()
CLOSE = {"connection": "close"}
"""With a token that is refused: a better one comes on a connection of its own, and a program that does not
come again (Node's `https`) would wait on this one. Who showed none is asked on the same, as Java needs it."""
CHALLENGE = {"proxy-authenticate": 'Basic realm="Tollway"', "content-type": "text/plain; charset=utf-8"}


class Identify:
    """Credentials -> identity, by the policy in force. What clients show is for us: it goes no further."""

    def __init__(
        self,
        callers: Callers,
        is_ours: Callable[[str, int], bool],
        clock: Callable[[], float],
        may_be_ours: Callable[[str], bool] = lambda provider: False,
    ) -> None:
        """`is_ours`: whether a host and port are a provider's, or the proxy itself; `may_be_ours`: whether
        calls to a provider may get a key of the operator's."""
        self._callers = callers
        self._may_be_ours = may_be_ours
        self._is_ours = is_ours
        self._clock = clock
        self._complaints = Repeated()
        self._shown: dict[str, str] = {}
        """By the id of the client's connection: the token that opened its tunnel."""
        self._of_requests: WeakKeyDictionary[HTTPFlow, str] = WeakKeyDictionary()
        """Those that came with requests themselves."""

    def token(self, client: Client, flow: HTTPFlow | None) -> str | None:
        """What a client showed to the proxy as it opened its tunnel, or else with a request."""
        return self._shown.get(client.id) or (self._of_requests.get(flow) if flow is not None else None)

    def http_connect(self, flow: HTTPFlow) -> Awaitable[None] | None:
        """Refuse a token that is not taken before there is a tunnel; ask for one where the policy says so."""
        token = self._taken(flow)
        self._shown.pop(flow.client_conn.id, None)
        if token is not None:
            self._shown[flow.client_conn.id] = token
        if not self._is_ours(flow.request.host, flow.request.port):
            return None  # or not yet: of an address, the name in the hello says whose it is
        if token is None:
            if self._callers.challenges:
                _challenge(flow, NO_TOKEN, {})
            return None
        shown = Shown(proxy=token, headers={}, address=_address(flow))
        answer = self._callers.who(shown)
        if isinstance(answer, Missing):
            return self._connect_later(flow, shown, answer)
        self._connect(flow, answer)
        return None

    def http_connect_error(self, flow: HTTPFlow) -> None:
        """There is no tunnel: what comes next on the connection is a request of its own, maybe of another."""
        self._shown.pop(flow.client_conn.id, None)

    def requestheaders(self, flow: HTTPFlow) -> Awaitable[None] | None:
        own = self._taken(flow)  # whatever else is known: it goes no further
        token = self._shown.get(flow.client_conn.id) or own
        if own is not None:
            self._of_requests[flow] = own
        known = exchange.of(flow)
        if known is None or flow.response or not (known.endpoint.provider or is_own(known)):
            return None
        sent = flow.request.headers
        headers = {name: sent[name] for name in self._callers.reads if name in sent}  # all of a name as one
        for name in self._callers.headers & headers.keys():
            if in_header(headers, name) is not None:
                if name in HEADERS:
                    _is_no_credential(known)
                del sent[name]
        if known.endpoint.kind is Kind.PASS and not self._costs_us(known):
            return None
        shown = Shown(
            proxy=token,
            headers=headers,
            address=_address(flow),
            key=known.key,
            fingerprint=known.credential,
        )
        known.shows = shown if known.endpoint.kind is Kind.SOCKET else None
        answer = self._callers.who(shown)
        if isinstance(answer, Missing):
            return self._know_later(flow, known, shown, answer)
        self._know(flow, known, answer)
        return None

    def _costs_us(self, known: Exchange) -> bool:
        """Whether a call that is free needs a name all the same: with a key of ours, or the operator's."""
        return known.key is not None or self._may_be_ours(known.endpoint.provider)

    def _is_of_tunnel(self, flow: HTTPFlow, answer: Refused | Missing) -> bool:
        """Whether a token was refused that was taken when the tunnel was opened."""
        return flow.client_conn.id in self._shown and answer.of_proxy

    def client_disconnected(self, client: Client) -> None:
        self._shown.pop(client.id, None)

    @staticmethod
    def _taken(flow: HTTPFlow) -> str | None:
        """The token that a request shows to the proxy, and to nobody else."""
        headers = flow.request.headers
        if not any(len(name) == len(SHOWN) and name.lower() == SHOWN for name, _ in headers.fields):
            return None  # as of nearly all: mitmproxy's own look-up takes five times as long
        return in_proxy_authorization(headers.pop(PROXY_AUTHORIZATION))

    async def _connect_later(self, flow: HTTPFlow, shown: Shown, missing: Missing) -> None:
        self._connect(flow, await self._callers.who_now(shown, missing))

    async def _know_later(self, flow: HTTPFlow, known: Exchange, shown: Shown, missing: Missing) -> None:
        self._know(flow, known, await self._callers.who_now(shown, missing))

    def _know(self, flow: HTTPFlow, known: Exchange, answer: Answer | None) -> None:
        if isinstance(answer, Known) and (answer.identity.verified or not self._callers.refuses):
            known.identity = answer.identity
        elif isinstance(answer, Refused | Missing):
            self._complain(NOT_TAKEN, flow, answer.why)
            if is_down(answer):
                refuse(flow, 503, NO_KEYS, "identity_unknown", retry_after=5)
            elif self._is_of_tunnel(flow, answer):
                refuse_here(flow, 401, NOT_ACCEPTED_ANY_MORE, "unauthenticated")
            else:
                refuse(flow, 401, NOT_ACCEPTED, "unauthenticated")
        elif self._callers.refuses and not is_own(known):
            self._complain(NOBODY, flow, SHOWS_NOTHING)
            refuse(flow, 401, MAY_NOT_CALL, "unauthenticated")

    def _connect(self, flow: HTTPFlow, answer: Answer | None) -> None:
        if answer is None or isinstance(answer, Known):
            return
        self._complain(NOT_TAKEN, flow, answer.why)
        if is_down(answer):
            headers = {"retry-after": "5", "content-type": CHALLENGE["content-type"]}
            flow.response = Response.make(503, f"{NO_KEYS}\n", headers)
        else:
            _challenge(flow, NOT_ACCEPTED, CLOSE)

    def _complain(self, form: str, flow: HTTPFlow, why: str) -> None:
        address = _address(flow)
        times = self._complaints.tell((form, address, why), self._clock())
        if times is not None:
            more = f"; so were {times} more since that was last said" if times else ""
            logger.warning(form + "%s", address, why, more)


def is_own(known: Exchange) -> bool:
    """Whether it is the proxy itself that is asked: it says to nobody, too, what it makes of them."""
    return known.endpoint.kind is Kind.OWN


def _challenge(flow: HTTPFlow, message: str, more: Mapping[str, str]) -> None:
    flow.response = Response.make(407, f"{message}\n", {**CHALLENGE, **more})
    flow.response.reason = (
        f"{flow.response.reason}: {message.partition(':')[0]}"  # all that most clients show
    )


def _is_no_credential(known: Exchange) -> None:
    """What a provider's header seemed to hold, a key or a log-in of a plan, was a token of ours."""
    known.credential = None
    if not known.endpoint.subscription:
        known.billing = Billing.METERED


def is_down(answer: Answer | None) -> bool:
    """Whether nothing can be said of the token, rather than that it is not taken."""
    return isinstance(answer, Missing) and answer.no_keys


def _address(flow: HTTPFlow) -> str:
    return str(flow.client_conn.peername[0])
