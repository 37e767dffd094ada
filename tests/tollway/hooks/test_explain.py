"""A call that got no answer is told why, in the provider's own shape."""

import orjson
import pytest
from mitmproxy.flow import Error
from mitmproxy.test import tflow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.hooks.explain import Explain
from tollway.model import Endpoint, Kind

ENDPOINT = Endpoint(kind=Kind.INFERENCE, provider="openai", host="api.openai.com", errors="openai_chat")


@pytest.mark.parametrize(
    ("left", "error", "code"),
    [(False, None, "not_connected"), (True, None, "no_answer"), (True, "not_taken", "not_taken")],
)
def test_the_reason_is_named(left: bool, error: str | None, code: str) -> None:
    flow = tflow.tflow()
    known = exchange.begin(flow, Exchange(id="c", started_us=1, endpoint=ENDPOINT))
    known.left, known.error = left, error
    flow.error = Error("connection refused")

    Explain().error(flow)

    assert flow.response is not None
    said = orjson.loads(flow.response.content or b"")["error"]
    assert said["code"] == code
    assert "connection refused" in said["message"]


def test_an_answer_that_began_is_left_as_it_is() -> None:
    flow = tflow.tflow(resp=True)
    exchange.begin(flow, Exchange(id="c", started_us=1, endpoint=ENDPOINT))
    flow.error = Error("cut")
    before = flow.response

    Explain().error(flow)

    assert flow.response is before
