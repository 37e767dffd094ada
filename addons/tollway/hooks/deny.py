"""Step 10: a provider call that nobody admitted does not leave."""

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.hooks.refusal import refuse_failed


class DenyByDefault:
    """Last in the chain of a request: no verdict is a refusal, however it came about."""

    def requestheaders(self, flow: HTTPFlow) -> None:
        if flow.request.stream:
            self.request(flow)

    def request(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if flow.response is None and (known is None or not known.admitted):
            refuse_failed(flow)
        if known is not None:
            known.parsed = None
