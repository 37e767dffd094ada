"""Where a route sends a call; tests/tollway/routing has each part of it."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.tollway.admitting import BODY, ENDPOINT, REQUEST, asked, candidate, governing
from tollway.candidate import Candidate
from tollway.model import Billing
from tollway.wire import DIALECTS

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
    return policy.ways(first, lambda: REQUEST, lambda: 0).route(first, route, frozenset(), ())


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


CLAUDE = replace(ENDPOINT, provider="anthropic", host="api.anthropic.com", dialect="anthropic_messages",
                 errors="anthropic_messages")  # fmt: skip
TO_CHAT = POLICY.replace("from: gpt-4o, to: groq", 'from: "claude-*", to: groq')


def test_a_call_may_be_translated_and_keeps_what_is_the_callers() -> None:
    """Its session, which the other dialect has no place for, and the dialect of errors."""
    body = {**BODY, "model": "claude-opus-4-8", "metadata": {"user_id": '{"session_id": "s-1"}'}}
    found = moved("away", GROQ, TO_CHAT, body=body, endpoint=CLAUDE)

    assert isinstance(found, Candidate)
    assert (found.call.endpoint.dialect, found.call.endpoint.errors) == ("openai_chat", "anthropic_messages")
    assert found.call.dialect is DIALECTS["openai_chat"]
    assert found.call.translated == {}
    assert found.row.session == "s-1"
    assert "metadata" not in (found.call.parsed or {})
    assert found.row.model_asked == "claude-opus-4-8"


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


SETS = (
    POLICY
    + """  tune: [{from: gpt-4o, to: same, set: {max_output_tokens: 500}}]
  away_too: [{from: gpt-4o, to: groq/openai/gpt-oss-120b, set: {reasoning_effort: low, seed: 5}}]
  dear: [{from: gpt-4o, to: [openai/gpt-4o, openai/gpt-4o-mini], set: {service_tier: flex}}]
"""
)


def test_what_a_rule_sets_is_in_the_call_and_in_what_is_held() -> None:
    whole = candidate(governing(SETS))
    stays, goes = moved("tune", text=SETS), moved("away_too", GROQ, SETS)

    assert isinstance(stays, Candidate)
    assert isinstance(goes, Candidate)
    assert (stays.target, stays.set) == ("openai/gpt-4o", ("max_output_tokens",))
    assert (goes.target, goes.set) == ("groq/openai/gpt-oss-120b", ("reasoning_effort", "seed"))
    assert stays.call.parsed == {**BODY, "max_tokens": 500}
    assert stays.moved is not None
    assert (stays.moved.same_host, stays.moved.path, stays.moved.set) == (True, REQUEST.path, {})
    assert stays.wants[0].hold < whole.wants[0].hold


def test_who_is_tried_next_gets_what_the_rule_sets() -> None:
    found = moved("dear", text=SETS)

    assert isinstance(found, Candidate)
    assert found.tries is not None
    assert found.tries.set == (("service_tier", "flex"),)
    policy = governing(SETS)
    there = policy.at(candidate(policy), found.tries.rest[0], REQUEST, found.tries.set)
    assert isinstance(there, Candidate)
    assert there.call.parsed == {**BODY, "model": "gpt-4o-mini", "service_tier": "flex"}


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"signed": True}, "it is signed"),
        ({"billing": Billing.NOTIONAL}, "a flat plan covers it"),
    ],
)
def test_what_may_not_change_stays_as_it_is(known: dict[str, Any], why: str) -> None:
    found = moved("tune", text=SETS, **known)

    assert isinstance(found, str)
    assert found.startswith(f"openai/gpt-4o: {why}")


@pytest.mark.parametrize("known", [{"body": None}, {"parsed": None}])
def test_what_was_not_read_is_not_changed(known: dict[str, Any]) -> None:
    policy, call = governing(SETS), asked().with_(**known)
    first = candidate(policy, call)

    found = policy.ways(first, lambda: REQUEST, lambda: 0).route(first, "tune", frozenset(), ())
    assert found == "openai/gpt-4o: its body is not what the path takes"


def test_a_call_that_is_so_already_is_no_other_one() -> None:
    policy = governing(SETS)
    first = candidate(policy, asked({**BODY, "max_tokens": 400}))

    assert policy.ways(first, lambda: REQUEST, lambda: 0).route(first, "tune", frozenset(), ()) is first


def test_a_model_that_writes_less_is_asked_for_what_it_writes() -> None:
    policy = governing(POLICY)
    first = candidate(policy, asked({**BODY, "max_tokens": 100_000}))

    found = policy.ways(first, lambda: REQUEST, lambda: 0).route(first, "down", frozenset(), ())

    assert isinstance(found, Candidate)
    assert found.call.asked is not None
    assert (found.call.asked.max_output_tokens, found.changes) == (16_384, ("set max_output_tokens",))


def test_a_share_of_the_conversations_is_moved_and_the_others_stay() -> None:
    """Each as long as it lasts."""
    policy = governing(
        POLICY + "  trial: [{from: gpt-4o, split: {70%: openai/same, 30%: openai/gpt-4o-mini}}]\n"
    )
    outcomes: dict[str, set[str]] = {}
    for turn in range(2):
        for i in range(60):
            first = candidate(policy, asked({**BODY, "session_id": f"s{i}"}, id=f"c{turn}-{i}"))
            found = policy.ways(first, lambda: REQUEST, lambda: 0).route(first, "trial", frozenset(), ())
            model = found.row.model if isinstance(found, Candidate) else "stays"
            outcomes.setdefault(f"s{i}", set()).add(model or "")

    assert all(len(models) == 1 for models in outcomes.values())
    moved = sum(models == {"gpt-4o-mini"} for models in outcomes.values())
    assert 5 < moved < 35
    assert sum(models == {"stays"} for models in outcomes.values()) == 60 - moved


def test_a_route_that_another_policy_has_no_more_leads_nowhere() -> None:
    """It was put in force while the call was on its way."""
    assert moved("gone") == "no rule of it is about openai/gpt-4o"
