"""What a caller shows as a credential is remembered as long as its call runs, where texts are kept: to be
taken out of these. It comes before all that takes such things out of the request."""

from mitmproxy.connection import Client
from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.governing import Governing
from tollway.identity.concealed import Fields
from tollway.identity.presented import PROXY_AUTHORIZATION
from tollway.model import Kind

SHOWN = PROXY_AUTHORIZATION.encode()


class Conceal:
    """Puts beside the call what the policy in force as it begins says of texts, and what it shows.

    What of that is a secret is found out once the call is known to be one whose texts are kept.
    """

    def __init__(self, governing: Governing) -> None:
        self._governing = governing
        self._shown: dict[str, Fields] = {}
        """By the id of the client's connection: what opened its tunnel. A rule may come into force later."""

    def http_connect(self, flow: HTTPFlow) -> None:
        fields = tuple([field for field in flow.request.headers.fields if field[0].lower() == SHOWN])
        self._shown.pop(flow.client_conn.id, None)
        if fields:
            self._shown[flow.client_conn.id] = fields

    def client_disconnected(self, client: Client) -> None:
        self._shown.pop(client.id, None)

    def requestheaders(self, flow: HTTPFlow) -> None:
        recording = self._governing.recording
        if recording is None:
            return
        known = exchange.of(flow)
        if known is None or known.endpoint.kind is not Kind.INFERENCE:
            return
        known.recording = recording
        known.shown = (*flow.request.headers.fields, *self._shown.get(flow.client_conn.id, ()))
        known.asked_at = flow.request.path
