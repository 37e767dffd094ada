"""Routes that callers may ask for; tests/tollway/test_on_request.py has it over the whole road."""

from collections.abc import Mapping

import pytest

from tests.tollway.policy.written import policy
from tollway.budget.attributes import UNKNOWN_GROUPS, Value
from tollway.policy.on_request import Permissions, why_not

POLICY = """
identity: [{networks: {10.0.0.0/8: {team: a, groups: [x]}}}]
routes: {r: [{from: x, to: openai/y}], s: [{from: x, to: openai/z}], t: [{from: x, to: openai/t}]}
on_request:
  - {match: {team: a}, routes: [r, s]}
  - {match: {group: x, operation: chat}, routes: [t, r]}
  - {match: {team: {not: "*"}}, routes: [s]}
"""


@pytest.mark.parametrize(
    ("attributes", "routes"),
    [
        ({"team": "a"}, ("r", "s")),
        ({"team": "a", "group": ("x", "y"), "operation": "chat"}, ("r", "s", "t")),
        ({"team": "b", "group": ("x",)}, ()),
        ({"team": "b", "group": UNKNOWN_GROUPS, "operation": "chat"}, ()),
        ({}, ("s",)),
    ],
)
def test_a_call_may_ask_for_the_routes_of_all_entries_that_match_it(
    attributes: Mapping[str, Value], routes: tuple[str, ...]
) -> None:
    """In the policy's order, each once; groups that nobody knows give nobody a right."""
    assert Permissions(policy(POLICY).on_request).of(attributes) == routes


def test_who_may_not_ask_for_a_route_hears_for_which_it_may() -> None:
    """Whether there is a route of that name at all is not told."""
    said = "Tollway: no route {} may be asked for with this call (x-tollway-route): {}"

    assert why_not("r", ("r", "s")) is None
    assert why_not("t", ("r", "s")) == said.format("'t'", "there are r, s")
    assert why_not("x" * 99, ()) == said.format(repr("x" * 64), "there are none")
