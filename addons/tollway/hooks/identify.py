"""Step 2: who calls. So far by the network alone that the client's address is in."""

from collections.abc import Callable

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.model import Identity


class Identify:
    """Address -> identity, by the policy in force."""

    def __init__(self, who: Callable[[str], Identity]) -> None:
        """`who`: the identity of an address; the empty one if it is in no network that the policy names."""
        self._who = who

    def requestheaders(self, flow: HTTPFlow) -> None:
        known = exchange.of(flow)
        if known is not None and known.client is not None:
            known.identity = self._who(known.client)
