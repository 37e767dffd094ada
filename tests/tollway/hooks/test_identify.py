"""Step 2: who calls."""

from mitmproxy.test import tflow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.hooks.identify import Identify
from tollway.model import NOBODY, Endpoint, Identity, Kind

ANN = Identity(user="ann")


def test_the_address_says_who_calls() -> None:
    flow = tflow.tflow()
    endpoint = Endpoint(kind=Kind.PASS, provider="p", host="h")
    known = exchange.begin(flow, Exchange(id="c", started_us=1, endpoint=endpoint, client="10.0.0.1"))

    Identify(lambda address: ANN if address == "10.0.0.1" else NOBODY).requestheaders(flow)

    assert known.identity is ANN


def test_what_is_no_providers_is_nobodys() -> None:
    Identify(lambda address: ANN).requestheaders(tflow.tflow())
