"""Step 1: is this request a provider's call, and which? Or is it to the proxy itself?"""

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import islice

from mitmproxy.http import HTTPFlow, Request
from msgspec.structs import replace

from tollway import exchange
from tollway.ca.constraints import INTERNAL
from tollway.caching.wishes import wishes
from tollway.exchange import Exchange
from tollway.hooks.headers import plain, whole
from tollway.hooks.naming import authorities, name
from tollway.hooks.refusal import refuse, refuse_failed
from tollway.hooks.upgrade import ask_for_nothing_else, is_upgrade
from tollway.identity import virtual_key
from tollway.identity.credential import credential, fingerprint
from tollway.identity.program import program
from tollway.identity.repeated import Repeated
from tollway.identity.signature import signed_headers
from tollway.identity.tags import AT_MOST, parse_tags
from tollway.model import Billing, Endpoint, Kind
from tollway.own_name import is_asked
from tollway.providers.authority import host_of
from tollway.providers.hosts import Host, normal
from tollway.providers.recognise import owner, recognise
from tollway.providers.registry import LOOKS, Registry
from tollway.providers.subscription import subscription
from tollway.wire.grpc import ERRORS, is_grpc
from tollway.wire.session import account_in_headers, in_headers

logger = logging.getLogger(__name__)

OWN_HEADERS = "x-tollway-"
MISDIRECTED = "this connection is another host's: ask on one of its own"
OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override")
STREAMED = (Kind.PASS, Kind.UNKNOWN, Kind.SOCKET)
"""What nothing here reads is never collected."""
ADMITTED = (Kind.PASS, Kind.SOCKET)
"""What costs nothing."""


