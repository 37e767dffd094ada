"""A flow that nobody admitted does not leave, streamed or not."""

import pytest
from mitmproxy.test import tflow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.hooks.deny import DenyByDefault
from tollway.model import Endpoint, Kind

ENDPOINT = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com", errors="openai_chat")


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("known", [False, True])
def test_what_nobody_admitted_is_refused(known: bool, streamed: bool) -> None:
    """Also a flow that no step has ever seen."""
    flow = tflow.tflow()
    flow.request.stream = streamed
    if known:
        exchange.begin(flow, Exchange(id="c", started_us=1, endpoint=ENDPOINT))

    DenyByDefault().requestheaders(flow)
    DenyByDefault().request(flow)

    assert flow.response is not None
    assert flow.response.status_code == 503
    assert flow.response.headers["x-should-retry"] == "false"


def test_what_is_not_streamed_may_wait_for_its_body() -> None:
    """Its verdict comes with the request."""
    flow = tflow.tflow()

    DenyByDefault().requestheaders(flow)

    assert flow.response is None


def test_what_was_admitted_leaves_and_its_parsed_body_is_let_go() -> None:
    flow = tflow.tflow()
    known = exchange.begin(flow, Exchange(id="c", started_us=1, endpoint=ENDPOINT))
    known.admitted, known.parsed = True, {"model": "m"}

    DenyByDefault().request(flow)

    assert flow.response is None
    assert known.parsed is None
