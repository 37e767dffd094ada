"""Where a route sends a call; tests/tollway/routing has each part of it."""

from typing import Any

import pytest

from tests.tollway.admitting import BODY, REQUEST, asked, candidate, governing
from tollway.candidate import Candidate

POLICY = """
limits: [{name: day, amount: 1 USD, window: day}]
credentials: {groq: {inject: env:GROQ_KEY}}
routes:
  down: [{from: gpt-4o, to: openai/gpt-4o-mini}]
  away: [{from: gpt-4o, to: groq/openai/gpt-oss-120b}]
  nowhere: [{from: "claude-*", to: openai/gpt-4o}]
"""
GROQ = {"GROQ_KEY": "made-up"}


def moved(
    route: str, environment: dict[str, str] | None = None, text: str = POLICY, **known: Any
) -> Candidate | str:
    """Where it leads a call."""
    policy = governing(text, environment or {})
    first = candidate(policy, asked(**known))
    return policy.ways(first, lambda: REQUEST, lambda: 0).route(first, route, frozenset())


def test_another_model_of_the_same_provider_keeps_address_and_credential() -> None:
    found = moved("down")

    assert isinstance(found, Candidate)
    assert (found.row.model_asked, found.row.model) == ("gpt-4o", "gpt-4o-mini")
    assert found.moved is not None
    assert (found.moved.same_host, found.moved.set, found.moved.remove) == (True, {}, ())
    assert found.wants[0].hold < candidate(governing(POLICY)).wants[0].hold


def test_another_provider_gets_the_policys_credential() -> None:
    found = moved("away", GROQ)

    assert isinstance(found, Candidate)
    assert found.moved is not None
    assert (found.call.host, found.moved.set["authorization"]) == ("api.groq.com", "Bearer made-up")
    assert found.target == "groq/openai/gpt-oss-120b"
    assert found.moved.injected == "env:GROQ_KEY"


def test_a_route_has_its_key_put_as_the_credential_says() -> None:
    found = moved("away", GROQ, POLICY.replace("env:GROQ_KEY", "env:GROQ_KEY, header: x-own-key"))

    assert isinstance(found, Candidate)
    assert found.moved is not None
    assert found.moved.set["x-own-key"] == "made-up"
    assert "authorization" not in found.moved.set


@pytest.mark.parametrize(
    ("hosts", "goes"), [("[api.groq.com]", True), ("[eu.groq.com]", False), ("[]", True)]
)
def test_a_route_leads_no_key_to_another_host_than_it_may_go_to(hosts: str, goes: bool) -> None:
    found = moved("away", GROQ, POLICY.replace("env:GROQ_KEY", f"env:GROQ_KEY, hosts: {hosts}"))

    assert isinstance(found, Candidate) is goes


@pytest.mark.parametrize(
    ("route", "environment", "known", "why"),
    [
        ("nowhere", GROQ, {}, "no rule of it is about openai/gpt-4o"),
        ("away", {}, {}, "no credential is known for groq"),
        ("away", GROQ, {"signed": True}, "it is signed"),
        ("down", GROQ, {"parsed": None}, "its body is not what the path takes"),
    ],
)
def test_where_it_can_not_go_the_reason_is_told(
    route: str, environment: dict[str, str], known: dict[str, Any], why: str
) -> None:
    found = moved(route, environment, **known)

    assert isinstance(found, str)
    assert why in found


def test_a_share_of_the_conversations_is_moved_and_the_others_stay() -> None:
    """Each as long as it lasts."""
    policy = governing(
        POLICY + "  trial: [{from: gpt-4o, split: {70%: openai/same, 30%: openai/gpt-4o-mini}}]\n"
    )
    outcomes: dict[str, set[str]] = {}
    for turn in range(2):
        for i in range(60):
            first = candidate(policy, asked({**BODY, "session_id": f"s{i}"}, id=f"c{turn}-{i}"))
            found = policy.ways(first, lambda: REQUEST, lambda: 0).route(first, "trial", frozenset())
            model = found.row.model if isinstance(found, Candidate) else "stays"
            outcomes.setdefault(f"s{i}", set()).add(model or "")

    assert all(len(models) == 1 for models in outcomes.values())
    moved = sum(models == {"gpt-4o-mini"} for models in outcomes.values())
    assert 5 < moved < 35
    assert sum(models == {"stays"} for models in outcomes.values()) == 60 - moved
