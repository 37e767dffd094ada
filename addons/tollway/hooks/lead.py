"""Behind the limits: whether what leaves is still what was looked for, so that its answer is one to share."""

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.hooks.share import Share


class Lead:
    """Has an answer shared, and kept, unless a route or a limit made another call of it, or refused it."""

    def __init__(self, share: Share) -> None:
        self._share = share

    def request(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if known is not None and flow.response is not None:
            known.cache = None  # nothing answers it but a refusal
        if known is None or known.looked is None or known.looked.shared.is_over:
            return
        if flow.response is None and known.looked.asks(known.endpoint, known.host, known.body):
            known.learns += (self._share.settling(known, known.looked),)
        else:
            self._share.break_off(known.looked)
