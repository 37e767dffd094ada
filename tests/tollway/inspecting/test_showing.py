"""`tollway.inspecting.showing`: comments and markers."""

import pytest
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow
from msgspec.structs import replace

from tests.tollway.inspecting.flows import ANTHROPIC, claude
from tollway import exchange
from tollway.inspecting.showing import Showing, so_far
from tollway.model import CallRecord, Cost, Kind, Source

IN_FLIGHT = "anthropic/claude-sonnet-4-5 · in flight"


def ended(id: str = "c1", **fields: object) -> CallRecord:
    """A call's row."""
    known = {"state": "done", "started_us": 0, "provider": "anthropic", "model": "m", **fields}
    return CallRecord(id=id, **known)  # type: ignore[arg-type]


def shower() -> tuple[Showing, list[HTTPFlow]]:
    """One, and the flows that it had drawn anew."""
    drawn: list[HTTPFlow] = []
    return Showing(drawn.append), drawn


def test_it_says_what_is_known_when_the_call_leaves_and_when_it_has_ended() -> None:
    """The row takes the place of what was said before."""
    showing, drawn = shower()
    flow, _ = claude()

    showing.requestheaders(flow)
    showing.request(flow)
    first = flow.comment
    showing.observe(ended())
    showing.response(flow)

    assert (first, flow.comment) == (IN_FLIGHT, "anthropic/m · passed")
    assert drawn == [flow] * 3
    outcome = showing.last(flow)
    assert outcome is not None
    assert outcome.call == ended()


def test_what_users_write_and_mark_stays() -> None:
    """Their words stand before ours, their marker in the place of ours."""
    showing, _ = shower()
    flow, _ = claude()
    flow.comment = "look at this"
    showing.request(flow)
    flow.comment += " (ann)"
    flow.marked = ":heart:"

    showing.observe(ended(cost=Cost(source=Source.ESTIMATED)))

    assert flow.comment == "look at this\nanthropic/m · ~$0 · passed (ann)"
    assert flow.marked == ":heart:"


def test_a_comment_that_was_deleted_comes_again() -> None:
    """The end of a call is news."""
    showing, _ = shower()
    flow, _ = claude()
    showing.request(flow)
    flow.comment = ""

    showing.observe(ended())

    assert flow.comment == "anthropic/m · passed"


def test_a_refusal_is_said_at_once_and_marked() -> None:
    """Also of a call that the ledger has no row of."""
    showing, _ = shower()
    flow, _ = claude(refused=True, error="over_limit")

    showing.response(flow)

    assert flow.comment == "anthropic/claude-sonnet-4-5 · refused over_limit"
    assert flow.marked == ":no_entry:"


def test_each_attempt_has_its_line() -> None:
    """The row of one that failed may come after another has taken its place."""
    showing, _ = shower()
    flow, known = claude()
    showing.request(flow)
    exchange.begin(flow, known.with_(id="c2", route="anthropic/m -> b/m"))
    showing.http_failover(flow)
    showing.observe(ended("c1", status=529))
    showing.observe(ended("c2", cost=Cost(input_nano=1)))

    assert flow.comment == "anthropic/m · failed 529\nanthropic/m -> b/m · $0.000000001 · rerouted"
    assert flow.marked == ":twisted_rightwards_arrows:"


@pytest.mark.parametrize(
    "endpoint",
    [replace(ANTHROPIC, kind=Kind.PASS), replace(ANTHROPIC, provider="")],
    ids=["passes", "nobody's"],
)
def test_what_costs_nothing_has_no_comment(endpoint: object) -> None:
    """Telemetry, model lists, other hosts."""
    showing, drawn = shower()
    flow, _ = claude(endpoint)  # type: ignore[arg-type]

    showing.requestheaders(flow)
    showing.error(flow)

    assert (flow.comment, drawn, showing.last(flow)) == ("", [], None)


def test_what_nobody_knows_is_left_alone() -> None:
    """A flow that the chain never saw; the row of a call whose flow was deleted."""
    showing, drawn = shower()
    flow = tflow.tflow()

    showing.request(flow)
    showing.observe(ended())

    assert (flow.comment, drawn, showing.last(flow)) == ("", [], None)


def test_no_usage_is_known_of_a_call_in_flight() -> None:
    """Nor a cost."""
    _, known = claude()

    outcome = so_far(known)

    assert (outcome.call.state, outcome.call.cost, outcome.refused) == ("open", Cost(), False)
