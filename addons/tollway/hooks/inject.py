"""Step 3: the operator's key for a provider, where the policy has one, in the place of the caller's own."""

import logging
from collections.abc import Awaitable, Mapping

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.budget.attributes import Value, vouched
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.hooks.naming import name
from tollway.hooks.refusal import refuse
from tollway.identity.credential import PROTOCOLS
from tollway.identity.injection import Injected, injected, without_keys
from tollway.model import Billing, Cost, Kind, Report
from tollway.policy.credentials import Credential
from tollway.providers.hosts import Host, normal
from tollway.providers.recognise import is_anybodys, is_path_of_anybodys
from tollway.providers.registry import Registry
from tollway.rows import row

logger = logging.getLogger(__name__)

NONE = "Tollway has no key for {} that yours would stand for: ask who runs this proxy (credentials)"
PLAN = "a key of Tollway's stands for no log-in: this address is for those of a flat plan"
MISSING = "Tollway has no key for {} at hand: whoever runs this proxy finds the reason in its log"
MINTS = "Tollway's key for {} is not used for what would hand out a key: ask who runs this proxy"
ECHOES = "TRACE"
"""A method whose answer has the request's headers in it (RFC 9110, section 9.3.8)."""
UNFIT = (
    "Tollway's key for {} can't be put into this call: whoever runs this proxy finds the reason in its log"
)
OWN_HEADERS = b"x-tollway-"


class Inject:
    """Nothing that the caller showed goes on beside the operator's key, and no key of ours goes on at all.

    A subscription's call is never changed. A key goes by TLS alone, to no host that a stranger may have,
    unless the policy names that host, and to no path that one may have.
    """

    def __init__(self, governing: Governing, registry: Registry) -> None:
        self._governing = governing
        self._registry = registry

    def requestheaders(self, flow: HTTPFlow) -> Awaitable[None] | None:
        known = exchange.of(flow)
        if known is None or flow.response or not known.endpoint.provider:
            return None
        entry = None
        if may_have_another(known):
            entry = self._governing.whose_key.of(known.endpoint.provider, lambda: _attributes(known))
        if entry is not None and entry.inject is not None and self._may_have_it(flow, known, entry):
            return self._inject(flow, known, entry, entry.inject)
        if known.key is not None:
            why = NONE if may_have_another(known) else PLAN
            _refuse(flow, known, 403, why, "no_credential")
        return None

    def request(self, flow: HTTPFlow) -> None:
        """Servers may take what stands behind a body for headers."""
        known = exchange.of(flow)
        if known is not None and known.injected is not None:
            flow.request.trailers = None

    def responseheaders(self, flow: HTTPFlow) -> None:
        """A key that the provider does not take may have run out before its time."""
        known = exchange.of(flow)
        if known is None or known.injected is None or known.refused or flow.response is None:
            return
        if flow.response.status_code == 401 and (key := self._governing.provider_keys.of(known.injected)):
            self._governing.provider_keys.refused(known.injected, key)

    def _may_have_it(self, flow: HTTPFlow, known: Exchange, entry: Credential) -> bool:
        host, port = known.endpoint.host, flow.request.port
        if flow.request.scheme != "https" or not _is_asked_of(host, flow.request.host, flow.client_conn.sni):
            return False
        if is_path_of_anybodys(self._registry, known.endpoint, port):
            return False
        return host in entry.hosts if entry.hosts else not is_anybodys(self._registry, host, port)

    def _inject(
        self, flow: HTTPFlow, known: Exchange, entry: Credential, place: str
    ) -> Awaitable[None] | None:
        if known.endpoint.mints or flow.request.method.upper() == ECHOES:
            _refuse(flow, known, 403, MINTS, "credential_kept")
            return None
        known.injected = place
        key = self._governing.provider_keys.of(place)
        if key is None and place.startswith("command:"):
            return self._later(flow, known, entry, place)
        self._put(flow, known, entry, key)
        return None

    async def _later(self, flow: HTTPFlow, known: Exchange, entry: Credential, place: str) -> None:
        self._put(flow, known, entry, await self._governing.provider_keys.awaited(place))

    def _put(self, flow: HTTPFlow, known: Exchange, entry: Credential, key: str | None) -> None:
        if key is None:
            _refuse(flow, known, 503, MISSING, "credential_missing")
            return
        endpoint = known.endpoint
        takes = self._registry.key_header(endpoint.provider, endpoint.dialect or endpoint.errors)
        found = injected(flow.request.path, entry.header or takes, key)
        if isinstance(found, str):
            logger.error("the credential for %s was not put into a call: %s", endpoint.provider, found)
            _refuse(flow, known, 403, UNFIT, "credential_unfit")
        else:
            _put(flow, known, found)


def may_have_another(known: Exchange) -> bool:
    """Whether a call may have another credential than its caller showed."""
    return known.billing is Billing.METERED and not known.endpoint.is_untouched


def _is_asked_of(host: str, target: str, hello: str | None) -> bool:
    """Whether a request goes where it was recognised: to that name, or an address with its certificate, and
    not to one with a certificate of another name, which the client's hello may have."""
    target = normal(target)
    if hello is None:
        return target == host
    return normal(hello) == host and (target == host or Host(name=target).is_address)


def _refuse(flow: HTTPFlow, known: Exchange, status: int, message: str, code: str) -> None:
    """Of one who is known, the refusal is a row of the ledger."""
    known.recorded = known.identity.verified and known.endpoint.kind is not Kind.PASS
    refuse(flow, status, message.format(known.endpoint.provider), code)


def _put(flow: HTTPFlow, known: Exchange, found: Injected) -> None:
    known.signed = False  # a signature of the caller's is gone, and with it what it covered
    header, value = found.put
    headers = flow.request.headers
    kept = [field for field in headers.fields if not _goes(field[0].lower(), found)]
    headers.fields = (*kept, (header.encode(), value.encode()))
    if (protocols := headers.pop(PROTOCOLS, None)) and (rest := without_keys(protocols)):
        headers[PROTOCOLS] = rest
    if flow.request.path != found.path:
        flow.request.path = found.path
    name(flow.request, known.endpoint.host)


def _goes(name: bytes, found: Injected) -> bool:
    return name.decode("latin-1") in found.remove or name.startswith(OWN_HEADERS)


def _attributes(known: Exchange) -> Mapping[str, Value]:
    """What is known of a call before its body is read, and vouched for."""
    return vouched(row(known, "open", Report(), Cost(), None, None, None))
