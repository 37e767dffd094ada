"""What is explained is what a proxy does: over routes with all that they may say, and calls of all kinds."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.tollway.admitting import NOW_US, REQUEST, asked, candidate, governing
from tests.tollway.decision.calls import call, decided, told
from tollway.candidate import Candidate
from tollway.decision.decide import Decision
from tollway.errors import PolicyError
from tollway.governing import Governing
from tollway.model import Identity
from tollway.routing.setting import DROP

KEYS = {"GROQ_KEY": "made-up"}
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}
TOOL = {"type": "function", "function": {"name": "f"}}
LONG = "x" * 40_000
"""More than the 8,192 tokens that gpt-4 reads."""

TARGETS = st.sampled_from(
    [
        "same",
        "openai/same",
        "openai/gpt-4o",
        "openai/gpt-4.1",
        "openai/gpt-5",
        "openai/gpt-4",
        "openai/o1-mini",
        "groq/same",
        "groq/openai/gpt-oss-120b",
        "mistral/mistral-large-2411",
    ]
)
SPLITS = st.builds(
    lambda share, one, other: f"split: [{{{share}%: {one}}}, {{{100 - share}%: {other}}}]",
    st.integers(1, 99),
    TARGETS,
    TARGETS,
)
CHAINS = st.lists(TARGETS, min_size=1, max_size=4, unique=True).map(lambda found: f"to: [{', '.join(found)}]")
SETS = st.sampled_from(
    [
        "{temperature: 0.2}",
        "{top_k: 5}",
        "{service_tier: flex, seed: 7}",
        "{service_tier: priority}",
        "{reasoning_effort: low, max_output_tokens: 100}",
        "{temperature: drop, verbosity: low}",
    ]
)
RULES = st.builds(
    lambda from_, way, more: f"{{from: {from_}, {way}{''.join(f', {one}' for one in more if one)}}}",
    st.sampled_from(["gpt-4o", '"gpt-*"', '"openai/*"', "groq/gpt-4o"]),
    st.one_of(TARGETS.map(lambda target: f"to: {target}"), CHAINS, SPLITS),
    st.tuples(
        st.none() | SETS.map(lambda found: f"set: {found}"),
        st.sampled_from(["", "on: [5xx, timeout 20s]"]),
        st.sampled_from(["", "retries: 2", "breaker: none"]),
        st.sampled_from(["", "when: {stream: true}", "when: {tools: false, user: u1}", "cache: ignore"]),
    ),
)
ROUTES = st.lists(RULES, min_size=1, max_size=3).map(", ".join)
CALLS = st.fixed_dictionaries(
    {
        "stream": st.booleans(),
        "tools": st.booleans(),
        "images": st.booleans(),
        "user": st.sampled_from(["u1", "u2", "u3"]),
    }
)


@pytest.mark.slow
@given(
    first=ROUTES,
    second=ROUTES,
    denied=st.sampled_from(["gpt-4.1", "gpt-5", "o9"]),
    model=st.sampled_from(["gpt-4o", "gpt-4.1", "gpt-5"]),
    wish=st.sampled_from([None, "second"]),
    long=st.booleans(),
    known=CALLS,
)
def test_a_proxy_does_what_is_said(
    first: str, second: str, denied: str, model: str, wish: str | None, long: bool, known: dict[str, Any]
) -> None:
    text = f"""
routes: {{first: [{first}], second: [{second}]}}
credentials: {{groq: {{inject: env:GROQ_KEY}}, mistral: {{inject: env:GROQ_KEY}}}}
access: [{{deny: {{model: {denied}}}}}]
identity: [{{networks: {{10.0.0.0/8: {{user: u1}}}}}}]
on_request: [{{routes: [second]}}]
always: [{{route: first}}, {{match: {{user: u2}}, route: second}}]
limits: [{{name: day, amount: 1 USD, window: day, then: [{{route: second}}]}}]
"""
    try:
        policy = governing(text, KEYS)
    except PolicyError:  # rules that lead in a circle
        assume(False)
    body = request(model, long and not known["images"], known)
    live = candidate(policy, asked(body, identity=Identity(user=known["user"], verified=True), wish=wish))
    said = decided(text, call(model, wish=wish, size=len(live.call.body or b""), **known))
    if not said.access.verdict.allowed:
        return
    sent, done = policy.sent(live, lambda: REQUEST)

    assert said.target == sent.target
    assert len([step for step in said.steps if told(step)]) == len(done)
    assert_tries(policy, live, sent, said)
    assert_set(sent, said)
    assert_moved_on(policy, live, sent, said)


def request(model: str, long: bool, known: dict[str, Any]) -> dict[str, Any]:
    content: Any = [PICTURE] if known["images"] else LONG if long else "hi"
    body = {"model": model, "stream": known["stream"], "messages": [{"role": "user", "content": content}]}
    return {**body, "tools": [TOOL]} if known["tools"] else body


def assert_tries(policy: Governing, live: Candidate, sent: Candidate, said: Decision) -> None:
    """The same is tried next, and what is said not to take it does not."""
    found, tries = said.sent.on_failure, sent.tries
    assert (found is None) is (tries is None)
    if found is None or tries is None:
        return
    assert [stop.target for stop in found.then] == [str(target) for target in tries.rest]
    assert (found.retries, found.breaker is None) == (tries.failing.retries, tries.failing.tripping is None)
    for stop, target in zip(found.then, tries.rest, strict=True):
        assert isinstance(policy.at(live, target, REQUEST, tries.set), str) is (stop.why_not is not None)


def assert_set(sent: Candidate, said: Decision) -> None:
    """What is set in a request that has none of it."""
    found = said.sent
    named = {name for name, value in found.set.items() if value != DROP}
    assert set(sent.set) == named - set(found.left_out)


def assert_moved_on(policy: Governing, live: Candidate, sent: Candidate, said: Decision) -> None:
    """Where a limit would send it from there."""
    ways = policy.ways(live, lambda: REQUEST, lambda: NOW_US)
    moved = ways.route(sent, "second", frozenset({live.target, sent.target}), ())
    assert said.limits[0].then[0].leads_to == (None if isinstance(moved, str) else moved.target)
