"""What a provider says of a plan is told with whose it is, and nothing of the answer is changed."""

from typing import cast

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.hooks.plan import Plan
from tollway.model import Asked, Endpoint, Identity, Kind
from tollway.plans.seen import Seen, Whose
from tollway.played import Played
from tollway.sockets.events import Gauge

ENDPOINT = Endpoint(kind=Kind.INFERENCE, provider="anthropic", host="api.anthropic.com")
SAID = {"Anthropic-Ratelimit-Unified-5h-Utilization": "0.42", "content-type": "application/json"}


def answered(headers: dict[str, str] = SAID, status: int = 200) -> tuple[HTTPFlow, Exchange]:
    flow = tflow.tflow(resp=True)
    assert flow.response is not None
    flow.response.headers.clear()
    flow.response.headers.update(headers)
    flow.response.status_code = status
    return flow, exchange.begin(flow, Exchange(id="c", started_us=1, endpoint=ENDPOINT))


def heard(flow: HTTPFlow) -> list[Seen]:
    found: list[Seen] = []
    Plan(found.append, lambda: 12.5).responseheaders(flow)
    return found


@pytest.mark.parametrize("status", [200, 429, 529])
def test_gauges_are_told_whatever_the_status(status: int) -> None:
    flow, known = answered(status=status)
    known.asked, known.identity = Asked(account="acc-1"), Identity(user="ann")
    assert flow.response is not None
    before = flow.response.headers.fields

    (found,) = heard(flow)

    assert found.whose == Whose("anthropic", "acc-1", "ann", "")
    assert found.gauges.gauges == (Gauge(name="5h", used_percent=42.0, window_minutes=300),)
    assert found.gauges.at == 12_500_000
    assert flow.response.headers.fields == before


@pytest.mark.parametrize(
    ("account", "credential", "whose"), [("acc-2", "k:1", "acc-2"), (None, "k:1", "k:1"), (None, None, "")]
)
def test_without_an_account_it_is_the_credentials(
    account: str | None, credential: str | None, whose: str
) -> None:
    """As of what no dialect reads, and where the client names none."""
    flow, known = answered()
    known.account, known.credential = account, credential

    (found,) = heard(flow)

    assert found.whose.account == whose


def test_what_says_nothing_of_a_plan_tells_nothing() -> None:
    for headers in ({}, {"anthropic-ratelimit-requests-limit": "50"}, {"x-codex-turn-state": "opaque"}):
        assert heard(answered(headers)[0]) == []


def test_an_answer_of_ours_tells_nothing() -> None:
    """One that is played again says what was; a refusal, and another host, nothing."""
    refused, known = answered()
    known.refused = True
    again, known = answered()
    known.played = cast(Played, object())
    foreign, known = answered()
    known.endpoint = Endpoint(kind=Kind.PASS, provider="", host="example.com")
    unanswered, _ = answered()
    unanswered.response = None

    assert [heard(flow) for flow in (refused, again, foreign, unanswered, tflow.tflow(resp=True))] == [[]] * 5
