"""Step 5: who may call what. What the rules deny does not leave, and holds nothing in any limit."""

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.governing import Governing
from tollway.hooks.refusal import refuse
from tollway.model import Kind


class Access:
    """Refuses what the access rules of the policy in force deny. The refusal is a row, too."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def requestheaders(self, flow: HTTPFlow) -> None:
        """What nothing reads is refused before any of its body leaves, and so is what is free, where it goes
        with the operator's key."""
        known = exchange.of(flow)
        if known is None or known.hands_in:
            return
        self._judge(flow, Kind.UNKNOWN)
        if known.injected is not None:
            self._judge(flow, Kind.PASS)

    def request(self, flow: HTTPFlow) -> None:
        """What was read, and a batch once its requests are."""
        known = exchange.of(flow)
        self._judge(flow, Kind.UNKNOWN if known is not None and known.hands_in else Kind.INFERENCE)

    def _judge(self, flow: HTTPFlow, kind: Kind) -> None:
        if not self._governing.access:
            return
        known = exchange.of(flow)
        if flow.response is None and known is not None and known.endpoint.kind is kind:
            deny(flow, known, self._governing)


def deny(flow: HTTPFlow, known: Exchange, governing: Governing) -> None:
    """Refuse the call if the access rules in force do not admit it."""
    denial = governing.denial(known)
    if denial is not None:
        known.recorded = known.endpoint.kind is not Kind.PASS
        refuse(flow, denial.status, f"Tollway: {denial.message}", denial.code)
