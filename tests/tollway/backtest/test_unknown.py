"""What a replay can't know, in sentences."""

import pytest

from tests.tollway.backtest.samples import backtested, call, refused
from tollway.backtest import unknown
from tollway.budget.amounts import Amounts
from tollway.model import CallRecord

SMALL = "limits: [{name: day, amount: 0.0000005 USD, window: day, enforce: soft, then: [block]}]"
ROUTES = "routes: {r: [{from: '*', to: openai/gpt-5-mini}]}"
BOUND = Amounts(nano=900, input_tokens=40, output_tokens=60, requests=1)


@pytest.mark.parametrize(
    ("text", "calls", "said"),
    [
        ("", [call("a")], []),
        (SMALL, [call("a"), call("b", 60)], [unknown.CALLERS]),
        (ROUTES, [call("a")], [unknown.ANSWERS, unknown.REQUESTS]),
        (
            "routes: {r: [{from: '*', to: [same, openai/gpt-5-mini]}]}", [],
            [unknown.ANSWERS, unknown.REQUESTS, unknown.FAILURES],
        ),
        (
            "routes: {r: [{from: '*', to: same, set: {temperature: 0}}]}", [],
            [unknown.ANSWERS, unknown.REQUESTS, unknown.SET],
        ),
        ("", [call("a", calls=1_200)], [unknown.MERGED.format("1,200")]),
        ("cache: [{ttl: 1h}]", [], [unknown.CACHE]),
        ("guardrails: [{find: [secrets], in: request, do: block}]", [], [unknown.GUARDRAILS]),
        ("identity: [{networks: {10.0.0.0/8: {team: x}}}]", [], [unknown.IDENTITY]),
    ],
)  # fmt: skip
def test_what_matters_to_the_policy_and_to_what_was_found_is_said(
    text: str, calls: list[CallRecord], said: list[str]
) -> None:
    assert list(backtested(text, calls).unknown) == said


def test_routes_that_callers_ask_for_are_not_known() -> None:
    text = "routes: {r: [{from: '*', to: openai/gpt-5-mini}]}\non_request: [{routes: [r]}]"

    assert backtested(text, []).unknown[-1] == unknown.ON_REQUEST


def test_how_many_calls_have_no_bound() -> None:
    text = "limits: [{name: day, amount: 1 USD, window: day}]"
    found = backtested(text, [call("a"), call("b", 60), call("c", 120, bound=BOUND)]).unknown

    assert found == (unknown.REQUESTS, unknown.UNBOUNDED.format("2", "3"))


def test_of_streams_the_first_hold_is_not_known() -> None:
    text = "limits: [{name: day, amount: 1 USD, window: day}]"
    found = backtested(text, [call("a", stream=True, bound=BOUND)]).unknown

    assert found == (unknown.REQUESTS, unknown.STREAMS.format("1"))


def test_calls_that_were_refused_then_are_counted() -> None:
    found = backtested("", [refused("a"), refused("b", bound=BOUND), refused("c", error="guardrail")]).unknown

    assert found == (
        unknown.LET_IN.format("2", ""),
        unknown.KEPT.format("1"),
    )  # fmt: skip
    assert backtested("", [refused("a"), call("b", 9)]).unknown == (
        unknown.LET_IN.format("1", unknown.LIKELY.format("1", "0.000001")),
    )
