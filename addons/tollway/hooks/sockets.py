"""A WebSocket opens: from then on, each call on it goes down the road."""

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.guardrails.rule import Do, Rule
from tollway.hooks.guard import rules_for
from tollway.hooks.headers import value
from tollway.hooks.refusal import explain, refuse
from tollway.hooks.socket_calls import Means, SocketCalls
from tollway.model import Kind
from tollway.sockets.opening import session

EXTENSIONS, PACKED = "sec-websocket-extensions", "permessage-deflate"
ANSWERS = "the guardrail {} looks through answers, which it can't on a WebSocket: ask over HTTPS"
NOT_READ = "Tollway: what was agreed on for this WebSocket is not what was offered, and can't be read"
SWITCHED = 101


class Sockets:
    """Sees to it that what is spoken can be read, and has somebody look at it."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def requestheaders(self, flow: HTTPFlow) -> None:
        """Of extensions only what is read here is offered."""
        known, screening = exchange.of(flow), self._means.governing.screening
        if flow.response or known is None or known.endpoint.kind is not Kind.SOCKET:
            return
        if screening is not None:
            rules = (rule for rule in rules_for(known, screening) if rule.response)
            if (rule := next(filter(is_in_force, rules), None)) is not None:
                known.recorded = True
                refuse(flow, 426, ANSWERS.format(rule.name), "upgrade_required")
                return
        offers = flow.request.headers.get(EXTENSIONS)
        if offers is not None and not all(map(is_read_here, listed(offers))):
            flow.request.headers[EXTENSIONS] = read_here(offers)

    def responseheaders(self, flow: HTTPFlow) -> None:
        known, response = exchange.of(flow), flow.response
        if known is None or response is None or known.endpoint.kind is not Kind.SOCKET or known.refused:
            return
        if known.route is not None:
            response.headers["x-tollway-route"] = value(known.route)
        if response.status_code != SWITCHED:
            return
        agreed = response.headers.get(EXTENSIONS, "")
        spoken = session(known.endpoint, flow.request.path.partition("?")[2])
        is_socket = response.headers.get("upgrade", "").strip().lower() == "websocket"
        if spoken is None or not is_socket or not all(map(is_read_here, listed(agreed))):
            known.refused = True
            explain(flow, NOT_READ, "tollway_failed")
            return
        known.socket = SocketCalls(flow, known, spoken, self._means)

    def error(self, flow: HTTPFlow) -> None:
        """The engine lost it."""
        known = exchange.of(flow)
        if known is not None and known.socket is not None:
            known.socket.closed()


def read_here(extensions: str) -> str:
    """Those of the extensions that are read here."""
    return ", ".join(filter(is_read_here, listed(extensions)))


def listed(extensions: str) -> list[str]:
    """Each by itself."""
    return [one.strip() for one in extensions.split(",") if one.strip()]


def is_read_here(extension: str) -> bool:
    """Whether messages can be read where it is agreed on."""
    return extension.partition(";")[0].strip().lower() == PACKED


def is_in_force(rule: Rule) -> bool:
    """Whether it has anything kept from coming back."""
    return not rule.shadow and max(rule.certain, rule.generic) > Do.FLAG