class Recognise:
    """Host and path -> endpoint. What passes is streamed, in both directions, from here on."""

    def __init__(
        self,
        registry: Registry,
        secret: bytes,
        clock: Callable[[], float],
        tags: Mapping[str, str],
        websocket: Callable[[], str] = lambda: "meter",
    ) -> None:
        """`secret` keys the credentials' fingerprints; `tags` are put on every call; `websocket`: what the
        policy in force says of sockets."""
        self._websocket = websocket
        self._registry = registry
        self._secret = secret
        self._clock = clock
        self._tags = tags
        self._complaints = Repeated()

    def requestheaders(self, flow: HTTPFlow) -> None:
        headers = plain(flow.request.headers)
        upgrade = is_upgrade(flow.request.headers, headers)
        known = self._begin(flow, headers, upgrade)
        endpoint = known.endpoint
        if endpoint.provider or endpoint.kind is Kind.OWN:
            self._identify(flow, known, headers)
        if endpoint.provider and "upgrade" in headers:
            ask_for_nothing_else(flow.request, upgrade)
        if endpoint.provider and self._is_misdirected(flow, endpoint.host):
            refuse(flow, 421, MISDIRECTED, "misdirected")
        elif endpoint.kind in STREAMED:
            flow.request.stream = True
            known.admitted = endpoint.kind in ADMITTED
        elif upgrade and endpoint.kind is Kind.INFERENCE:
            refuse(flow, 426, "this path answers over HTTPS here, not over a WebSocket", "upgrade_required")

    def responseheaders(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if known is not None and known.endpoint.kind in STREAMED and not known.refused:
            flow.response.stream = flow.response.stream or True  # type: ignore[union-attr]

    def refuse_failed(self, flow: HTTPFlow) -> None:
        """Refuse a flow that a step failed on, maybe this one: as its provider would, if that can be told."""
        if exchange.of(flow) is None:
            with suppress(Exception):
                headers = plain(flow.request.headers)
                self._begin(flow, headers, is_upgrade(flow.request.headers, headers))
        refuse_failed(flow)

    def _begin(self, flow: HTTPFlow, headers: Mapping[str, str], upgrade: bool) -> Exchange:
        method, now = method_of(flow.request, headers), int(self._clock() * 1_000_000)
        endpoint = self._endpoint(flow, method, upgrade)
        if upgrade and (endpoint.socket or endpoint.kind is Kind.INFERENCE):
            endpoint = as_policy_says(endpoint, self._websocket(), is_opening(flow.request))
        if endpoint.provider and is_grpc(headers.get("content-type", "")):
            endpoint = replace(endpoint, kind=Kind.UNKNOWN, dialect="", errors=ERRORS)
        return exchange.begin(flow, Exchange(id=call_id(now), started_us=now, endpoint=endpoint))

    def _endpoint(self, flow: HTTPFlow, method: str, upgrade: bool) -> Endpoint:
        """What the name in the client's hello is, else the request's host: both lead to one server.

        The provider's certificate is checked against the hello's name, so that name is who answers. What else
        a request calls its host counts where neither is a provider: who stands there may pass it on.
        """
        request = flow.request
        if is_asked(flow.client_conn, request.host):
            return Endpoint(kind=Kind.OWN, provider="", host=INTERNAL)
        for host in (flow.client_conn.sni, request.host, *map(host_of, authorities(request))):
            if host:
                found = recognise(self._registry, host, request.port, method, request.path, upgrade)
                if found is not None:
                    return found
        return Endpoint(kind=Kind.PASS, provider="", host=request.host)

    def _is_misdirected(self, flow: HTTPFlow, host: str) -> bool:
        """Whether a request goes elsewhere, or to another provider than its connection of HTTP/2, which some
        clients share among hosts. What else it may call its host is made this one: front ends go by it, and
        which of several names they go by is for them to say."""
        request = flow.request
        others = [found for each in authorities(request) if (found := host_of(each)) != host]
        shares = request.is_http2 and any(owner(self._registry, one, request.port) for one in others)
        if shares or not goes_to(flow, host):
            client = str(flow.client_conn.peername[0])
            if self._complaints.tell((client, host), self._clock()) is not None:
                logger.warning("a request of %s to %s was for another host, and was refused", client, host)
            return True
        if others:
            name(request, host)
        return False

    def _identify(self, flow: HTTPFlow, known: Exchange, headers: Mapping[str, str]) -> None:
        endpoint = known.endpoint
        known.host = endpoint.host
        signed = signed_headers(headers)
        known.signed = bool(signed)
        known.tags = self._tags
        if own := [one for one in headers if one.startswith(OWN_HEADERS)]:
            known.tags = merged(self._tags, parse_tags(headers.get("x-tollway-tags", "")))
            known.wish = headers.get("x-tollway-route", "").strip() or None
            known.wished = wishes(whole(flow.request.headers, headers))
            for one in own:
                if one not in signed:
                    del flow.request.headers[one]  # they are ours, not the provider's
        known.client = flow.client_conn.peername[0]
        known.session, known.account = in_headers(headers), account_in_headers(headers)
        known.program = program(headers.get("user-agent"))
        self._look_for_keys(flow, known, whole(flow.request.headers, headers))

    def _look_for_keys(self, flow: HTTPFlow, known: Exchange, headers: Mapping[str, str]) -> None:
        query = flow.request.path.partition("?")[2]
        if (value := credential(headers, query)) is not None:
            known.credential = fingerprint(self._secret, value)
        key = virtual_key.shown(headers, query)
        known.key = virtual_key.digest(key) if key is not None else None
        has_key = known.key is not None or "x-api-key" in headers
        token, betas = headers.get("authorization"), headers.get("anthropic-beta")
        if subscription(known.endpoint, token, betas, has_key):
            known.billing = Billing.NOTIONAL


def method_of(request: Request, headers: Mapping[str, str]) -> str:
    """The method that a request may count as: of one that only looks, another that its headers name, which
    some front ends go by. `headers`: those sent, by lower-case name."""
    method: str = request.method
    if method.upper() in LOOKS:
        others = [request.headers[name].strip() for name in OVERRIDES if name in headers]
        return next((other for other in others if other.upper() not in LOOKS), method)
    return method


def goes_to(flow: HTTPFlow, host: str) -> bool:
    """Whether a request goes where it was recognised: to that name, or an address, or where that name is in
    the client's hello."""
    target, hello = normal(flow.request.host), flow.client_conn.sni
    return target == host or Host(name=target).is_address or (hello is not None and normal(hello) == host)


def merged(of_all: Mapping[str, str], own: Mapping[str, str]) -> Mapping[str, str]:
    """The tags of a call: its own go before those of all calls, and there are no more than 8."""
    tags = {**own, **{tag: value for tag, value in of_all.items() if tag not in own}}
    return dict(islice(tags.items(), AT_MOST))


def call_id(started_us: int) -> str:
    """32 hex digits, the first of which are the time: the ledger's index then grows at its end."""
    return f"{started_us:014x}{os.urandom(9).hex()}"


def as_policy_says(endpoint: Endpoint, websocket: str, is_opening: bool) -> Endpoint:
    """What the opening of a socket is where the policy has its calls metered, has it pass, or refused: what
    can only be refused is inference here, which goes over HTTPS."""
    if websocket == "pass":
        return replace(endpoint, kind=Kind.UNKNOWN)
    is_metered = websocket == "meter" and bool(endpoint.socket) and is_opening
    return replace(endpoint, kind=Kind.SOCKET if is_metered else Kind.INFERENCE)


def is_opening(request: Request) -> bool:
    """Whether a request opens a WebSocket and can't be anything else: a server that does not care for the
    upgrade has nothing to answer."""
    headers = request.headers
    return (
        request.method == "GET"
        and request.http_version == "HTTP/1.1"
        and headers.get("upgrade", "").strip().lower() == "websocket"
        and "sec-websocket-key" in headers
        and headers.get("sec-websocket-version") == "13"
        and headers.get("content-length", "0") == "0"
        and "transfer-encoding" not in headers
    )
