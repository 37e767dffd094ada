"""What Tollway answers in a provider's place: the provider's error shape, the call's id, when to retry."""

import orjson
import pytest
from mitmproxy.test import tflow

from tollway import exchange
from tollway.exchange import Exchange
from tollway.hooks.refusal import FAILED, explain, plain_error, refuse, refuse_failed
from tollway.model import Endpoint, Kind, Ruling
from tollway.wire import DIALECTS


def flow_of(errors: str = "", kind: Kind = Kind.INFERENCE) -> tuple[tflow.http.HTTPFlow, Exchange]:
    """A flow to a provider whose errors have this shape."""
    flow = tflow.tflow()
    flow.request.stream = True
    endpoint = Endpoint(kind=kind, provider="openai", host="api.openai.com", errors=errors)
    return flow, exchange.begin(flow, Exchange(id="c1", started_us=0, endpoint=endpoint))


@pytest.mark.parametrize("errors", sorted(DIALECTS))
def test_a_refusal_is_in_the_providers_shape(errors: str) -> None:
    """As its dialect writes it, with the ledger's id."""
    flow, known = flow_of(errors)
    refuse(flow, 403, "no more today", "blocked")

    assert flow.response is not None
    assert flow.response.status_code == 403
    assert flow.response.content == DIALECTS[errors].error(403, "no more today", "blocked")
    assert b"no more today" in (flow.response.content or b"")
    assert flow.response.headers["content-type"] == "application/json"
    assert flow.response.headers["x-tollway-call"] == "c1"
    assert (known.refused, known.error) == (True, "blocked")


def test_nothing_more_of_a_refused_request_leaves() -> None:
    """A body that was streamed is not any more."""
    flow, _ = flow_of()
    refuse(flow, 403, "no", "blocked")

    assert flow.request.stream is False


@pytest.mark.parametrize(
    ("retry_after", "headers"),
    [(None, {"x-should-retry": "false"}), (0, {"retry-after": "0"}), (30, {"retry-after": "30"})],
)
def test_sdks_are_told_whether_to_try_again(retry_after: int | None, headers: dict[str, str]) -> None:
    """Only where waiting helps."""
    flow, _ = flow_of("openai_chat")
    refuse(flow, 429, "wait", "limit", retry_after)

    assert flow.response is not None
    said = {name: flow.response.headers.get(name) for name in ("x-should-retry", "retry-after")}
    assert {name: value for name, value in said.items() if value is not None} == headers


def test_a_row_says_that_its_call_was_refused_and_what_the_client_was_told() -> None:
    """Once; that nobody could read it, which most policies let pass, is not why."""
    flow, known = flow_of()
    known.error, known.ruling = "unreadable", Ruling(actions=("wait",))

    for _ in range(2):
        refuse(flow, 403, "no", "no_credential")

    assert (known.error, known.ruling.actions) == ("no_credential", ("wait", "block"))


def test_a_client_that_left_was_not_refused() -> None:
    flow, known = flow_of()
    known.abandoned = True

    refuse(flow, 499, "it left", "abandoned")

    assert known.ruling.actions == ()


def test_the_first_reason_is_kept() -> None:
    """A failure after a refusal is not why the call was refused."""
    flow, known = flow_of()
    refuse(flow, 403, "no", "blocked")
    refuse_failed(flow)

    assert known.error == "blocked"


def test_our_own_failure_is_a_503_that_is_not_tried_again() -> None:
    """It tells that the call did not pass, and nothing of why."""
    flow, known = flow_of("anthropic_messages")
    refuse_failed(flow)

    assert flow.response is not None
    assert flow.response.status_code == 503
    assert flow.response.headers["x-should-retry"] == "false"
    assert FAILED in flow.response.content.decode()  # type: ignore[union-attr]
    assert known.error == "tollway_failed"


@pytest.mark.parametrize("known", [False, True], ids=["of nobody", "of no dialect"])
def test_without_a_dialect_an_error_is_plain(known: bool) -> None:
    """What most programs understand; a flow that was never recognised has no id."""
    flow = flow_of("")[0] if known else tflow.tflow()
    refuse(flow, 503, "failed", "tollway_failed")

    assert flow.response is not None
    assert flow.response.content == plain_error("failed", "tollway_failed")
    assert ("x-tollway-call" in flow.response.headers) is known
    assert orjson.loads(flow.response.content or b"") == {
        "error": {"message": "failed", "type": "tollway_error", "code": "tollway_failed"}
    }


def test_an_explanation_is_a_502_that_sdks_try_again() -> None:
    """It is no refusal: the provider did not answer."""
    flow, known = flow_of("openai_chat")
    explain(flow, "api.openai.com gave no answer: reset", "no_answer")

    assert flow.response is not None
    assert flow.response.status_code == 502
    assert "x-should-retry" not in flow.response.headers
    assert b"gave no answer" in (flow.response.content or b"")
    assert not known.refused
