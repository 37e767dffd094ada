"""Beside step 3: a log-in that a plan covers may be against the policy; then nothing of its calls leaves."""

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.governing import Governing
from tollway.hooks.refusal import refuse
from tollway.model import Billing, Kind

MESSAGE = (
    "Tollway: this proxy lets no calls pass that a log-in makes or a flat plan covers ({}): use an API key "
    "that is billed by use, or ask who runs the proxy, who can change that (faults: subscriptions)"
)


class LogIns:
    """Refuses them where the policy in force says so: 403, and the refusal is a row. What is free passes, the
    log-in itself with it."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def requestheaders(self, flow: HTTPFlow) -> None:
        """Before any of the body leaves, and before a socket opens."""
        if self._governing.faults.subscriptions != "refuse":
            return
        known = exchange.of(flow)
        if flow.response or known is None or known.endpoint.kind in (Kind.PASS, Kind.OWN):
            return
        if known.billing is Billing.NOTIONAL or known.endpoint.is_untouched:
            known.recorded = True
            refuse(flow, 403, MESSAGE.format(known.endpoint.provider), "log_in")
