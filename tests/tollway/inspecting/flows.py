"""Flows as they are in the chain, made by hand."""

from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow, tutils

from tests.tollway.calls import CLAUDE
from tollway import exchange
from tollway.exchange import Exchange
from tollway.model import Asked, Endpoint, Kind

ANTHROPIC = Endpoint(
    kind=Kind.INFERENCE,
    provider="anthropic",
    host="api.anthropic.com",
    operation="chat",
    dialect="anthropic_messages",
)


def claude(endpoint: Endpoint = ANTHROPIC, **known: object) -> tuple[HTTPFlow, Exchange]:
    """A flow to Anthropic, and what is known of it; its answer has a head alone."""
    flow = tflow.tflow(resp=tutils.tresp(content=None))
    flow.live = True
    flow.request.host, flow.request.path, flow.request.port = CLAUDE.host, CLAUDE.path, 443
    flow.request.method, flow.request.content = "POST", CLAUDE.content
    fields = {"asked": Asked(model="claude-sonnet-4-5"), "host": endpoint.host, **known}
    exchange_of = Exchange(id="c1", started_us=0, endpoint=endpoint).with_(**fields)
    return flow, exchange.begin(flow, exchange_of)
