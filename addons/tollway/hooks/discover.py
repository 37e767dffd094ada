"""What passes to AI services that Tollway does not read: counted by who goes there, or refused.

Tunnels pass undecrypted, so their host is what they are asked for, or what their client's hello names. Of
plain HTTP each request is seen; its bytes are those of its head and body, and what is spoken after an upgrade
is not counted.
"""

import logging
from collections.abc import Callable, Sequence
from weakref import WeakKeyDictionary

from mitmproxy.connection import Client
from mitmproxy.http import Headers, HTTPFlow, Response

from tollway import exchange
from tollway.callers import Callers
from tollway.discovering import Counting, Discovering
from tollway.discovery.services import Found
from tollway.discovery.sighting import Who, named
from tollway.engine.failure import log_failure
from tollway.hooks.naming import authorities
from tollway.identity.judge import Known
from tollway.identity.program import program
from tollway.model import NOBODY, Kind
from tollway.providers.authority import host_of
from tollway.sources import Shown

logger = logging.getLogger(__name__)

KEY = "faults: unmanaged: refuse"
REFUSED = (
    "Tollway does not let anybody reach {host} ({service}), an AI service that is not managed here ({key}): "
    "ask who runs this proxy"
)
IN_SHORT = "Tollway refuses {host} ({key}), ask who runs this proxy"
"""All that most clients show of an answer to CONNECT."""

Find = Callable[[str, int], Found | None]
"""The service that a host and port look like; None: none, or one that is read."""


class Discover:
    """Sees them as they are opened. `Passing`."""

    def __init__(
        self,
        find: Find,
        discovering: Discovering,
        refuses: Callable[[], bool],
        callers: Callers,
        token: Callable[[Client, HTTPFlow | None], str | None],
    ) -> None:
        """`refuses`: whether the policy in force lets nobody pass; `token`: what a client showed to the proxy
        as it opened its tunnel, or with a request."""
        self._find = find
        self._discovering = discovering
        self._refuses = refuses
        self._callers = callers
        self._token = token
        self._programs: WeakKeyDictionary[Client, str] = WeakKeyDictionary()
        self._asked: WeakKeyDictionary[Client, set[str]] = WeakKeyDictionary()
        """The hosts that were asked on a connection of plain HTTP."""
        self._counted: WeakKeyDictionary[HTTPFlow, Counting] = WeakKeyDictionary()

    def http_connect(self, flow: HTTPFlow) -> None:
        """Refuse a tunnel before it is opened: its client can be told why."""
        if (name := program(flow.request.headers.get("user-agent"))) is not None:
            self._programs[flow.client_conn] = name
        request = flow.request
        if flow.response is None and (found := self._refused(flow.client_conn, [request.host], request.port)):
            flow.response = answer(found)
            flow.response.reason = f"Forbidden: {IN_SHORT.format(host=found.host, key=KEY)}"

    def refuses(self, client: Client, hosts: Sequence[str], port: int) -> bool:
        """As `Passing.refuses`."""
        return self._refused(client, hosts, port) is not None

    def opened(self, client: Client, hosts: Sequence[str], port: int) -> Counting | None:
        """As `Passing.opened`."""
        found = self._found(hosts, port)
        return None if found is None else self._opened(found, client, None)

    def requestheaders(self, flow: HTTPFlow) -> None:
        known, request = exchange.of(flow), flow.request
        if flow.response or known is None or known.endpoint.provider or known.endpoint.kind is Kind.OWN:
            return
        hosts = (request.host, *map(host_of, authorities(request)))
        if found := self._refused(flow.client_conn, hosts, request.port, flow):
            request.stream = False
            flow.response = answer(found)
        elif found := self._found(hosts, request.port):
            self._asked_for(flow, found)

    def responseheaders(self, flow: HTTPFlow) -> None:
        if (counting := self._counted.get(flow)) is not None and flow.response is not None:
            counting.received(size(flow.response.headers))
            flow.response.stream = passing(counting.received)

    def _asked_for(self, flow: HTTPFlow, found: Found) -> None:
        client, request = flow.client_conn, flow.request
        hosts = self._asked.setdefault(client, set())
        counting = self._opened(found, client, flow, found.host not in hosts)
        hosts.add(found.host)
        if counting is not None:
            self._counted[flow] = counting
            counting.sent(len(f"{request.method} {request.path} ") + size(request.headers))
            request.stream = passing(counting.sent)

    def _opened(
        self, found: Found, client: Client, flow: HTTPFlow | None, is_new: bool = True
    ) -> Counting | None:
        """What counts it; None: our own code failed, which is no reason for it to fail."""
        try:
            return self._discovering.opened(found, self._who(client, flow), is_new)
        except Exception:
            log_failure(logger, f"what passes to {found.host} is not counted")
            return None

    def _found(self, hosts: Sequence[str], port: int) -> Found | None:
        return next((found for host in hosts if (found := self._find(host, port)) is not None), None)

    def _refused(
        self, client: Client, hosts: Sequence[str], port: int, flow: HTTPFlow | None = None
    ) -> Found | None:
        """The service that a client is kept from."""
        if not self._refuses() or (found := self._found(hosts, port)) is None:
            return None
        self._discovering.refused(found, self._who(client, flow))
        return found

    def _who(self, client: Client, flow: HTTPFlow | None) -> Who:
        """Who it is, by what is known at once: nobody waits for the keys of an issuer."""
        address = str(client.peername[0])
        shown = Shown(proxy=self._token(client, flow), headers={}, address=address)
        answer = self._callers.who(shown)
        identity = answer.identity if isinstance(answer, Known) else NOBODY
        agent = program(flow.request.headers.get("user-agent")) if flow else self._programs.get(client)
        return named(identity, agent, address)


def answer(found: Found) -> Response:
    """What is told to who asks for a service that is refused."""
    message = REFUSED.format(host=found.host, service=found.service.name, key=KEY)
    return Response.make(403, f"{message}\n", {"content-type": "text/plain; charset=utf-8"})


def size(headers: Headers) -> int:
    """Bytes of fields, as HTTP/1 writes them."""
    return sum(len(name) + len(value) + 4 for name, value in headers.fields)


def passing(count: Callable[[int], None]) -> Callable[[bytes], bytes]:
    """What a body passes through that is counted."""

    def pass_on(data: bytes) -> bytes:
        count(len(data))
        return data

    return pass_on
