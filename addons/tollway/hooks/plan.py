"""Beside step 12: what a provider says of a log-in's plan, in the head of its answer."""

from collections.abc import Callable

from mitmproxy.http import HTTPFlow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.plans.headers import PREFIXES, gauges
from tollway.plans.seen import Seen, of_call
from tollway.sockets.events import Gauges


class Plan:
    """Reads gauges and changes nothing; of refusals too, which is when people ask for them."""

    def __init__(self, hear: Callable[[Seen], None], clock: Callable[[], float]) -> None:
        """`hear` is told each that an answer had."""
        self._hear = hear
        self._clock = clock

    def responseheaders(self, flow: HTTPFlow) -> None:
        known, response = exchange.of(flow), flow.response
        if known is None or response is None or not known.endpoint.provider:
            return
        if known.refused or known.played is not None:
            return
        shown = {
            name: value.decode("utf-8", "replace")
            for raw, value in response.headers.fields
            if (lower := raw.lower()).startswith(PREFIXES) and (name := lower.decode("utf-8", "replace"))
        }
        if shown:
            for found in gauges(shown, int(self._clock() * 1_000_000)):
                self.told(known, found)

    def told(self, known: Exchange, found: Gauges) -> None:
        """The provider told whom it answers of a plan, in whatever way."""
        self._hear(seen(known, found))


def seen(known: Exchange, found: Gauges) -> Seen:
    """Whose it is: the account's that the request names, else of the credential that it showed."""
    account = (known.asked.account if known.asked is not None else None) or known.account or known.credential
    return of_call(known.endpoint.provider, account, known.identity.user, found)
