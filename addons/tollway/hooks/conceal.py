"""What a caller shows as a credential is remembered as long as its call runs, where texts are kept: to be
taken out of these. It comes before all that takes such things out of the request."""

from mitmproxy.connection import Client
from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.governing import Governing
from tollway.identity.concealed import concealed
from tollway.identity.presented import PROXY_AUTHORIZATION
from tollway.model import Kind

SHOWN = PROXY_AUTHORIZATION.encode()
NOTHING: frozenset[str] = frozenset()


class Conceal:
    """Puts the policy's rules about texts beside the call, those in force as it begins, and its secrets."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing
        self._shown: dict[str, frozenset[str]] = {}
        """By the id of the client's connection: what opened its tunnel. A rule may come into force later."""

    def http_connect(self, flow: HTTPFlow) -> None:
        fields = [field for field in flow.request.headers.fields if field[0].lower() == SHOWN]
        self._shown.pop(flow.client_conn.id, None)
        if fields:
            self._shown[flow.client_conn.id] = concealed(fields, "")

    def client_disconnected(self, client: Client) -> None:
        self._shown.pop(client.id, None)

    def requestheaders(self, flow: HTTPFlow) -> None:
        recording, known = self._governing.recording, exchange.of(flow)
        if recording is None or known is None or known.endpoint.kind is not Kind.INFERENCE:
            return
        known.recording = recording
        query = flow.request.path.partition("?")[2]
        shown = concealed(flow.request.headers.fields, query, recording.headers)
        known.secrets = shown | self._shown.get(flow.client_conn.id, NOTHING) | self._governing.own_keys()
