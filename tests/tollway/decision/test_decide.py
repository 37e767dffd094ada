"""All that a policy decides of a call, in its order; and that a proxy decides the same."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tollway.admitting import REQUEST, asked, candidate, governing
from tests.tollway.decision.calls import AT, call, decided, told
from tollway.decision.call import Call
from tollway.model import Identity

ROUTES = """
routes:
  down: [{from: gpt-4o, to: openai/gpt-4o-mini}]
  further: [{from: gpt-4o-mini, to: openai/gpt-4.1-nano}, {from: gpt-4o, to: openai/gpt-4.1-nano}]
  other: [{from: "*", to: openai/gpt-4.1}]
  half: [{from: gpt-4o, split: {50%: openai/gpt-5, 30%: openai/same, 20%: openai/gpt-4.1}}]
"""


def test_what_access_denies_goes_no_further() -> None:
    found = decided(f"access: [{{deny: {{model: gpt-4o}}}}]\nalways: [{{route: down}}]{ROUTES}")

    assert not found.is_allowed
    assert (found.target, found.steps, found.limits) == (None, (), ())


def test_the_first_entry_of_always_that_leads_anywhere_holds() -> None:
    text = f"""{ROUTES}
identity: [{{networks: {{10.0.0.0/8: {{team: a}}}}}}]
always:
  - {{match: {{team: a}}, route: down}}
  - {{match: {{operation: chat}}, route: further}}
  - {{route: other}}
"""
    found = decided(text)

    assert [(step.by, step.line, step.why_not) for step in found.steps] == [
        ("always[0]", 11, "team must be a, and is absent"),
        ("always[1]", 12, None),
    ]
    assert (found.target, found.is_allowed) == ("openai/gpt-4.1-nano", True)
    assert decided(text, call(team="a")).target == "openai/gpt-4o-mini"


ON_REQUEST = f"""{ROUTES}
identity: [{{networks: {{10.0.0.0/8: {{team: a}}}}}}]
on_request: [{{match: {{team: b}}, routes: [down]}}, {{match: {{team: a}}, routes: [down, further]}}]
always: [{{route: other}}]
"""


def test_the_route_that_is_asked_for_goes_before_always() -> None:
    found = decided(ON_REQUEST, call(team="a", wish="down"))

    assert [(step.by, step.line) for step in found.steps] == [("on_request[1]", 10)]
    assert found.target == "openai/gpt-4o-mini"


def test_a_wish_that_leads_nowhere_leaves_the_call_to_always() -> None:
    found = decided(ON_REQUEST, call("gpt-5", team="a", wish="down"))

    assert [step.by for step in found.steps] == ["on_request[1]", "always[0]"]
    assert found.target == "openai/gpt-4.1"


def test_a_route_that_is_not_allowed_refuses_the_call() -> None:
    found = decided(ON_REQUEST, call(team="c", wish="down"))

    assert not found.is_allowed
    assert found.refused is not None
    assert found.refused.endswith("there are none")


LEVELS = f"""{ROUTES}
limits:
  - {{name: all, amount: 1 USD, window: day, at: {{50%: {{route: down}}, 80%: {{route: half}}}}}}
  - {{name: mini, match: {{model: "*mini"}}, amount: 1 USD, window: day, at: {{50%: {{route: further}}}}}}
  - {{name: seen, amount: 1 USD, window: day, enforce: shadow, at: {{1%: {{route: other}}}}}}
"""


@pytest.mark.parametrize(
    ("left", "target", "steps"),
    [
        ({}, "gpt-4o", []),
        ({"seen": "0"}, "gpt-4o", []),
        ({"all": "0.5", "seen": "0"}, "gpt-4o-mini", [("all", "50%")]),
        ({"": "0.5"}, "gpt-4.1-nano", [("all", "50%"), ("mini", "50%")]),
        ({"all": "0.2"}, "gpt-5", [("all", "80%")]),
    ],
)
def test_levels_that_are_reached_send_it_on(
    left: dict[str, str], target: str, steps: list[tuple[str, str]]
) -> None:
    """The highest first; then those of where it goes."""
    found = decided(LEVELS, call(shares={name: Fraction(share) for name, share in left.items()}))

    assert [(step.by, step.at) for step in found.steps] == steps
    assert found.target == f"openai/{target}"


def test_what_an_earlier_route_sets_or_tries_holds_no_more() -> None:
    text = """
routes:
  first: [{from: gpt-4o, to: [openai/gpt-4.1, openai/gpt-5], set: {seed: 7}}]
  then: [{from: gpt-4.1, to: same, set: {temperature: 0.2}}, {from: gpt-5, to: openai/gpt-4.1}]
always: [{route: first}]
limits: [{name: day, amount: 1 USD, window: day, at: {50%: {route: then}}}]
"""
    found = [decided(text, call(shares={"": Fraction(share)})) for share in ("1", "0.5")]

    assert [one.target for one in found] == ["openai/gpt-4.1"] * 2
    assert [one.sent.set for one in found] == [{"seed": 7}, {"temperature": 0.2}]
    assert [one.sent.on_failure is None for one in found] == [False, True]


def test_the_route_that_is_asked_for_waits_for_no_conversation() -> None:
    found = [decided(ON_REQUEST, call(team="a", wish=wish)).sent.may_wait for wish in ("down", None)]

    assert found == [False, True]


def test_a_level_that_leads_nowhere_leaves_it_to_the_next_one() -> None:
    text = LEVELS.replace("{route: half}", "{route: further}")
    found = decided(text, call("gpt-4.1-mini", shares={"all": Fraction(0)}))

    assert [(step.at, step.route and step.route.leads_to) for step in found.steps] == [
        ("80%", None),
        ("50%", None),
    ]
    assert [limit.name for limit in found.limits] == ["all", "mini", "seen"]


def test_limits_are_those_of_the_target() -> None:
    text = f"""{ROUTES}always: [{{route: down}}]
limits:
  - {{name: big, match: {{model: gpt-4o}}, amount: 1 USD, window: day}}
  - {{name: small, match: {{model: gpt-4o-mini}}, amount: 1 USD, window: day}}
"""
    assert [limit.name for limit in decided(text).limits] == ["small"]
    assert [limit.name for limit in decided(text, call("gpt-4o", operation="batch")).limits] == ["big"]


@pytest.mark.parametrize("operation", ["batch", "retrieve", "unknown"])
def test_what_no_route_moves_stays(operation: str) -> None:
    found = decided(f"{ROUTES}always: [{{route: down}}]", call(operation=operation))

    assert (found.steps, found.target) == ((), "openai/gpt-4o")


def test_a_call_without_a_model_goes_where_its_provider_likes() -> None:
    found = decided(f"{ROUTES}always: [{{route: down}}]", Call(attributes={}, models=(), at=AT))

    assert (found.steps, found.target) == ((), None)


ENTRIES = st.lists(
    st.builds(
        lambda match, route: f"{{match: {match}, route: {route}}}",
        st.sampled_from(["{}", "{user: u1}", '{user: {not: u1}, model: "gpt-4o*"}', "{team: x}"]),
        st.sampled_from(["down", "further", "other", "half", "picky"]),
    ),
    max_size=4,
)
RULES = st.lists(
    st.builds(
        lambda from_, when, to: f"{{from: {from_}, when: {when}, to: {to}}}",
        st.sampled_from(["gpt-4o", '"gpt-4o*"', "openai/gpt-4o-mini"]),
        st.sampled_from(
            ["{}", "{stream: true}", "{tools: true, user: u2}", "{size: over 1 KB}", "{days: tue}"]
        ),
        st.sampled_from(["openai/gpt-4.1", "openai/o3", "openai/gpt-5-mini"]),
    ),
    min_size=1,
    max_size=3,
)


@given(
    entries=ENTRIES,
    rules=RULES,
    denied=st.sampled_from(["gpt-4o-mini", "gpt-4.1", "o9"]),
    model=st.sampled_from(["gpt-4o", "gpt-4o-mini", "gpt-4.1"]),
    user=st.sampled_from(["u1", "u2", "u3"]),
    stream=st.booleans(),
    tools=st.booleans(),
)
def test_a_proxy_sends_calls_where_it_is_said(
    entries: list[str], rules: list[str], denied: str, model: str, user: str, stream: bool, tools: bool
) -> None:
    """Of routes whose targets can take the call: what else may keep one from moving is not asked here."""
    text = f"""{ROUTES}  picky: [{", ".join(rules)}]
identity: [{{networks: {{10.0.0.0/8: {{team: x, user: u1}}, 10.1.0.0/16: {{user: u2}}}}}}]
access: [{{deny: {{model: {denied}}}}}]
always: [{", ".join(entries)}]
"""
    body: dict[str, Any] = {"model": model, "messages": [], "stream": stream}
    if tools:
        body["tools"] = [{"type": "function", "function": {"name": "f"}}]
    policy = governing(text)
    live = candidate(policy, asked(body, identity=Identity(user=user, verified=True)))
    said = decided(text, call(model, user=user, stream=stream, tools=tools))
    if not said.access.verdict.allowed:
        return
    sent, done = policy.sent(live, lambda: REQUEST)

    assert said.target == sent.target
    assert len([step for step in said.steps if told(step)]) == len(done)
